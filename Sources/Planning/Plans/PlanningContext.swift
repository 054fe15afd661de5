import Expressions
import Federation
import Settings

/// What planning a query may look at: its session, the catalogs, the functions, and fresh symbols.
public struct PlanningContext: Sendable {
  public var session: Session
  public var catalogs: [String: Catalog]
  public var functions: FunctionRegistry
  public let symbols: SymbolAllocator
  /// Statistics of the scanned tables, fetched once before optimization (rules never suspend): by catalog and the table as Analysis made it.
  public var statistics: [ScanKey: TableStatistics<ColumnHandle>]

  public struct ScanKey: Hashable, Sendable {
    public var catalog: String
    public var table: TableHandle

    public init(catalog: String, table: TableHandle) {
      self.catalog = catalog
      self.table = table
    }
  }

  public init(
    session: Session, catalogs: [String: Catalog], functions: FunctionRegistry, symbols: SymbolAllocator = SymbolAllocator(),
    statistics: [ScanKey: TableStatistics<ColumnHandle>] = [:]
  ) {
    self.session = session
    self.catalogs = catalogs
    self.functions = functions
    self.symbols = symbols
    self.statistics = statistics
  }

  public var evaluation: EvaluationContext {
    EvaluationContext(user: session.user, timeZone: session.timeZone, startMicros: session.startMicros)
  }
}
