import Federation
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

extension TestServer {
  /// Streams a table's rows into a write and commits.
  func copy(_ source: RemoteTable, _ write: any TableWrite) async throws {
    let context = TestServer.context()
    let splits = try await connector.splits(of: source, narrowedBy: DynamicFilter(), context)
    let sink = try await write.sink()
    while let some = try await splits.next() {
      for split in some {
        let batches = try await connector.open(split, of: source, columns: source.columns, narrowedBy: DynamicFilter(), context)
        while let batch = try await batches.next() { try await sink.append(batch) }
      }
    }
    try await sink.finish()
    try await write.commit()
  }

  func numbers(_ values: [Int32]) -> Batch {
    let builder = VectorBuilder(.integer)
    for value in values { builder.append(value) }
    return Batch([builder.finish()], count: values.count)
  }
}

@Suite struct WriteTests {
  @Test("Nothing is there before the commit, and nothing after an abort")
  func transactional() async throws {
    try await TestServer.with { server in
      let name = TableName(schema: server.schema, table: "made")
      let first = try await server.connector.begin(.create(name, [.init("n", .integer)], properties: [:]))
      let sink = try await first.sink()
      try await sink.append(server.numbers([1, 2]))
      #expect(try await server.connector.table(name) == nil)
      await first.abort()
      #expect(try await server.connector.table(name) == nil)

      let second = try await server.connector.begin(.create(name, [.init("n", .integer)], properties: [:]))
      let sinks = (try await second.sink(), try await second.sink())
      try await sinks.0.append(server.numbers([1, 2]))
      try await sinks.1.append(server.numbers([3]))
      try await second.commit()
      #expect(try await server.rows("made").map { $0[0] } == [.integer(1), .integer(2), .integer(3)])

      let third = try await server.connector.begin(.insert(server.table("made"), columns: ["n"]))
      try await (third.sink()).append(server.numbers([4]))
      await third.abort()
      #expect(try await server.rows("made").count == 3)
    }
  }

  @Test("A constraint that fails says so, and leaves the connection usable")
  func constraint() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t (n integer CHECK (n < 10))")
      let write = try await server.connector.begin(.insert(server.table("t"), columns: ["n"]))
      let error = await failure {
        try await (write.sink()).append(server.numbers([5, 50]))
        try await write.commit()
      }
      await write.abort()
      #expect(error?.message.contains("23514") == true, "\(String(describing: error))")
      #expect(try await server.rows("t").isEmpty)
    }
  }

  @Test("Tables and schemas are made and dropped")
  func definitions() async throws {
    try await TestServer.with { server in
      let schema = server.schema + "_x"
      try await server.connector.createSchema(schema)
      #expect(try await server.connector.schemas().contains(schema))
      let name = TableName(schema: schema, table: "t")
      let write = try await server.connector.begin(.create(name, [.init("n", .integer)], properties: [:]))
      try await write.commit()
      #expect(try await server.connector.tables(in: schema) == [name])
      let again = await failure { _ = try await server.connector.begin(.create(name, [.init("n", .integer)], properties: [:])) }
      #expect(again?.code == .tableAlreadyExists)
      try await server.connector.drop(name)
      #expect(try await server.connector.table(name) == nil)
      try await server.connector.dropSchema(schema)
      #expect(try await !server.connector.schemas().contains(schema))
    }
  }
}
