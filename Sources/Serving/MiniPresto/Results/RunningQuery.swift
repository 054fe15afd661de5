import Execution
import Federation
import Settings
import Synchronization
import Values
import Vectors

/// One query under way: its batches, its progress, and a way to stop it.
public final class RunningQuery: Sendable {
  public let record: QueryRecord
  private let metrics: QueryMetrics
  private let memory: MemoryPool
  private let source: Source
  /// Its end is the query's end; false: what it reads is part of a larger whole.
  private let isResult: Bool
  /// Catalogs whose rows are counted as sent by databases; only where that is limited.
  private let remoteCatalogs: Set<String>

  enum Source: Sendable {
    case plan(RunningPlan)
    case batches(Mutexed<[Batch]>)
  }

  init(
    _ record: QueryRecord, _ source: Source, metrics: QueryMetrics = QueryMetrics(), memory: MemoryPool, isResult: Bool,
    remoteCatalogs: Set<String> = []
  ) {
    self.remoteCatalogs = remoteCatalogs
    self.record = record
    self.source = source
    self.metrics = metrics
    self.memory = memory
    self.isResult = isResult
  }

  public var id: String { record.id }
  public var text: String { record.text }
  public var user: String { record.session.user }

  /// What the query has read so far, and what it holds.
  public struct Progress: Sendable {
    public var rows = 0
    public var bytes = 0
    public var memory = 0
    public var peakMemory = 0
    public var sources: [Source] = []
    /// What databases sent.
    public var remote: (rows: Int, bytes: Int) = (0, 0)
    /// CPU time of its drivers, microseconds.
    public var cpuMicros: Int64 = 0
    /// Microseconds on the clock while operators worked, all drivers added up. Zero where operators are not timed.
    public var wallMicros = 0

    /// One scan of a source.
    public struct Source: Sendable {
      public var label: String
      public var rows: Int
      public var bytes: Int
      public var splits: ScanMetrics.Splits
      public var processorMicros: Int
      public var wallMicros: Int
      /// On the clock, while the source was waited for.
      public var waitingMicros: Int
    }

    /// Of all scans.
    public var splits: ScanMetrics.Splits { sources.reduce(ScanMetrics.Splits()) { $0 + $1.splits } }
  }

  public var progress: Progress {
    let (rows, bytes) = metrics.moved
    return Progress(
      rows: rows, bytes: bytes, memory: memory.reserved, peakMemory: memory.peak,
      sources: metrics.movedBySource.map {
        Progress.Source(
          label: $0.label, rows: $0.rows, bytes: $0.bytes, splits: $0.splits, processorMicros: $0.work.processor / 1000,
          wallMicros: $0.work.wall / 1000, waitingMicros: $0.work.waiting / 1000)
      }, remote: remoteCatalogs.isEmpty ? (0, 0) : metrics.moved(from: remoteCatalogs), cpuMicros: metrics.cpuMicros,
      wallMicros: metrics.wall / 1000)
  }

  func next() async throws -> Batch? {
    switch source {
    case .batches(let batches):
      if let batch = batches.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        record.count(rows: batch.count)
        return batch
      }
      end(.drained)
      return nil
    case .plan(let plan):
      do {
        guard let batch = try await plan.next() else {
          end(.drained)
          return nil
        }
        if isResult { record.count(rows: batch.count) }
        return batch
      } catch {
        plan.cancel()
        let reason = record.reason ?? PrestoError(error)
        end(.failed(reason))
        throw reason
      }
    }
  }

  private func end(_ event: QueryStateMachine.Event) { if isResult { record.handle(event) } }

  /// Stops the query; its reader gets `reason`.
  public func cancel(_ reason: PrestoError = PrestoError(.userCanceled, "Query was canceled")) { record.cancel(reason) }

  /// Stops what runs, nothing else.
  func stop() { if case .plan(let plan) = source { plan.cancel() } }

  deinit {
    switch source {
    case .plan: end(.failed(PrestoError(.userCanceled, "Query was canceled: its result is not read any more")))
    case .batches: end(.drained)
    }
  }
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
