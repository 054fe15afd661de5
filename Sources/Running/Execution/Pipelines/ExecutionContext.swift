import Expressions
import Federation
import Glibc
import Plans
import Settings
import Synchronization
import Values
import Vectors

/// What running one query shares among all its drivers.
public struct ExecutionContext: Sendable {
  public var catalogs: [String: Catalog]
  public var functions: FunctionRegistry
  public var evaluation: EvaluationContext
  public var memory: MemoryPool
  public var pool: WorkerPool
  /// The pool, with the time counted that this query's drivers use.
  let executor: MeteredPool
  public var queryID: String
  public var metrics: QueryMetrics
  /// Drivers a pipeline: normally one per thread of the pool.
  public var parallelism: Int
  /// Whether drivers stop grouping for themselves where it saves nothing.
  public var adaptsAggregation: Bool

  public init(
    catalogs: [String: Catalog], functions: FunctionRegistry, evaluation: EvaluationContext, memory: MemoryPool, pool: WorkerPool,
    queryID: String = "", metrics: QueryMetrics = QueryMetrics(), parallelism: Int? = nil, adaptsAggregation: Bool = true
  ) {
    self.catalogs = catalogs
    self.functions = functions
    self.evaluation = evaluation
    self.memory = memory
    self.pool = pool
    executor = MeteredPool(pool, metrics.time)
    self.queryID = queryID
    self.metrics = metrics
    self.parallelism = parallelism ?? pool.threadCount
    self.adaptsAggregation = adaptsAggregation
  }

  func catalog(_ name: String) throws -> Catalog {
    guard let catalog = catalogs[name] else { throw PrestoError(.catalogNotFound, "Catalog '\(name)' does not exist") }
    return catalog
  }
}

/// What a query did: scans' rows and bytes for progress, and (when analysing) rows, bytes and time per plan node.
public final class QueryMetrics: Sendable {
  private let nodes = Mutex<[ObjectIdentifier: Work]>([:])
  let time = DriverTime()
  private let scans = Mutex<[(plan: ObjectIdentifier, catalog: String, label: String, metrics: ScanMetrics)]>([])
  /// Whether operators are timed: EXPLAIN ANALYZE.
  public let isTiming: Bool
  /// When this was made, in nanoseconds of the monotonic clock.
  public let began = SystemClock.nanoseconds(CLOCK_MONOTONIC)

  public init(isTiming: Bool = false) { self.isTiming = isTiming }

  func add(_ work: [ObjectIdentifier: Work]) {
    nodes.withLock { nodes in for (plan, spent) in work { nodes[plan, default: Work()].add(spent) } }
  }

  func register(_ plan: ObjectIdentifier, catalog: String, label: String, _ metrics: ScanMetrics) {
    scans.withLock { $0.append((plan, catalog, label, metrics)) }
  }

  public func work(_ plan: Plan) -> Work? { nodes.withLock { $0[ObjectIdentifier(plan)] } }
  public func scan(_ plan: Plan) -> ScanMetrics? { scans.withLock { $0.first { $0.plan == ObjectIdentifier(plan) }?.metrics } }

  /// Rows and bytes that crossed from the sources so far.
  public var moved: (rows: Int, bytes: Int) {
    scans.withLock { $0.reduce((0, 0)) { ($0.0 + $1.metrics.rows, $0.1 + $1.metrics.bytes) } }
  }

  /// CPU time of the query's drivers, microseconds.
  public var cpuMicros: Int64 { Int64(time.nanoseconds / 1000) }

  /// What catalogs of these names sent.
  public func moved(from catalogs: Set<String>) -> (rows: Int, bytes: Int) {
    scans.withLock { all in
      all.reduce((0, 0)) { catalogs.contains($1.catalog) ? ($0.0 + $1.metrics.rows, $0.1 + $1.metrics.bytes) : $0 }
    }
  }

  /// The same by source, with its splits and the work of its operator.
  public var movedBySource: [(label: String, rows: Int, bytes: Int, splits: ScanMetrics.Splits, work: Work)] {
    let scans = scans.withLock { $0 }
    return nodes.withLock { nodes in
      scans.map { ($0.label, $0.metrics.rows, $0.metrics.bytes, $0.metrics.splits, nodes[$0.plan] ?? Work()) }
    }
  }

  /// Nanoseconds on the clock while operators worked, all drivers added up. Zero where operators are not timed.
  public var wall: Int { nodes.withLock { $0.values.reduce(0) { $0 + $1.wall } } }
}
