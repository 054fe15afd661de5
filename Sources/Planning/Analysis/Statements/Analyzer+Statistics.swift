import Expressions
import Federation
import Plans
import SQL
import Values

extension Analyzer {
  /// `SHOW STATS FOR t`: a row for each column and one, without a name, for the number of rows. What is unknown is null.
  func statistics(of name: Syntax.QualifiedName, at location: SourceLocation) async throws -> AnalyzedQuery {
    let full = try defaults.complete(name)
    try access.check(.select(full))
    let columns: [(name: String, type: DataType)] = [
      ("column_name", .varchar(length: nil)), ("data_size", .double), ("distinct_values_count", .double), ("nulls_fraction", .double),
      ("row_count", .double), ("low_value", .varchar(length: nil)), ("high_value", .varchar(length: nil)),
    ]
    return try await located(name.location) {
      var requests = MetadataRequests(parameters: [])
      requests.add(.table(full))
      guard case .table(let table) = try await reader.read(requests).relation(.table(full), at: name.location) else {
        throw PrestoError(.notSupported, "SHOW STATS is only supported for tables: '\(full)'")
      }
      let statistics = try await reader.catalog(full.catalog).statistics(of: table.handle)
      func number(_ value: Double?) -> Constant { value.map { .double($0) } ?? .null }
      var rows = table.columns.filter { !$0.isHidden && table.policy.shows($0.name) }.map { column -> [Constant] in
        let known = statistics.columns[column.column]
        var size: Double?
        if let width = known?.width, let count = statistics.rows { size = width * count * (1 - (known?.nullFraction ?? 0)) }
        return [
          .text(column.name), number(size), number(known?.distinct), number(known?.nullFraction), .null, shown(known?.low, column.type),
          shown(known?.high, column.type),
        ]
      }
      rows.append([.null, .null, .null, .null, number(statistics.rows), .null, .null])
      return answer(columns, rows)
    }
  }

  private func shown(_ bound: Constant?, _ type: DataType) -> Constant {
    // Presto keeps no bounds of texts
    guard let bound, !type.isText else { return .null }
    if case .constant(let text, _) = Expression.cast(.constant(bound, type), to: .varchar(length: nil), safe: true).evaluated(context) {
      return text
    }
    return .null
  }
}
