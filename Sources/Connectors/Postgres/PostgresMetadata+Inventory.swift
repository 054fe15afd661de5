import Federation
import Values

extension PostgresMetadata {
  /// All tables of all schemas, in two questions.
  func inventory() async throws -> Inventory {
    try await pool.perform { connection in
      let schemas = try connection.rows(CatalogQuery.schemas).compactMap { $0.first ?? nil }
      return Inventory(
        schemas: PostgresMetadata.labels(schemas), tables: PostgresMetadata.listed(try connection.rows(CatalogQuery.inventory)))
    }
  }

  /// Rows of the inventory's question, those of one relation in a row.
  private static func listed(_ rows: [[String?]]) -> [Inventory.Table] {
    var tables: [TableName: [(isExact: Bool, table: Inventory.Table)]] = [:]
    var start = 0
    while start < rows.count {
      let first = rows[start]
      guard first.count == 11, let schema = first[0], let relation = first[1] else {
        start += 1
        continue
      }
      var end = start + 1
      while end < rows.count, rows[end].count == 11, rows[end][0] == schema, rows[end][1] == relation { end += 1 }
      let name = TableName(schema: schema.lowercased(), table: relation.lowercased())
      let isExact = name == TableName(schema: schema, table: relation)
      tables[name, default: []].append((isExact, Inventory.Table(name: name, comment: first[2], columns: columns(rows[start..<end]))))
      start = end
    }
    // the exact spelling wins; several others are ambiguous, and nobody can read them
    return tables.values.compactMap { candidates in
      if let exact = candidates.first(where: \.isExact) { return exact.table }
      guard var table = candidates.first?.table else { return nil }
      if candidates.count > 1 { table.columns = nil }
      return table
    }
  }

  private static func columns(_ rows: ArraySlice<[String?]>) -> [Inventory.Column] {
    var labels = ColumnLabels(rows.compactMap { $0[3] })
    return rows.compactMap { row in
      guard let name = row[3], let type = PostgresType(catalog: row[4...8]) else { return nil }
      return Inventory.Column(name: labels.label(for: name), type: type.mapping.type, isNullable: row[9] != "t", comment: row[10])
    }
  }
}
