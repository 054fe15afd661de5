import Execution
import Plans
import Synchronization
import Values
import Vectors

/// A column of a result.
public struct ResultColumn: Sendable, Hashable {
  public var name: String
  public var type: DataType

  public init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }
}

/// What a statement changed in the session; whoever holds the session applies it.
public enum SessionChange: Sendable, Equatable {
  case use(catalog: String?, schema: String)
  case set(name: String, value: String)
  case reset(name: String)
  case timeZone(String?)
  case prepared(name: String, text: String)
  case deallocated(name: String)
}

/// A statement's answer: iterate it for the batches, or `rows(as:)` for decoded rows. One reader.
public struct QueryResult: AsyncSequence, Sendable {
  public typealias Element = Batch

  public let columns: [ResultColumn]
  /// `INSERT`, `CREATE TABLE`, `SET SESSION` … for statements that are no queries.
  public let updateType: String?
  public let changes: [SessionChange]
  public let warnings: [String]
  public let query: RunningQuery

  public struct AsyncIterator: AsyncIteratorProtocol {
    let query: RunningQuery
    public mutating func next() async throws -> Batch? { try await query.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(query: query) }
}

/// One query under way: its batches, its progress, and a way to stop it.
public final class RunningQuery: Sendable {
  public let id: String
  public let text: String
  public let user: String
  private let metrics: QueryMetrics
  private let memory: MemoryPool
  private let source: Source
  private let ended: @Sendable () -> Void
  private let cancelled = Mutex<PrestoError?>(nil)

  enum Source: Sendable {
    case plan(RunningPlan)
    case batches(Mutexed<[Batch]>)
  }

  init(
    id: String, text: String, user: String, _ source: Source, metrics: QueryMetrics = QueryMetrics(), memory: MemoryPool,
    ended: @escaping @Sendable () -> Void = {}
  ) {
    self.id = id
    self.text = text
    self.user = user
    self.source = source
    self.metrics = metrics
    self.memory = memory
    self.ended = ended
  }

  /// What the query has read so far, and what it holds.
  public struct Progress: Sendable {
    public var rows: Int
    public var bytes: Int
    public var memory: Int
    public var peakMemory: Int
    public var sources: [(label: String, rows: Int, bytes: Int)]
  }

  public var progress: Progress {
    let (rows, bytes) = metrics.moved
    return Progress(rows: rows, bytes: bytes, memory: memory.reserved, peakMemory: memory.peak, sources: metrics.movedBySource)
  }

  func next() async throws -> Batch? {
    switch source {
    case .batches(let batches): return batches.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    case .plan(let plan):
      do {
        guard let batch = try await plan.next() else {
          await plan.finished()
          ended()
          return nil
        }
        return batch
      } catch {
        plan.cancel()
        ended()
        if let reason = cancelled.withLock({ $0 }) { throw reason }
        throw PrestoError(error)
      }
    }
  }

  /// Stops the query; its reader gets `reason`.
  public func cancel(_ reason: PrestoError = PrestoError(.userCanceled, "Query was canceled")) {
    cancelled.withLock { if $0 == nil { $0 = reason } }
    if case .plan(let plan) = source { plan.cancel() }
  }

  deinit { ended() }
}

/// A value behind a mutex that can be passed around.
final class Mutexed<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>
  init(_ value: Value) { mutex = Mutex(value) }
  func withLock<R: Sendable>(_ body: (inout Value) -> R) -> R {
    mutex.withLock { value in
      var copy = value
      let result = body(&copy)
      value = copy
      return result
    }
  }
}
