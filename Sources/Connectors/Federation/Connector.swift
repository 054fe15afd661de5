// Federation: the door between the engine and a source.
//
// A connector says what is there (schemas, tables, columns, statistics), answers offers (`apply…`: a new table handle that has absorbed the
// offer, and what is left over; nil is no), and reads (splits, then batches). It sees its own `Table` and `Column` types, never erased ones;
// `Catalog` is the one place where the engine's handles are opened. A table handle is a value and the whole truth: it prints itself in EXPLAIN,
// travels to workers, and is all that `splits` and `open` need.
import Expressions
import Values
import Vectors

public protocol Connector<Table, Column, Split>: Sendable {
  associatedtype Table: Hashable & Sendable & Codable
  associatedtype Column: Hashable & Sendable & Codable
  associatedtype Split: Sendable & Codable

  // What is there
  func schemas() async throws -> [String]
  func tables(in schema: String) async throws -> [TableName]
  /// nil: there is no such table. Names come lower-cased; the connector matches them without regard to case.
  func table(_ name: TableName) async throws -> Table?
  func columns(of table: Table) async throws -> [ColumnDescription<Column>]
  /// What COMMENT ON TABLE said. nil: nothing.
  func comment(of table: Table) async throws -> String?
  /// All tables with their columns, in as few questions as the source allows.
  func inventory() async throws -> Inventory
  /// How old an inventory may be that lists are made from; zero: it is always made anew.
  var inventoryLifetime: Duration { get }
  func statistics(of table: Table) async throws -> TableStatistics<Column>
  /// A table over the source's own query text: `TABLE(catalog.system.query(query => '…'))`. nil: the source has no query language.
  func table(forQuery text: String) async throws -> Table?
  /// A table over files: `SELECT … FROM 'path/*.parquet'`. nil: not a path this connector reads.
  func table(forPath path: String) async throws -> Table?

  // What the source can do itself. nil: no
  func apply(filter: Expr<Column>, to table: Table) throws -> FilterAnswer<Table, Column>?
  func apply(projection: [Expr<Column>], to table: Table) throws -> ProjectionAnswer<Table, Column>?
  func apply(aggregation: Aggregation<Column>, to table: Table) throws -> ProjectionAnswer<Table, Column>?
  func apply(topN: TopN<Column>, to table: Table) throws -> RowsAnswer<Table>?
  func apply(limit: Int, to table: Table) throws -> RowsAnswer<Table>?
  func apply(join: JoinOffer<Table, Column>) throws -> JoinAnswer<Table, Column>?

  // Reading
  func splits(of table: Table, narrowedBy filter: DynamicFilter<Column>, _ context: ScanContext) async throws -> any SplitSource<Split>
  /// Batches with exactly `columns`, in that order (none: batches that only count rows).
  func open(_ split: Split, of table: Table, columns: [Column], narrowedBy filter: DynamicFilter<Column>, _ context: ScanContext)
    async throws
    -> sending any BatchSource
  /// Whether a scan of the table is one split of few rows: no second driver is woken for it.
  func isBrief(_ table: Table) -> Bool
  /// What EXPLAIN says about a scan.
  func explain(_ table: Table, columns: [Column]) -> ScanExplanation

  // Writing
  func begin(_ intent: WriteIntent<Table>) async throws -> any TableWrite
  /// Whether `begin` takes `.replace`.
  var replacesRows: Bool { get }
  /// The table narrowed to the rows that DELETE is to remove. nil: the source cannot say the whole condition as we mean it.
  func apply(deletion filter: Expr<Column>, to table: Table) throws -> Table?
  /// Removes the rows that the handle stands for, in one transaction, and then yields their number: one bigint.
  func delete(_ table: Table, _ context: ScanContext) async throws -> sending any BatchSource
  func drop(_ table: TableName) async throws
  func alter(_ table: Table, _ change: TableChange) async throws
  func createSchema(_ name: String) async throws
  func dropSchema(_ name: String) async throws
  /// Runs the source's own statement text: `CALL catalog.system.execute(query => '…')`.
  func execute(_ text: String) async throws
}

public struct TableName: Hashable, Sendable, Codable, CustomStringConvertible {
  public var schema: String
  public var table: String

  public init(schema: String, table: String) {
    self.schema = schema
    self.table = table
  }

  public var description: String { "\(schema).\(table)" }
}

public struct ColumnDescription<Column: Sendable>: Sendable {
  public var name: String
  public var type: DataType
  public var column: Column
  /// Not in `SELECT *`.
  public var isHidden = false
  public var comment: String?
  public var isNullable = true

  public init(name: String, type: DataType, column: Column, isHidden: Bool = false, comment: String? = nil, isNullable: Bool = true) {
    self.name = name
    self.type = type
    self.column = column
    self.isHidden = isHidden
    self.comment = comment
    self.isNullable = isNullable
  }
}

/// How EXPLAIN shows a scan: one line about the table, the exact text sent if there is one, and notes on what stayed local and why.
public struct ScanExplanation: Sendable {
  public var table: String
  /// The exact remote SQL. Values shown in place of parameters never include credentials.
  public var remoteText: String?
  public var notes: [String]

  public init(table: String, remoteText: String? = nil, notes: [String] = []) {
    self.table = table
    self.remoteText = remoteText
    self.notes = notes
  }
}

extension Connector {  // the least a connector must write: schemas, tables, table, columns, splits, open
  public func statistics(of table: Table) async throws -> TableStatistics<Column> { TableStatistics() }
  public func table(forQuery text: String) async throws -> Table? { nil }
  public func table(forPath path: String) async throws -> Table? { nil }
  public func apply(filter: Expr<Column>, to table: Table) throws -> FilterAnswer<Table, Column>? { nil }
  public func apply(projection: [Expr<Column>], to table: Table) throws -> ProjectionAnswer<Table, Column>? { nil }
  public func apply(aggregation: Aggregation<Column>, to table: Table) throws -> ProjectionAnswer<Table, Column>? { nil }
  public func apply(topN: TopN<Column>, to table: Table) throws -> RowsAnswer<Table>? { nil }
  public func apply(limit: Int, to table: Table) throws -> RowsAnswer<Table>? { nil }
  public func apply(join: JoinOffer<Table, Column>) throws -> JoinAnswer<Table, Column>? { nil }
  public func isBrief(_ table: Table) -> Bool { false }
  public func explain(_ table: Table, columns: [Column]) -> ScanExplanation { ScanExplanation(table: "\(table)") }
  public func begin(_ intent: WriteIntent<Table>) async throws -> any TableWrite { throw unsupported("writes") }
  public var replacesRows: Bool { false }
  public func apply(deletion filter: Expr<Column>, to table: Table) throws -> Table? {
    guard let answer = try apply(filter: filter, to: table), answer.residual == nil else { return nil }
    return answer.table
  }
  public func delete(_ table: Table, _ context: ScanContext) async throws -> sending any BatchSource {
    throw unsupported("modifying table rows")
  }
  public func comment(of table: Table) async throws -> String? { nil }
  public func alter(_ table: Table, _ change: TableChange) async throws { throw unsupported("altering tables") }
  public func drop(_ table: TableName) async throws { throw unsupported("dropping tables") }
  public func createSchema(_ name: String) async throws { throw unsupported("creating schemas") }
  public func dropSchema(_ name: String) async throws { throw unsupported("dropping schemas") }
  public func execute(_ text: String) async throws { throw unsupported("the execute procedure") }

  private func unsupported(_ what: String) -> PrestoError { PrestoError(.notSupported, "This connector does not support \(what)") }
}
