import Expressions
import Synchronization
import Values
import Vectors

/// Hands out the pieces a scan is read in. Asked from several drivers at once.
public protocol SplitSource<Split>: AnyObject, Sendable {
  associatedtype Split: Sendable
  /// Some more splits; nil at the end.
  func next() async throws -> [Split]?
}

/// Splits known from the start.
public final class FixedSplits<Split: Sendable>: SplitSource {
  private let rest: Mutex<[Split]?>

  public init(_ splits: [Split]) { rest = Mutex(splits) }

  public func next() async throws -> [Split]? {
    rest.withLock { rest in
      defer { rest = nil }
      return rest.flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}

/// What a scan may use of the engine.
public struct ScanContext: Sendable {
  public var functions: FunctionRegistry
  public var evaluation: EvaluationContext
  public var memory: MemoryPool
  public var metrics: ScanMetrics
  /// How many drivers will read at once: how far it is worth splitting.
  public var parallelism: Int
  public var queryID: String

  public init(
    functions: FunctionRegistry, evaluation: EvaluationContext, memory: MemoryPool, metrics: ScanMetrics = ScanMetrics(),
    parallelism: Int = 1,
    queryID: String = ""
  ) {
    self.functions = functions
    self.evaluation = evaluation
    self.memory = memory
    self.metrics = metrics
    self.parallelism = parallelism
    self.queryID = queryID
  }
}

/// What a scan moved; safe from any thread.
public final class ScanMetrics: Sendable {
  private let rowCount = Atomic<Int>(0)
  private let byteCount = Atomic<Int>(0)
  private let sent = Mutex<[String]>([])

  public init() {}

  /// Rows that crossed from the source, and their bytes on the wire or in the file.
  public func add(rows: Int, bytes: Int) {
    rowCount.wrappingAdd(rows, ordering: .relaxed)
    byteCount.wrappingAdd(bytes, ordering: .relaxed)
  }

  /// A text that was really sent; the first few are kept.
  public func add(sent text: String) { sent.withLock { if $0.count < 8 { $0.append(text) } } }

  public var rows: Int { rowCount.load(ordering: .relaxed) }
  public var bytes: Int { byteCount.load(ordering: .relaxed) }
  public var sentTexts: [String] { sent.withLock { $0 } }
}
