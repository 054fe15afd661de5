import Expressions
import Federation
import Functions
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

/// Every template of the dialect, evaluated by the server and by the engine over edge values: equal row by row, errors included.
///
/// Nothing here names a template: a call is tried for every name the dialect lists, over columns and constants of all types, and whatever the
/// renderer accepts is compared. A template that no call reaches is a failure too.
@Suite struct DialectTests {
  /// One type with the values that break things, as the server writes them.
  struct Edge: Sendable {
    var name: String
    var remote: String
    var texts: [String]
    var type: DataType
    var constants: [Constant]
  }

  static let edges: [Edge] = [
    Edge(name: "b", remote: "boolean", texts: ["true", "false"], type: .boolean, constants: [.boolean(true)]),
    Edge(
      name: "i2", remote: "smallint", texts: ["-32768", "32767", "0", "-7", "2"], type: .smallint, constants: [.integer(-7), .integer(0)]),
    Edge(
      name: "i4", remote: "integer", texts: ["-2147483648", "2147483647", "0", "-1", "7", "100"], type: .integer,
      constants: [.integer(3), .integer(-1), .integer(-2_147_483_648)]),
    Edge(
      name: "i8", remote: "bigint", texts: ["-9223372036854775808", "9223372036854775807", "0", "-3", "5", "10000000000"], type: .bigint,
      constants: [.integer(1), .integer(2), .integer(-5), .integer(.min), .integer(10_000_000_000)]),
    Edge(
      name: "f4", remote: "real", texts: ["0", "-0", "NaN", "Infinity", "1.5", "0.1"], type: .real,
      constants: [.real(0), .real(0.1), .real(.nan), .real(.infinity)]),
    Edge(
      name: "f8", remote: "double precision", texts: ["0", "-0", "NaN", "-Infinity", "0.1", "1e300"], type: .double,
      constants: [.double(0), .double(0.1), .double(-.infinity), .double(.nan)]),
    Edge(
      name: "d5", remote: "numeric(5,2)", texts: ["0", "999.99", "-999.99", "0.01", "-1.5"], type: .decimal(precision: 5, scale: 2),
      constants: [.integer(1), .integer(-150)]),
    Edge(
      name: "d18", remote: "numeric(18,4)", texts: ["0", "99999999999999.9999", "-0.0001", "1.5"], type: .decimal(precision: 18, scale: 4),
      constants: [.integer(15000)]),
    Edge(
      name: "d38", remote: "numeric(38,0)", texts: ["0", "99999999999999999999999999999999999999", "-1"],
      type: .decimal(precision: 38, scale: 0), constants: [.wide(-1)]),
    Edge(
      name: "s", remote: "text", texts: ["", "a", "A", "ä", "a ", "ab", "aé€😀z", "%", "_", "a%b\\c", "B", "Z z"], type: .varchar,
      constants: [.text(""), .text("a"), .text("a%"), .text("%é_😀%"), .text("\\"), .text("it's"), .text("a\\%%")]),
    Edge(name: "c", remote: "char(4)", texts: ["", "a", "a b", "abcd", "a\t"], type: .char(length: 4), constants: [.text("a")]),
    Edge(name: "x", remote: "bytea", texts: ["", "\\x00", "\\x00ff", "\\x61"], type: .varbinary, constants: [.bytes([0])]),
    Edge(
      name: "d", remote: "date",
      texts: ["1970-01-01", "2000-02-29", "0001-01-01", "0001-12-31 BC", "9999-12-31", "2020-12-31", "2021-01-03"],
      type: .date, constants: [.integer(0), .integer(11016)]),
    Edge(
      name: "t", remote: "time", texts: ["00:00", "23:59:59.999999", "12:34:56.5"], type: .time(precision: 6),
      constants: [.integer(45_296_500_000_000_000)]),
    Edge(
      name: "ts", remote: "timestamp",
      texts: [
        "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2000-02-29 12:34:56.789", "0001-03-01 00:00:00 BC", "2020-12-31 23:00:00",
      ],
      type: .timestamp(precision: 6), constants: [.integer(-1), .integer(951_827_696_789_000)]),
    Edge(
      name: "tz", remote: "timestamptz", texts: ["1970-01-01 00:00:00+00", "2000-02-29 23:30:00-05"],
      type: .timestampWithTimeZone(precision: 6), constants: [.wide(0), .wide(0 | 1)]),
    Edge(
      name: "u", remote: "uuid", texts: ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"], type: .uuid,
      constants: [.bytes([UInt8](repeating: 255, count: 16))]),
  ]

  /// Units and escapes, for functions that take constants of few kinds.
  static let words: [Constant] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year", "century", "\\", "e"].map {
    .text($0)
  }

  /// A table with a row for every pair of edge values of each type: columns `NAME_0` and `NAME_1`.
  static func prepare(_ server: TestServer) async throws -> RemoteTable {
    let most = edges.map { $0.texts.count }.max() ?? 0
    let columns = edges.flatMap { edge in [0, 1].map { "\(edge.name)_\($0) \(edge.remote)" } }
    var rows: [String] = []
    for i in 0...most {
      for j in 0...most {
        let fields = edges.flatMap { edge -> [String] in
          [i, j].map { k in
            let index = k % (edge.texts.count + 1)
            return index == edge.texts.count ? "NULL" : "$edge$\(edge.texts[index])$edge$"
          }
        }
        rows.append("(\(fields.joined(separator: ", ")))")
      }
    }
    try await server.execute(
      "CREATE TABLE edges (\(columns.joined(separator: ", "))); INSERT INTO edges VALUES \(rows.joined(separator: ", "))")
    return try await server.table("edges")
  }

  /// Calls of `name` over columns and constants that the engine itself has, with their result types.
  static func calls(_ name: String, _ table: RemoteTable) -> [Expr<RemoteColumn>] {
    let registry = FunctionRegistry.standard
    let columns = table.columns.map { Expr<RemoteColumn>.reference($0, $0.type) }
    let constants = edges.flatMap { edge in edge.constants.map { Expr<RemoteColumn>.constant($0, edge.type) } }
    let wordConstants = words.map { Expr<RemoteColumn>.constant($0, .varchar) }
    var lists: [[Expr<RemoteColumn>]] = columns.map { [$0] }
    for a in columns { for b in columns + constants + wordConstants { lists.append([a, b]) } }
    for a in constants + wordConstants { for b in columns { lists.append([a, b]) } }
    let texts = columns.filter { $0.type == .varchar }
    let few = (constants + wordConstants).filter { TypeFamily($0.type) == .text || TypeFamily($0.type) == .integer }
    for a in texts { for b in few { for c in few { lists.append([a, b, c]) } } }
    var signatures: [[DataType]: DataType?] = [:]
    return lists.compactMap { arguments in
      let types = arguments.map(\.type)
      if signatures[types] == nil {
        let resolved = try? registry.resolve(name, .scalar, types.map { .value($0) })
        signatures[types] = .some(resolved?.id.arguments == types ? resolved?.result : nil)
      }
      guard let result = signatures[types] ?? nil else { return nil }
      return .call(FunctionID(name, types), arguments, result)
    }
  }

  @Test("Every function template means what ours means, over every edge value")
  func functions() async throws {
    try await TestServer.with { server in
      let table = try await DialectTests.prepare(server)
      let dialect = server.connector.dialect
      let comparison = try await Comparison(server, table)
      for name in dialect.functions.keys.sorted() {
        var reached = Set<Int>()
        for call in DialectTests.calls(name, table) {
          guard case .call(_, let arguments, let type) = call else { continue }
          let shape = SQLCall(arguments: arguments, type: type)
          if let text = Renderer(dialect).text(call) {
            if let index = dialect.template(for: shape, of: name, mayWiden: false) { reached.insert(index) }
            comparison.add(call, text)
          } else if let (text, isExact) = Renderer(dialect).predicate(call) {
            if let index = dialect.template(for: shape, of: name, mayWiden: true) { reached.insert(index) }
            #expect(!isExact)
            comparison.add(call, text, isSuperset: true)
          }
        }
        for (index, template) in (dialect.functions[name] ?? []).enumerated() where !reached.contains(index) {
          Issue.record("No call reaches the template of \(name): \(template.text)")
        }
      }
      try await comparison.check()
    }
  }

  @Test("Casts, IN lists, CASE and COALESCE mean what ours mean")
  func forms() async throws {
    try await TestServer.with { server in
      let table = try await DialectTests.prepare(server)
      let dialect = server.connector.dialect
      let comparison = try await Comparison(server, table)
      var casts = 0
      for column in table.columns where column.name.hasSuffix("_0") {
        let reference = Expr<RemoteColumn>.reference(column, column.type)
        let targets: [DataType] = [
          .smallint, .integer, .bigint, .real, .double, .decimal(precision: 5, scale: 0), .decimal(precision: 20, scale: 2),
          .decimal(precision: 38, scale: 4), .varchar, .varchar(length: 2), .char(length: 2), .date, .timestamp(precision: 0),
          .timestamp(precision: 6), .timestampWithTimeZone(precision: 6),
        ]
        for target in targets where target != column.type {
          let cast = Expr.cast(reference, to: target, safe: false)
          guard let text = Renderer(dialect).text(cast) else { continue }
          casts += 1
          comparison.add(cast, text)
        }
        guard let edge = DialectTests.edges.first(where: { column.name == $0.name + "_0" }) else { continue }
        let other = try table.reference(edge.name + "_1")
        for form in [
          Expr.among(reference, edge.constants.map { .constant($0, edge.type) } + [.constant(.null, edge.type)]),
          .not(.among(reference, edge.constants.map { .constant($0, edge.type) })), .coalesce([reference, other]),
          .isNull(reference), .not(.isNull(reference)), .if(.isNull(reference), then: other, else: reference),
          .if(.isNull(other), then: reference, else: nil),
          .or([.isNull(other), .comparison(FunctionID.Operator.equal, reference, other)]),
          .not(.and([.not(.isNull(other)), .comparison(FunctionID.Operator.equal, reference, other)])),
        ] {
          if let text = Renderer(dialect).text(form) { comparison.add(form, text) }
        }
      }
      #expect(casts >= 10)
      try await comparison.check()
    }
  }

  @Test("The server orders as the engine does")
  func order() async throws {
    try await TestServer.with { server in
      let table = try await DialectTests.prepare(server)
      var pushed = 0
      for column in table.columns where column.name.hasSuffix("_0") {
        for (isAscending, nullsFirst) in [(true, true), (true, false), (false, true), (false, false)] {
          let topN = TopN(count: 1000, order: [.init(column: column, type: column.type, isAscending: isAscending, nullsFirst: nullsFirst)])
          guard let answer = try server.connector.apply(topN: topN, to: table) else { continue }
          pushed += 1
          let values = try await server.rows(answer.table, [column]).map { $0[0] }
          let less = try Evaluator(
            Expr<Int>.comparison(FunctionID.Operator.lessThan, .reference(0, column.type), .reference(1, column.type)),
            functions: .standard, context: TestServer.context().evaluation)
          let present = values.filter { !$0.isNull }
          let nulls = values.count - present.count
          #expect(nullsFirst ? values.prefix(nulls).allSatisfy(\.isNull) : values.suffix(nulls).allSatisfy(\.isNull))
          for (a, b) in zip(present, present.dropFirst()) {
            if case .double(let x) = a, case .double(let y) = b, x.isNaN || y.isNaN { continue }
            if case .real(let x) = a, case .real(let y) = b, x.isNaN || y.isNaN { continue }
            let (first, second) = isAscending ? (b, a) : (a, b)
            let row = Batch([.constant(first, column.type, count: 1), .constant(second, column.type, count: 1)], count: 1)
            #expect(try less.evaluate(row).constant(at: 0) == .boolean(false), "\(column.name): \(a) before \(b)")
          }
        }
      }
      #expect(pushed >= 40)
    }
  }
}
