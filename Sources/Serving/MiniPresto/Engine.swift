// MiniPresto: the engine as a library.
//
// In come SQL texts with a session; out go results: columns and a stream of batches. The engine owns the catalogs, the functions, the driver threads
// and the memory; one file per family of statements stands in `Statements/`. Everything a shell or a server knows of a query, it knows through
// `QueryResult`.
//
//     let engine = try Engine(catalogs: .directory("Catalogs"), connectors: .standard)
//     for try await batch in try await engine.query("SELECT * FROM lake.sales.orders") { … }
import Admission
import Analysis
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
  let log: QueryLog
  let admission: AdmissionControl
  private let state: Mutex<State>

  private struct State {
    var catalogs: [String: Catalog]
    /// Catalogs whose configuration is wrong: the others go on working, and who asks for these is told why.
    var broken: [String: PrestoError]
    /// `connector.name` of catalogs that came from properties.
    var kinds: [String: String]
    var nextQuery = 1
    var address: String?
    var watchers: [@Sendable (QueryRecord) -> Void] = []
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
    log = QueryLog(historyCount: configuration.queryHistory)
    admission = AdmissionControl(configuration.resourceGroups, memory: configuration.memoryLimit)
    let loaded = try catalogs.load(connectors)
    state = Mutex(State(catalogs: loaded.catalogs, broken: loaded.broken, kinds: loaded.kinds))
    add(Catalog("system", SystemConnector(self)))
  }

  /// What clients are told.
  public static let version = "0.1.0"

  public var catalogNames: [String] { state.withLock { (Array($0.catalogs.keys) + Array($0.broken.keys)).sorted() } }

  /// Catalogs that could not be set up, and why.
  public var brokenCatalogs: [String: PrestoError] { state.withLock { $0.broken } }

  /// `connector.name` of a catalog; its own name for one made in code.
  func connectorName(of catalog: String) -> String { state.withLock { $0.kinds[catalog] ?? catalog } }

  /// Adds or replaces a catalog made in code.
  public func add(_ catalog: Catalog) { state.withLock { $0.catalogs[catalog.name] = catalog } }

  var catalogs: [String: Catalog] { state.withLock { $0.catalogs } }

  /// Session properties that SHOW SESSION lists and SET SESSION takes.
  public var sessionProperties: [AnySessionProperty] { EngineProperties.all }

  /// Starts a statement. Parsing and planning errors are thrown here, running errors by the result's iteration; cancelling the task that iterates
  /// cancels the query.
  public func query(_ text: String, _ session: Session = Session()) async throws -> QueryResult {
    try await run(begin(text, session))
  }

  /// A query that has arrived and waits to be run.
  package func begin(_ text: String, _ session: Session) -> QueryRecord {
    let session = started(session)
    let watchers = state.withLock { $0.watchers }
    let record = QueryRecord(id: session.queryID, text: text, session: session) { [log, admission] record in
      log.end(record)
      admission.finish(record.id)
      for watcher in watchers { watcher(record) }
    }
    log.add(record)
    for watcher in watchers { watcher(record) }
    return record
  }

  /// Plans and starts a query that has begun; whatever it throws is also in the record.
  package func run(_ record: QueryRecord) async throws -> QueryResult {
    do {
      if let reason = record.reason { throw reason }
      try access(for: record.session).check(.executeQuery)
      try checkProperties(of: record.session)
      let limits = try await admit(record)
      if let reason = record.reason { throw reason }
      record.handle(.admitted)
      let result = try await StatementRunner(engine: self, record: record, limits: limits).run(record.text)
      record.attach(result.query)
      record.describe(updateType: result.updateType)
      record.handle(.planned)
      if let reason = record.reason { throw reason }
      return result
    } catch {
      let reason = record.reason ?? PrestoError(error)
      record.handle(.failed(reason))
      // a query that was stopped while it came in has no end of its own any more
      admission.finish(record.id)
      throw reason
    }
  }

  /// Waits for room, and has the query's limits watched from then on.
  private func admit(_ record: QueryRecord) async throws -> QueryLimits {
    let limits = QueryLimits(record.session).lower(configuration.queryLimits)
    let query = QuerySubmission(record.text, record.session, longestWait: limits.queuedTime, needsType: admission.needsQueryType)
    let group = try await withTaskCancellationHandler {
      try await admission.admit(query)
    } onCancel: {
      admission.finish(record.id)
    }
    record.describe(resourceGroup: admission.group(of: record.id))
    let effective = limits.lower(group)
    admission.watch(record, effective)
    return effective
  }

  /// What the user of a session may do.
  package func access(for session: Session) -> Access {
    Access(control: configuration.accessControl, identity: Identity(session))
  }

  /// Properties that a client sets with every request are checked like SET SESSION.
  private func checkProperties(of session: Session) throws {
    guard configuration.accessControl.isRestricting else { return }
    let access = access(for: session)
    for name in session.overriddenTexts.keys.sorted() { try access.check(.setSessionProperty(name)) }
  }

  /// Catalogs of databases.
  var remoteCatalogs: Set<String> { Set(catalogs.keys.filter { ["postgresql", "sqlite"].contains(connectorName(of: $0)) }) }

  /// Why a query waits; nil: it does not.
  public func reasonForWaiting(_ id: String) -> String? { admission.waiting(id)?.description }

  /// The names of the resource group that a query waits, runs or ran in, from the root; nil: it never came so far.
  public func resourceGroup(of id: String) -> [String]? { admission.group(of: id) ?? query(id: id)?.resourceGroup }

  /// Every resource group and how full it is.
  package var resourceGroups: [ResourceGroupStatus] { admission.groups }

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

  /// Calls `watcher` when a query begins and when it has ended, from whatever thread that happens on.
  public func watch(_ watcher: @escaping @Sendable (QueryRecord) -> Void) { state.withLock { $0.watchers.append(watcher) } }

  /// Queries under way.
  public var runningQueries: [QueryRecord] { log.running }

  /// Queries under way and the last that ended, in order of arrival.
  public var queries: [QueryRecord] { log.all }

  /// The query of that name, if it runs or is remembered.
  public func query(id: String) -> QueryRecord? { log[id] }

  /// Stops a query; false: there is none of that name under way.
  public func kill(_ id: String, _ message: String?) -> Bool {
    let reason = message.map { $0.isEmpty ? "No message provided." : "Message: \($0)" } ?? "No message provided."
    return log[id]?.cancel(PrestoError(.administrativelyKilled, "Query killed. " + reason)) ?? false
  }

  /// What `name` refers to, or CATALOG_NOT_FOUND; a broken catalog's own error where its configuration is wrong.
  func catalog(_ name: String) throws -> Catalog {
    try state.withLock { state in
      if let catalog = state.catalogs[name] { return catalog }
      if let error = state.broken[name] { throw error }
      throw PrestoError(.catalogNotFound, "Catalog '\(name)' does not exist")
    }
  }

  /// Where the engine answers over HTTP; nil: nowhere.
  public var address: String? { state.withLock { $0.address } }
  package func answers(at address: String?) { state.withLock { $0.address = address } }

  var brokenCatalogErrors: [String: PrestoError] { state.withLock { $0.broken } }
}

extension Engine {
  /// Bytes that all queries together hold, and may hold.
  public var memoryUse: (reserved: Int, limit: Int) { (memory.reserved, memory.limit) }
}
