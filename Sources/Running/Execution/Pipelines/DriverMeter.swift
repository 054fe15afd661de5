import Federation
import Glibc
import Values
import Vectors

/// Charges what one driver does to the operators of its pipeline, for EXPLAIN ANALYZE.
///
/// Time is cut at every change of operator, and each piece belongs to the operator on top:
///
///     join.next ──┐         ┌─ filter done ─┐        ┌─ scan done
///                 join   filter           scan     filter  join …
///
/// A piece in which the driver gave up its thread, to wait for a source or for another pipeline, is waiting and not work; its processor time is what
/// the thread spent on the driver after it came back.
final class DriverMeter: @unchecked Sendable {
  /// The meter of the driver that is running, if it is metered. A driver is one task and runs on one thread at a time.
  @TaskLocal static var current: DriverMeter?

  private let metrics: QueryMetrics
  /// Operators begun and not ended, the innermost last.
  private var operators: [ObjectIdentifier] = []
  private var spent: [ObjectIdentifier: QueryMetrics.Work] = [:]
  private var mark = Mark.now()
  /// When `spent` was handed over last: people look at queries that run.
  private var reported: Int

  private static let reportInterval = 200_000_000

  init(_ metrics: QueryMetrics) {
    self.metrics = metrics
    reported = mark.wall
  }

  func begin(_ plan: ObjectIdentifier) {
    charge()
    operators.append(plan)
  }

  func end(_ batch: Batch?) {
    charge()
    guard let plan = operators.popLast() else { return }
    if let batch { spent[plan, default: QueryMetrics.Work()].add(batch) }
    if mark.wall - reported > DriverMeter.reportInterval { report() }
  }

  /// Hands over what was counted.
  func finish() {
    charge()
    report()
  }

  private func report() {
    metrics.add(spent)
    spent = [:]
    reported = mark.wall
  }

  private func charge() {
    let now = Mark.now()
    if let plan = operators.last { spent[plan, default: QueryMetrics.Work()].add(from: mark, to: now) }
    mark = now
  }

  /// A moment of a thread.
  struct Mark {
    /// Nanoseconds of the monotonic clock, and of the thread's processor time.
    var wall: Int
    var processor: Int
    /// Which of all threads' turns, and the thread's processor time at its start.
    var turn: (number: Int, processorAtStart: Int)

    static func now() -> Mark {
      Mark(
        wall: SystemClock.nanoseconds(CLOCK_MONOTONIC), processor: SystemClock.nanoseconds(CLOCK_THREAD_CPUTIME_ID),
        turn: WorkerPool.current)
    }
  }
}

enum SystemClock {
  static func nanoseconds(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

extension QueryMetrics {
  /// What an operator did, all drivers added up. Times are nanoseconds.
  public struct Work: Sendable {
    /// What came out of it.
    public var rows = 0
    public var batches = 0
    public var bytes = 0
    /// On the clock, while it worked.
    public var wall = 0
    /// On the clock, while it waited for a source or another pipeline.
    public var waiting = 0
    public var processor = 0
    /// Its first and its last moment, on the clock of `QueryMetrics.began`; nil: it has not begun.
    public var began: Int?
    public var ended: Int?

    mutating func add(_ batch: Batch) {
      rows += batch.count
      batches += 1
      bytes += batch.byteCount
    }

    mutating func add(from start: DriverMeter.Mark, to end: DriverMeter.Mark) {
      lasts(from: start.wall, to: end.wall)
      if start.turn.number == end.turn.number {
        wall += end.wall - start.wall
        processor += end.processor - start.processor
      } else {
        let worked = max(end.processor - end.turn.processorAtStart, 0)
        processor += worked
        wall += min(worked, end.wall - start.wall)
        waiting += max(end.wall - start.wall - worked, 0)
      }
    }

    mutating func add(_ other: Work) {
      rows += other.rows
      batches += other.batches
      bytes += other.bytes
      wall += other.wall
      waiting += other.waiting
      processor += other.processor
      if let began = other.began, let ended = other.ended { lasts(from: began, to: ended) }
    }

    private mutating func lasts(from first: Int, to last: Int) {
      began = min(began ?? first, first)
      ended = max(ended ?? last, last)
    }
  }
}

/// Counts an operator's batches and its time.
final class MeteredSource: BatchSource {
  private let source: any BatchSource
  private let plan: ObjectIdentifier

  init(_ source: any BatchSource, _ plan: ObjectIdentifier) {
    self.source = source
    self.plan = plan
  }

  func next() async throws -> Batch? {
    guard let meter = DriverMeter.current else { return try await source.next() }
    meter.begin(plan)
    var batch: Batch?
    defer { meter.end(batch) }
    batch = try await source.next()
    return batch
  }
}

/// Counts the time of the operator that a pipeline ends in: the building side of a join, the groups of an aggregation.
final class MeteredSink: BatchSink {
  private let sink: any BatchSink
  private let plan: ObjectIdentifier

  init(_ sink: any BatchSink, _ plan: ObjectIdentifier) {
    self.sink = sink
    self.plan = plan
  }

  func append(_ batch: Batch) async throws {
    DriverMeter.current?.begin(plan)
    defer { DriverMeter.current?.end(nil) }
    try await sink.append(batch)
  }

  func finish() async throws {
    DriverMeter.current?.begin(plan)
    defer { DriverMeter.current?.end(nil) }
    try await sink.finish()
  }
}
