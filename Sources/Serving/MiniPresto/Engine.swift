// MiniPresto: the engine as a library.
//
// In come SQL texts with a session; out go results: columns and a stream of batches. The engine owns the catalogs, the functions, the driver threads
// and the memory; one file per family of statements stands in `Statements/`. Everything a shell or a server knows of a query, it knows through
// `QueryResult`.
//
//     let engine = try Engine(catalogs: .directory("Catalogs"), connectors: .standard)
//     for try await batch in try await engine.query("SELECT * FROM lake.sales.orders") { … }
import Execution
import Expressions
import Federation
import Functions
import Plans
import Settings
import Synchronization
import Values
import Vectors

/// Answers queries over its catalogs. Safe from any thread; make one and keep it.
public final class Engine: Sendable {
  public let configuration: EngineConfiguration
  public let functions: FunctionRegistry
  let pool: WorkerPool
  let memory: MemoryPool
  let views: ViewStore
  private let state: Mutex<State>

  private struct State {
    var catalogs: [String: Catalog]
    /// Catalogs whose configuration is wrong: the others go on working, and who asks for these is told why.
    var broken: [String: PrestoError]
    var nextQuery = 1
    var running: [String: RunningQuery] = [:]
  }

  /// `connectors` are the kinds that catalog files may name; the product's `[ConnectorFactory].standard` is all that come with it.
  public init(
    catalogs: CatalogSource = .none, connectors: [ConnectorFactory] = [], configuration: EngineConfiguration = EngineConfiguration()
  ) throws {
    try configuration.checkProcessor()
    self.configuration = configuration
    functions = FunctionRegistry(StandardFunctions.all + Function.internals)
    pool = WorkerPool(threadCount: configuration.threads)
    memory = MemoryPool("engine", limit: configuration.memoryLimit)
    views = ViewStore(file: configuration.viewsFile ?? catalogs.viewsFile)
    let loaded = try catalogs.load(connectors)
    state = Mutex(State(catalogs: loaded.catalogs, broken: loaded.broken))
  }

  public var catalogNames: [String] { state.withLock { (Array($0.catalogs.keys) + Array($0.broken.keys)).sorted() } }

  /// Catalogs that could not be set up, and why.
  public var brokenCatalogs: [String: PrestoError] { state.withLock { $0.broken } }

  /// Adds or replaces a catalog made in code.
  public func add(_ catalog: Catalog) { state.withLock { $0.catalogs[catalog.name] = catalog } }

  var catalogs: [String: Catalog] { state.withLock { $0.catalogs } }

  /// Session properties that SHOW SESSION lists and SET SESSION takes.
  public var sessionProperties: [AnySessionProperty] { EngineProperties.all }

  /// Starts a statement. Parsing and planning errors are thrown here, running errors by the result's iteration; cancelling the task that iterates
  /// cancels the query.
  public func query(_ text: String, _ session: Session = Session()) async throws -> QueryResult {
    try await StatementRunner(engine: self, session: started(session)).run(text)
  }

  private func started(_ session: Session) -> Session {
    var session = session
    let now = WallClock.micros()
    session.startMicros = now
    if session.queryID.isEmpty {
      let number = state.withLock { state in
        defer { state.nextQuery += 1 }
        return state.nextQuery
      }
      session.queryID = QueryIdentifier.make(micros: now, number: number, suffix: configuration.instance)
    }
    return session
  }

  func register(_ query: RunningQuery) { state.withLock { $0.running[query.id] = query } }
  func unregister(_ id: String) { state.withLock { _ = $0.running.removeValue(forKey: id) } }

  /// Queries under way.
  public var runningQueries: [RunningQuery] { state.withLock { $0.running.values.sorted { $0.id < $1.id } } }

  /// Stops a query; false: there is none of that name under way.
  public func kill(_ id: String, _ message: String?) -> Bool {
    guard let query = state.withLock({ $0.running[id] }) else { return false }
    query.cancel(PrestoError(.administrativelyKilled, message ?? "Query killed"))
    return true
  }

  /// What `name` refers to, or CATALOG_NOT_FOUND; a broken catalog's own error where its configuration is wrong.
  func catalog(_ name: String) throws -> Catalog {
    try state.withLock { state in
      if let catalog = state.catalogs[name] { return catalog }
      if let error = state.broken[name] { throw error }
      throw PrestoError(.catalogNotFound, "Catalog '\(name)' does not exist")
    }
  }

  var brokenCatalogErrors: [String: PrestoError] { state.withLock { $0.broken } }
}
