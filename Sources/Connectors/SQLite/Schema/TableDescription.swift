import CSQLite
import Values

/// A table or view as its database declares it.
struct TableDescription: Sendable {
  enum Kind: Sendable { case table, view, virtual }

  struct Column: Sendable {
    var name: String
    /// As written; empty where nothing is.
    var declared: String
    var type: DataType
    var affinity: DeclaredType.Affinity
    var isNullable: Bool
    /// Holds the row's number: `INTEGER PRIMARY KEY`. Stored as null in the record.
    var isRowID = false
    /// Computed when read, or stored but computed.
    var isGenerated = false
    /// `VIRTUAL`: not in the record.
    var isVirtual = false
    /// What rows written before the column was added hold.
    var standard: KeptValue = .null
  }

  struct Index: Sendable {
    struct Part: Sendable {
      /// nil: an expression, or the row number.
      var column: String?
      var collation: String
      var isDescending: Bool
    }
    var name: String
    var parts: [Part]
    var isUnique: Bool
    var isPartial: Bool
  }

  var name: String
  var kind: Kind
  var isWithoutRowID: Bool
  var isStrict: Bool
  /// BINARY orders texts by the bytes they are kept in: by ours in UTF-8 alone.
  var isUTF8 = true
  var columns: [Column]
  var indexes: [Index]

  var rowIDColumn: Column? { columns.first(where: \.isRowID) }

  /// Ordered by bytes, the only order that is ours.
  static let binaryCollation = "BINARY"
}

extension SQLiteConnection {
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Names of tables and views, SQLite's own left out.
  func tableNames() throws -> [String] {
    try rows(
      "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY lower(name)"
    ) { $0.text(0) ?? "" }
  }

  /// nil: there is no such table. The name is matched without regard to case.
  func describe(_ name: String) throws -> TableDescription? {
    let found = try rows(
      "SELECT name, type, sql, rootpage FROM sqlite_schema WHERE lower(name) = lower(?) AND type IN ('table', 'view')", [name]
    ) { (name: $0.text(0) ?? "", isView: $0.text(1) == "view", sql: $0.text(2) ?? "", root: $0.integer(3)) }
    guard let first = found.first else { return nil }
    let kind: TableDescription.Kind = first.isView ? .view : first.root == 0 ? .virtual : .table
    var description = TableDescription(
      name: first.name, kind: kind, isWithoutRowID: false, isStrict: false, columns: [], indexes: [])
    if kind == .view {
      description.columns = try selectedColumns("SELECT * FROM \(SQLiteConnection.quoted(first.name))")
      return description
    }
    let flags = try rows("SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?", [first.name]) {
      (withoutRowID: $0.integer(0) != 0, strict: $0.integer(1) != 0)
    }
    description.isWithoutRowID = flags.first?.withoutRowID ?? false
    description.isUTF8 = try rows("PRAGMA encoding", [], { $0.text(0) }).first == "UTF-8"
    description.isStrict = flags.first?.strict ?? false
    description.indexes = try indexes(of: first.name)
    description.columns = try declaredColumns(of: first.name, description)
    return description
  }

  private func declaredColumns(of table: String, _ description: TableDescription) throws -> [TableDescription.Column] {
    struct Row {
      var name: String, declared: String, isRequired: Bool, standard: String?, key: Int64, hidden: Int64
    }
    let listed = try rows("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)", [table]) {
      Row(
        name: $0.text(0) ?? "", declared: $0.text(1) ?? "", isRequired: $0.integer(2) != 0, standard: $0.text(3), key: $0.integer(4),
        hidden: $0.integer(5))
    }
    let keyCount = listed.count { $0.key > 0 }
    // an INTEGER PRIMARY KEY that is not the row number (declared DESC) has an index of its own
    let hasKeyIndex = try !rows("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", [table]) { _ in 0 }.isEmpty
    return listed.filter { $0.hidden != 1 }.map { row in
      let declared = DeclaredType(row.declared)
      var column = TableDescription.Column(
        name: row.name, declared: row.declared, type: declared.type, affinity: declared.affinity, isNullable: !row.isRequired)
      column.isRowID =
        description.kind == .table && !description.isWithoutRowID && keyCount == 1 && row.key == 1 && !hasKeyIndex
        && row.declared.uppercased() == "INTEGER"
      if column.isRowID || (description.isWithoutRowID && row.key > 0) { column.isNullable = false }
      column.isGenerated = row.hidden == 2 || row.hidden == 3
      column.isVirtual = row.hidden == 2
      if let text = row.standard, !column.isGenerated { column.standard = standardValue(text) }
      return column
    }
  }

  /// Constant expressions only: others are refused by ALTER TABLE ADD COLUMN, so no stored row can lack them.
  private func standardValue(_ text: String) -> KeptValue {
    guard let statement = try? prepare("SELECT \(text)"), (try? statement.step()) == true else { return .null }
    return statement.value(0).kept
  }

  private func indexes(of table: String) throws -> [TableDescription.Index] {
    let listed = try rows("SELECT name, \"unique\", partial FROM pragma_index_list(?)", [table]) {
      (name: $0.text(0) ?? "", isUnique: $0.integer(1) != 0, isPartial: $0.integer(2) != 0)
    }
    return try listed.map { index in
      let parts = try rows("SELECT name, coll, \"desc\" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", [index.name]) {
        TableDescription.Index.Part(column: $0.text(0), collation: $0.text(1) ?? "BINARY", isDescending: $0.integer(2) != 0)
      }
      return .init(name: index.name, parts: parts, isUnique: index.isUnique, isPartial: index.isPartial)
    }
  }

  /// Columns of any statement: declared types where a result is a column, else what the first rows hold.
  func selectedColumns(_ sql: String) throws -> [TableDescription.Column] {
    let statement = try prepare(sql)
    let count = Int(sqlite3_column_count(statement.handle))
    var columns: [TableDescription.Column] = []
    var undeclared: [Int: Set<DataType>] = [:]
    for i in 0..<count {
      let name = sqlite3_column_name(statement.handle, Int32(i)).map { String(cString: $0) } ?? "_col\(i)"
      let declared = sqlite3_column_decltype(statement.handle, Int32(i)).map { String(cString: $0) }
      if declared == nil { undeclared[i] = [] }
      let type = DeclaredType(declared ?? "")
      columns.append(.init(name: name, declared: declared ?? "", type: type.type, affinity: type.affinity, isNullable: true))
    }
    if undeclared.isEmpty { return columns }
    var rows = 0
    while rows < 100, try statement.step() {
      for i in undeclared.keys {
        switch statement.value(i) {
        case .null: break
        case .integer: undeclared[i]?.insert(.bigint)
        case .real: undeclared[i]?.insert(.double)
        case .text: undeclared[i]?.insert(.varchar)
        case .blob: undeclared[i]?.insert(.varbinary)
        }
      }
      rows += 1
    }
    for (i, kinds) in undeclared {
      columns[i].type =
        kinds == [.bigint]
        ? .bigint : kinds == [.double] || kinds == [.bigint, .double] ? .double : kinds == [.varbinary] ? .varbinary : .varchar
    }
    return columns
  }
}
