import Expressions
import Federation
import Functions
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

@Suite struct AggregateTests {
  /// The engine's own answer over all rows of one column.
  private func local(_ function: FunctionID, _ result: DataType, _ arguments: [Vector], count: Int) throws -> Constant {
    let state = try FunctionRegistry.standard.aggregateMaker(function, result: result)()
    state.resize(to: 1)
    try state.updateSingle(arguments, count: count)
    return try state.results(0..<1).constant(at: 0)
  }

  @Test("Every aggregate template gives the engine's answer, over no rows, nulls and edges")
  func templates() async throws {
    try await TestServer.with { server in
      try await server.execute(
        """
        CREATE TABLE a (g integer, b boolean, i2 smallint, i4 integer, i8 bigint, d5 numeric(5,2), d18 numeric(18,4), s text, c char(3), d date,
          t time, ts timestamp, tz timestamptz, u uuid, x bytea, f8 double precision);
        INSERT INTO a SELECT i % 3, i % 2 = 0, i, i * 1000, i::bigint << 33, i * 1.37 - 700, i * 0.0001 - 3, chr(65 + i % 50) || 'é', chr(65 + i % 50),
          '2000-01-01'::date + i, '00:00'::time + i * interval '1 minute', '2000-01-01'::timestamp + i * interval '1 hour',
          '2000-01-01 UTC'::timestamptz - i * interval '1 day', NULL, NULL, i
        FROM generate_series(1, 1000) i;
        INSERT INTO a SELECT FROM generate_series(1, 5);
        INSERT INTO a (g, d5, d18) VALUES (1, -0.01, 0.0001), (2, 0.01, -0.0001);
        ANALYZE a
        """)
      let whole = try await server.table("a")
      let none = try #require(
        try server.connector.apply(
          filter: .comparison(FunctionID.Operator.lessThan, whole.reference("i4"), .constant(.integer(-5), .integer)), to: whole)
      ).table
      var pushed: Set<String> = []
      for table in [whole, none] {
        let rows = try await server.rows(table)
        for name in server.connector.dialect.aggregates.keys.sorted() {
          for column in [nil] + table.columns.map(Optional.some) {
            let types = column.map { [$0.type] } ?? []
            guard let resolved = try? FunctionRegistry.standard.resolve(name, .aggregate, types.map { .value($0) }) else { continue }
            let arguments = column.map { column -> [Expr<RemoteColumn>] in
              let reference = Expr<RemoteColumn>.reference(column, column.type)
              return [resolved.id.arguments == [column.type] ? reference : .cast(reference, to: resolved.id.arguments[0], safe: false)]
            }
            let call = Aggregation<RemoteColumn>.Call(
              function: resolved.id, arguments: arguments ?? [], isDistinct: false, type: resolved.result)
            guard let answer = try server.connector.apply(aggregation: Aggregation(keys: [], calls: [call]), to: table) else { continue }
            pushed.insert(name)
            let remote = try await server.rows(answer.table)
            #expect(remote.count == 1)
            var vectors: [Vector] = []
            if let column, let index = table.columns.firstIndex(of: column), let argument = resolved.id.arguments.first {
              let builder = VectorBuilder(column.type)
              for row in rows { builder.append(row[index]) }
              let batch = Batch([builder.finish()], count: rows.count)
              let inner = Expr<Int>.reference(0, column.type)
              let evaluator = try Evaluator(
                argument == column.type ? inner : .cast(inner, to: argument, safe: false), functions: .standard,
                context: TestServer.context().evaluation)
              vectors = [rows.isEmpty ? batch.columns[0].retyped(column.type) : try evaluator.evaluate(batch)]
              if rows.isEmpty { vectors = [VectorBuilder(argument).finish()] }
            }
            let ours = try local(resolved.id, resolved.result, vectors, count: rows.count)
            #expect(
              Comparison.isSame(ours, remote[0][0]),
              "\(name)(\(column?.name ?? "*")) over \(rows.count) rows: ours \(ours), theirs \(remote[0][0])")
          }
        }
      }
      #expect(pushed == Set(server.connector.dialect.aggregates.keys))
    }
  }

  private func call(
    _ name: String, _ arguments: [Expr<RemoteColumn>], _ type: DataType, filter: Expr<RemoteColumn>? = nil, isDistinct: Bool = false
  )
    -> Aggregation<RemoteColumn>.Call
  {
    .init(function: FunctionID(name, arguments.map(\.type)), arguments: arguments, filter: filter, isDistinct: isDistinct, type: type)
  }

  @Test("Few groups are made by the server, many are not")
  func grouping() async throws {
    try await TestServer.with { server in
      try await server.execute(
        "CREATE TABLE t AS SELECT i AS id, i % 7 AS g, NULLIF(i % 2, 0) AS n, i * 1.5 AS v FROM generate_series(1, 50000) i; ANALYZE t")
      let table = try await server.table("t")
      let calls = [
        call("count", [], .bigint), call("count", [try table.reference("n")], .bigint),
        call("count", [try table.reference("n")], .bigint, isDistinct: true),
        call(
          "count", [], .bigint,
          filter: .comparison(FunctionID.Operator.lessThan, try table.reference("id"), .constant(.integer(8), .integer))),
      ]
      let answer = try #require(try server.connector.apply(aggregation: Aggregation(keys: [table.reference("g")], calls: calls), to: table))
      let rows = try await server.rows(answer.table)
      #expect(rows.count == 7)
      #expect(rows.allSatisfy { $0[3] == .integer(1) && $0[4] == .integer(1) })
      // HAVING.
      let counted = try #require(answer.table.columns.dropFirst().first)
      let having = try #require(
        try server.connector.apply(
          filter: .comparison(FunctionID.Operator.greaterThan, .reference(counted, counted.type), .constant(.integer(7142), .bigint)),
          to: answer.table))
      #expect(having.residual == nil)
      #expect(try await server.rows(having.table, [counted]).count == 6)
      #expect(try await server.rows(having.table, []).count == 6)
      #expect(
        try server.connector.apply(aggregation: Aggregation(keys: [table.reference("id")], calls: [call("count", [], .bigint)]), to: table)
          == nil)
    }
  }
}
