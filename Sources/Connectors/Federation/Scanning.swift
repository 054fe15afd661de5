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
  private let splitCounts = Mutex(Splits())
  private let sent = Mutex<[String]>([])

  /// Pieces of the scan: known so far, taken up by a driver, read to their end.
  public struct Splits: Sendable, Equatable {
    public var known = 0
    public var begun = 0
    public var ended = 0

    public init(known: Int = 0, begun: Int = 0, ended: Int = 0) {
      self.known = known
      self.begun = begun
      self.ended = ended
    }

    public static func + (a: Splits, b: Splits) -> Splits {
      Splits(known: a.known + b.known, begun: a.begun + b.begun, ended: a.ended + b.ended)
    }
  }

  public init() {}

  /// Rows that crossed from the source, and their bytes on the wire or in the file.
  public func add(rows: Int, bytes: Int) {
    rowCount.wrappingAdd(rows, ordering: .relaxed)
    byteCount.wrappingAdd(bytes, ordering: .relaxed)
  }

  /// A text that was really sent; the first few are kept.
  public func add(sent text: String) { sent.withLock { if $0.count < 8 { $0.append(text) } } }

  public func add(splits count: Int) { splitCounts.withLock { $0.known += count } }
  public func beginSplit() { splitCounts.withLock { $0.begun += 1 } }
  public func endSplit() { splitCounts.withLock { $0.ended += 1 } }
  public var splits: Splits { splitCounts.withLock { $0 } }

  public var rows: Int { rowCount.load(ordering: .relaxed) }
  public var bytes: Int { byteCount.load(ordering: .relaxed) }
  public var sentTexts: [String] { sent.withLock { $0 } }
}
