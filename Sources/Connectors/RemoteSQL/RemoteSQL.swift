// RemoteSQL: what every SQL source shares.
//
// In come offers over the source's own columns (`Expr<RemoteColumn>`); out go table handles that have absorbed them, and one statement text when
// a split is opened. A handle is a small relational tree (`RemoteQuery`), never a string: each accepted offer wraps or extends it, so it can be
// compared, printed and sent, and no value ever enters a text before the statement is written.
//
//     Expr<RemoteColumn> ── Renderer + dialect's templates ──▶ RemoteText ── absorbed by ──▶ RemoteQuery ── statement(…) ──▶ RemoteText
//
// A dialect is a table of templates plus quoting. A template may be listed only if the remote result equals ours for every input: nulls, overflow,
// collation, trailing blanks and time zones included. What has no template stays with the engine as the residual.
//
// A SQL connector conforms to `RemoteConnector`: it says what is there and reads; every offer is answered here.
import Expressions
import Federation
import Values

/// A connector whose tables are remote queries in some dialect. All offers are answered by the extension in `Offers/`.
public protocol RemoteConnector: Connector where Table == RemoteTable, Column == RemoteColumn {
  associatedtype Dialect: SQLDialect
  var dialect: Dialect { get }
  /// What EXPLAIN shows as sent for a whole scan. Standard: the statement with its arguments written as plain literals.
  func sentText(for statement: RemoteText) -> String
}

extension RemoteConnector {
  public func columns(of table: RemoteTable) async throws -> [ColumnDescription<RemoteColumn>] {
    table.columns.map {
      ColumnDescription(name: $0.label, type: $0.type, column: $0, isHidden: $0.isHidden, comment: $0.comment, isNullable: $0.isNullable)
    }
  }

  /// What the handle carries: the base table's statistics, narrowed by everything absorbed since.
  public func statistics(of table: RemoteTable) async throws -> TableStatistics<RemoteColumn> { table.statistics }

  public func sentText(for statement: RemoteText) -> String { statement.description }

  public func explain(_ table: RemoteTable, columns: [RemoteColumn]) -> ScanExplanation {
    ScanExplanation(table: "\(table)", remoteText: sentText(for: table.statement(columns, dialect)))
  }
}

/// The table handle of every SQL source.
public struct RemoteTable: Hashable, Sendable, Codable, CustomStringConvertible {
  /// What it reads.
  public var query: RemoteQuery
  /// The columns `query` yields, in the order `SELECT *` shows them.
  public var columns: [RemoteColumn]
  /// Estimated rows. Not part of what the table is: two handles that differ in estimates alone are equal.
  public var rows: Double?

  public init(query: RemoteQuery, columns: [RemoteColumn], rows: Double? = nil) {
    self.query = query
    self.columns = columns
    self.rows = rows
  }

  /// As far as is known, fewer than are worth a second driver.
  public var hasFewRows: Bool { (rows ?? .infinity) <= 10_000 }

  public static func == (a: RemoteTable, b: RemoteTable) -> Bool { a.query == b.query && a.columns == b.columns }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(query)
    hasher.combine(columns)
  }

  public var description: String { query.description }

  public var statistics: TableStatistics<RemoteColumn> {
    var known: [RemoteColumn: ColumnStatistics] = [:]
    for column in columns {
      guard let estimate = column.estimate else { continue }
      let distinct = estimate.distinct.map { value in rows.map { min(value, max($0, 1)) } ?? value }
      known[column] = ColumnStatistics(
        distinct: distinct, nullFraction: estimate.nullFraction, low: estimate.low, high: estimate.high, width: estimate.width)
    }
    return TableStatistics(rows: rows, columns: known)
  }
}
