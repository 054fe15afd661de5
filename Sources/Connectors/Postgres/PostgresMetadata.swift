import Federation
import RemoteSQL
import Synchronization
import Values

/// What the catalog's tables are, remembered for a moment: planning one query asks for the same table several times.
final class PostgresMetadata: Sendable {
  let pool: ConnectionPool
  /// How long a relation is taken to be as it was without asking.
  private let trusted: Duration
  private let remembered = Mutex<[TableName: Known]>([:])
  /// Statistics are read anew after this time, whatever the stamp says.
  private static let lifetime = Duration.seconds(60)
  /// Never more than this many remembered.
  private static let capacity = 4096

  private struct Known: Sendable {
    var relation: PostgresRelation
    /// `CatalogQuery.relation`'s; nil: nothing tells whether it changed.
    var stamp: String?
    var loaded: ContinuousClock.Instant
    var checked: ContinuousClock.Instant
  }

  init(_ pool: ConnectionPool, trusted: Duration) {
    self.pool = pool
    self.trusted = trusted
  }

  /// After our own changes.
  func forget() { remembered.withLock { $0 = [:] } }

  func schemas() async throws -> [String] {
    try await pool.perform { connection in
      try PostgresMetadata.labels(connection.rows(CatalogQuery.schemas).compactMap { $0.first ?? nil })
    }
  }

  /// Schemas of that name without regard to case, exactly as the server spells them.
  func matchingSchemas(_ name: String) async throws -> [String] {
    try await pool.perform { try $0.rows(CatalogQuery.matchingSchemas, [name]).compactMap { $0.first ?? nil } }
  }

  func tables(in schema: String) async throws -> [TableName] {
    try await pool.perform { connection in
      let rows = try connection.rows(CatalogQuery.tables, [schema])
      let labels = PostgresMetadata.labels(rows.compactMap { $0.count == 2 ? $0[1] : nil })
      return labels.map { TableName(schema: schema.lowercased(), table: $0) }
    }
  }

  /// Names as the engine shows them: lower-cased, each once, in order.
  static func labels(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.map { $0.lowercased() }.filter { seen.insert($0).inserted }.sorted()
  }

  /// The relation under a name matched without regard to case; nil: there is none.
  func relation(_ name: TableName) async throws -> PostgresRelation? {
    let now = ContinuousClock.now
    let known = remembered.withLock { $0[name] }
    if let known, now < known.checked + trusted { return known.relation }
    let kept = known.flatMap { now < $0.loaded + PostgresMetadata.lifetime ? $0 : nil }
    let found = try await pool.perform { try PostgresMetadata.load(name, unlessStill: kept, at: now, $0) }
    if let found {
      remembered.withLock { known in
        if known.count >= PostgresMetadata.capacity { known = [:] }
        known[name] = found
        known[found.relation.name] = found
      }
    }
    return found?.relation
  }

  /// What was last seen of a relation, however long ago: good enough for sizes.
  func lastSeen(_ name: TableName) -> PostgresRelation? { remembered.withLock { $0[name]?.relation } }

  private static func load(
    _ name: TableName, unlessStill kept: Known?, at now: ContinuousClock.Instant, _ connection: PostgresConnection
  ) throws -> Known? {
    // the exact spelling wins, and the server has an index of those
    var candidates = try candidates(name, exactly: true, connection)
    if candidates.isEmpty { candidates = try self.candidates(name, exactly: false, connection) }
    guard var known = try chosen(candidates, name) else { return nil }
    (known.loaded, known.checked) = (now, now)
    if let kept, let stamp = kept.stamp, stamp == known.stamp, kept.relation.id == known.relation.id {
      var same = kept
      same.relation.pages = known.relation.pages
      same.checked = now
      return same
    }
    if known.relation.kind == .partitionedTable && connection.majorVersion >= 12 {
      let rows = try connection.rows(CatalogQuery.partitionedRows, ["\(known.relation.id)"])
      known.relation.rows = (rows.first?.first ?? nil).flatMap { Double($0) }
    }
    if known.relation.rows == nil { known.relation.rows = estimatedRows(ofTable: known.relation.name, connection) }
    known.relation.columns = try columns(of: known.relation, connection)
    return known
  }

  private static func candidates(_ name: TableName, exactly: Bool, _ connection: PostgresConnection) throws -> [Known] {
    try connection.rows(CatalogQuery.relation(exactly: exactly), [name.schema, name.table]).compactMap { row -> Known? in
      guard row.count == 7, let id = row[0].flatMap({ UInt32($0) }), let schema = row[1], let table = row[2],
        let kind = row[3].flatMap({ PostgresRelation.Kind(rawValue: $0) })
      else { return nil }
      let relation = PostgresRelation(
        id: id, name: TableName(schema: schema, table: table), kind: kind, pages: row[4].flatMap { Int($0) } ?? 0,
        rows: row[5].flatMap { Double($0) })
      return Known(relation: relation, stamp: row[6], loaded: .now, checked: .now)
    }
  }

  private static func chosen(_ candidates: [Known], _ name: TableName) throws -> Known? {
    if candidates.count > 1 {
      let names = candidates.map { "\"\($0.relation.name.schema)\".\"\($0.relation.name.table)\"" }.sorted().joined(separator: ", ")
      throw PrestoError(.ambiguousName, "Table name '\(name)' is ambiguous: it matches \(names)")
    }
    return candidates.first
  }

  private static func columns(of relation: PostgresRelation, _ connection: PostgresConnection) throws -> [RemoteColumn] {
    let rows = try connection.rows(
      CatalogQuery.columns, ["\(relation.id)", relation.name.schema, relation.name.table, relation.kind.rawValue])
    var common: [String: [(text: String, share: Double)]] = [:]
    if rows.contains(where: { $0.count == 14 && $0[8] != nil }) {
      let values = try connection.rows(
        CatalogQuery.commonValues, [relation.name.schema, relation.name.table, relation.kind.rawValue])
      for row in values where row.count == 3 {
        if let name = row[0], let text = row[1], let share = row[2].flatMap({ Double($0) }) {
          common[name, default: []].append((text, share))
        }
      }
    }
    var labels = ColumnLabels(rows.compactMap { $0.first ?? nil })
    var numbers: [Int] = []
    var columns = rows.compactMap { row -> RemoteColumn? in
      guard row.count == 14, let number = row[12].flatMap({ Int($0) }), let name = row[0], let type = PostgresType(catalog: row[1...5])
      else { return nil }
      let mapping = type.mapping
      numbers.append(number)
      return RemoteColumn(
        name: name, type: mapping.type, remoteType: type.shown, form: mapping.form, label: labels.label(for: name),
        isNullable: row[6] != "t", comment: row[7],
        estimate: PostgresStatistics.estimate(
          type: mapping.type, tableRows: relation.rows, catalog: row[8...11].map { $0 }, common: common[name] ?? []))
    }
    if let tableRows = relation.rows, let keys = rows.first?.last ?? nil {
      for key in keys.split(separator: ",") {
        let places = key.split(separator: " ").map { Int($0).flatMap { numbers.firstIndex(of: $0) } }
        PostgresStatistics.enforce(uniqueKey: places, tableRows: tableRows, &columns)
      }
    }
    return columns
  }

  /// The planner's guess for what ANALYZE never saw: views, new tables, query texts. The server plans and runs nothing.
  private static func estimatedRows(_ text: String, _ connection: PostgresConnection) -> Double? {
    guard let line = try? connection.rows("EXPLAIN " + text).first?.first ?? nil, let rest = line.text(after: " rows=") else { return nil }
    return Double(rest.prefix { $0.isNumber })
  }

  private static func estimatedRows(ofTable name: TableName, _ connection: PostgresConnection) -> Double? {
    estimatedRows("SELECT 1 FROM " + PostgresDialect().name(of: name), connection)
  }

  /// A table over the source's own query text.
  func table(forQuery text: String) async throws -> RemoteTable {
    let query = PostgresMetadata.withoutTerminator(text)
    return try await pool.perform { connection in
      let described = try connection.describe(query)
      if described.isEmpty { throw PrestoError(.notSupported, "The query yields no columns: \(query)") }
      let types = try connection.rows(
        CatalogQuery.types,
        [
          "{" + described.map { "\($0.type)" }.joined(separator: ",") + "}",
          "{" + described.map { "\($0.modifier)" }.joined(separator: ",") + "}",
        ])
      guard types.count == described.count else { throw PrestoError(.jdbcError, "PostgreSQL does not know the types of its own query") }
      var labels = ColumnLabels(described.map(\.name))
      var names = Set<String>()
      let columns = try zip(described, types).map { column, row -> RemoteColumn in
        guard let type = PostgresType(catalog: row[1...5]) else {
          throw PrestoError(.jdbcError, "PostgreSQL names no type for '\(column.name)'")
        }
        guard names.insert(column.name).inserted else {
          throw PrestoError(.duplicateColumnName, "The query has more than one column named '\(column.name)': name them apart with AS")
        }
        let mapping = type.mapping
        return RemoteColumn(
          name: column.name, type: mapping.type, remoteType: type.shown, form: mapping.form, label: labels.label(for: column.name))
      }
      return RemoteTable(query: .text(query), columns: columns, rows: PostgresMetadata.estimatedRows(query, connection))
    }
  }

  /// Without a semicolon at the end, which could not stand in a sub-query.
  private static func withoutTerminator(_ text: String) -> String {
    var result = text.trimmed
    while result.hasSuffix(";") { result = String(result.dropLast()).trimmed }
    return result
  }
}

/// Column names as the engine shows them: lower-cased, unless another column has that very name.
struct ColumnLabels {
  private var taken: Set<String>

  init(_ names: [String]) { taken = Set(names.filter { $0 == $0.lowercased() }) }

  mutating func label(for name: String) -> String {
    let lower = name.lowercased()
    if lower == name { return name }
    var label = lower
    var number = 2
    while !taken.insert(label).inserted {
      label = "\(lower)_\(number)"
      number += 1
    }
    return label
  }
}

extension PostgresType {
  /// The five type columns of a catalog query.
  init?(catalog: ArraySlice<String?>) {
    let row = Array(catalog)
    guard row.count == 5, let name = row[0], let modifier = row[2].flatMap({ Int($0) }), let dimensions = row[3].flatMap({ Int($0) }) else {
      return nil
    }
    self.init(
      name: name, isBuiltIn: row[1] == "t", modifier: modifier, dimensions: min(dimensions, 6), hasLooseCollation: row[4] == "t")
  }

  /// The name with array brackets.
  var shown: String { name + String(repeating: "[]", count: dimensions) }
}

extension String {
  /// What follows the first `word`; nil: it does not occur.
  fileprivate func text(after word: String) -> Substring? {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(word) { return rest.dropFirst(word.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
