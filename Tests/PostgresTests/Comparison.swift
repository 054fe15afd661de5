import Expressions
import Federation
import Functions
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

/// Expressions over one table, evaluated by the server and by the engine.
final class Comparison {
  private struct Entry {
    var expression: Expr<RemoteColumn>
    var text: RemoteText
    var isSuperset: Bool
  }

  private let server: TestServer
  private let table: RemoteTable
  private let batch: Batch
  private let order: [RemoteColumn: Int]
  private var entries: [Entry] = []

  init(_ server: TestServer, _ table: RemoteTable) async throws {
    self.server = server
    self.table = table
    let rows = try await server.rows(table)
    let vectors = table.columns.enumerated().map { index, column in
      let builder = VectorBuilder(column.type)
      for row in rows { builder.append(row[index]) }
      return builder.finish()
    }
    batch = Batch(vectors, count: rows.count)
    order = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
  }

  func add(_ expression: Expr<RemoteColumn>, _ text: RemoteText, isSuperset: Bool = false) {
    entries.append(Entry(expression: expression, text: text, isSuperset: isSuperset))
  }

  /// What the engine makes of each row; nil where it throws.
  private func local(_ expression: Expr<RemoteColumn>) throws -> [Constant?] {
    let context = TestServer.context().evaluation
    let evaluator = try Evaluator(expression.rebased { order[$0] ?? 0 }, functions: .standard, context: context)
    if let all = try? evaluator.evaluate(batch) { return (0..<batch.count).map { all.constant(at: $0) } }
    return (0..<batch.count).map { row in try? evaluator.evaluate(batch.slice(row..<row + 1)).constant(at: 0) }
  }

  /// Entries whose every row has a value go to the server many at a time; the others one by one, on the rows with a value, and then on some
  /// rows without, which must fail there as well.
  func check() async throws {
    var whole: [(entry: Entry, values: [Constant?])] = []
    for entry in entries {
      let values = try local(entry.expression)
      if values.contains(where: { $0 == nil }) { try await checkPartly(entry, values) } else { whole.append((entry, values)) }
    }
    var rest = whole[...]
    while !rest.isEmpty {
      let group = Array(rest.prefix(200))
      rest = rest.dropFirst(200)
      do {
        let remote = try await remote(group.map(\.entry), where: [])
        for (i, (entry, values)) in group.enumerated() { compare(entry, values.map { $0 ?? .null }, remote.map { $0[i] }) }
      } catch {
        for (entry, values) in group {
          do { compare(entry, values.map { $0 ?? .null }, try await remote([entry], where: []).map { $0[0] }) } catch {
            Issue.record("\(entry.text): \(PrestoError(error))")
          }
        }
      }
    }
  }

  private func checkPartly(_ entry: Entry, _ values: [Constant?]) async throws {
    let numbered = "ctid = ANY (ARRAY(SELECT ctid FROM \(server.schema).edges OFFSET %o LIMIT 1))"
    func one(_ row: Int) -> RemoteText { RemoteText(numbered.replacing("%o", with: "\(row)"), type: .boolean) }
    let good = values.indices.filter { values[$0] != nil }
    if !good.isEmpty {
      let list = good.map { "\($0 + 1)" }.joined(separator: ",")
      let condition = RemoteText(
        "ctid = ANY (ARRAY(SELECT c FROM (SELECT ctid AS c, row_number() OVER () AS n FROM \(server.schema).edges) e WHERE n IN (\(list))))",
        type: .boolean)
      do { compare(entry, good.map { values[$0] ?? .null }, try await remote([entry], where: [condition]).map { $0[0] }) } catch {
        Issue.record("\(entry.text) fails where ours has a value: \(PrestoError(error))")
      }
    }
    for row in values.indices.filter({ values[$0] == nil }).prefix(2) {
      let error = await failure { _ = try await remote([entry], where: [one(row)]) }
      #expect(error != nil, "\(entry.text) has a value in row \(row) where ours fails")
    }
  }

  /// The entries' values, rows in the table's order.
  private func remote(_ entries: [Entry], where conditions: [RemoteText]) async throws -> [[Constant]] {
    let columns = entries.enumerated().map { RemoteColumn(name: "e\($0)", type: $1.expression.type, remoteType: "") }
    let items = zip(columns, entries).map { RemoteQuery.Item(name: $0.name, text: $1.text) }
    let query = RemoteQuery.select(.init(from: table.query, items: items, filter: conditions))
    return try await server.rows(RemoteTable(query: query, columns: columns), columns)
  }

  private func compare(_ entry: Entry, _ ours: [Constant], _ theirs: [Constant]) {
    guard ours.count == theirs.count else {
      Issue.record("\(entry.text): \(theirs.count) rows instead of \(ours.count)")
      return
    }
    for (row, (a, b)) in zip(ours, theirs).enumerated() {
      let isEqual = entry.isSuperset ? a != .boolean(true) || b == .boolean(true) : Comparison.isSame(a, b)
      if !isEqual {
        Issue.record("\(entry.text) [\(entry.expression.type)]: ours \(a), theirs \(b), row \(row)")
        return
      }
    }
  }

  static func isSame(_ a: Constant, _ b: Constant) -> Bool {
    switch (a, b) {
    case (.double(let x), .double(let y)): x == y || (x.isNaN && y.isNaN)
    case (.real(let x), .real(let y)): x == y || (x.isNaN && y.isNaN)
    default: a == b
    }
  }
}
