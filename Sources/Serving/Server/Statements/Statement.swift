import Hummingbird
import MiniPresto
import Synchronization
import Values
import Vectors

/// One statement and its client: runs the query ahead of the client by a bounded buffer, and cuts what is there into pages.
///
///     engine ─▶ batches (bounded) ─▶ page being made ─▶ page served last, kept for a retry
final class Statement: Sendable {
  let record: QueryRecord
  let request: ClientRequest
  /// What a poll must know beside the id: polls carry no credentials.
  let slug: String
  let limits: StatementLimits
  let engine: Engine
  let transactions: TransactionStore
  /// Where large segments wait; nil: rows travel in the pages.
  private let spool: SegmentSpool?
  /// News for the client.
  let news = Bell()
  /// Room in the buffer.
  let room = Bell()
  /// Told once, when the client has got everything or wants no more.
  private let closed: @Sendable (Statement) -> Void
  let state: Mutex<State>

  struct State {
    var machine = StatementStateMachine()
    var outcome = Outcome()
    var batches: [Batch] = []
    /// The same in the spooled protocol.
    var segments: [Segment] = []
    /// Bytes of batches, and of segments that are not in the spool.
    var bufferedBytes = 0 { didSet { budget.add(bufferedBytes - oldValue) } }
    /// Bytes of all segments.
    var segmentBytes = 0
    let budget: BufferBudget
    /// First row of the first batch that is not in a page yet.
    var row = 0
    /// When rows arrived that wait for a page.
    var rowsArrived: ContinuousClock.Instant?
    /// The query has yielded everything.
    var isDrained = false
    var page: Page?
    var lastContact = ContinuousClock.now
    /// A poll waits for rows.
    var isPolled = false
    /// The client wants no more.
    var isClosed = false
  }

  /// What a statement turned out to be.
  struct Outcome: Sendable {
    var columns: [ResultColumn]?
    var updateType: String?
    var updateCount: Int?
    var warnings: [QueryWarning] = []
    var headers = HTTPFields()
    var error: PrestoError?
  }

  /// A page as it is sent.
  struct Page: Sendable {
    var body: ByteBuffer
    var headers: HTTPFields
  }

  init(
    _ record: QueryRecord, _ request: ClientRequest, slug: String, engine: Engine, transactions: TransactionStore, spool: SegmentSpool?,
    budget: BufferBudget, limits: StatementLimits, closed: @escaping @Sendable (Statement) -> Void
  ) {
    self.record = record
    self.request = request
    self.slug = slug
    self.engine = engine
    self.transactions = transactions
    self.spool = spool
    self.limits = limits
    self.closed = closed
    state = Mutex(State(budget: budget))
  }

  deinit { state.withLock { $0.bufferedBytes = 0 } }

  var id: String { record.id }

  /// Starts planning and running; returns at once.
  func start() {
    let task = Task { await run() }
    record.whenCancelled { [weak self] reason in
      task.cancel()
      self?.fail(reason)
    }
  }

  func cancel(_ reason: PrestoError) {
    let isFirst = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed && !state.machine.isComplete
    }
    // a query that has ended already may still have rows under way
    if !record.cancel(reason) { fail(reason) }
    if isFirst { closed(self) }
  }

  private func run() async {
    do {
      try check()
      let result = try await engine.run(record)
      var outcome = Outcome()
      outcome.columns = result.columns.isEmpty ? Statement.emptyColumns : result.columns
      outcome.updateType = result.updateType
      outcome.warnings = result.warnings
      outcome.headers = try headers(for: result.changes)
      state.withLock { state in
        outcome.error = state.outcome.error
        state.outcome = outcome
        _ = state.machine.handle(.started)
      }
      news.ring()
      let counts = result.updateType != nil && result.columns.map(\.type) == [.bigint]
      func look(_ batch: Batch) {
        guard counts, let number = batch.columns[0].constant(at: 0).wideValue else { return }
        state.withLock { $0.outcome.updateCount = Int(truncatingIfNeeded: number) }
      }
      let end = result.columns.isEmpty ? Statement.emptyAnswer : nil
      if let spool, let encoding {
        try await self.spool(result, end, encoding, spool, look)
      } else {
        for try await batch in result {
          look(batch)
          await buffer(batch)
        }
        if let end { await buffer(end) }
      }
      state.withLock { $0.isDrained = true }
      news.ring()
    } catch {
      let reason = PrestoError(error)
      // known to the engine already, unless it never came so far
      record.cancel(reason)
      fail(reason)
    }
  }

  /// What keeps a statement from being tried at all.
  private func check() throws {
    if let error = request.error { throw error }
    if record.text.count > limits.textLength {
      throw PrestoError(
        .queryTextTooLarge, "Query text length (\(record.text.count)) exceeds the maximum length (\(limits.textLength))")
    }
    if let id = request.transaction { try transactions.check(id) }
  }

  private func buffer(_ batch: Batch) async {
    while !Task.isCancelled {
      let seen = room.count
      let isTaken = state.withLock { state -> Bool in
        if !state.batches.isEmpty && (state.bufferedBytes >= limits.bufferedBytes || state.budget.isSpent) { return false }
        if state.outcome.error != nil { return true }
        state.batches.append(batch)
        state.bufferedBytes += batch.byteCount
        if state.rowsArrived == nil { state.rowsArrived = .now }
        return true
      }
      if isTaken { return news.ring() }
      await room.wait(past: seen, until: nil)
    }
  }

  private func fail(_ reason: PrestoError) {
    state.withLock { state in
      // what is whole is whole: a cancellation that comes later changes nothing for the client
      if state.machine.isComplete || state.outcome.error != nil { return }
      state.outcome.error = reason
      state.batches = []
      state.segments = []
      state.bufferedBytes = 0
      state.segmentBytes = 0
      _ = state.machine.handle(.started)
    }
    news.ring()
    room.ring()
    if let spool, encoding != nil { Task { [id] in await spool.drop(of: id) } }
  }

  /// How the rows of this statement travel; nil: in the pages.
  var encoding: DataEncoding? { spool == nil ? nil : request.dataEncoding }

  /// Statements that yield nothing answer `true`, as Presto's do.
  private static let emptyColumns = [ResultColumn("result", .boolean)]
  private static let emptyAnswer = Batch([Vector.constant(.boolean(true), .boolean, count: 1)], count: 1)

  // MARK: Who still cares

  func touch() { state.withLock { $0.lastContact = .now } }

  /// How long the client has been silent.
  var silence: Duration { state.withLock { ContinuousClock.now - $0.lastContact } }

  /// What a retry would get.
  var retainedBytes: Int { state.withLock { $0.page?.body.readableBytes ?? 0 } }

  /// The last page is made.
  func complete() { closed(self) }
}
