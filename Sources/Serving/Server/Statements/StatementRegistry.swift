import MiniPresto
import Synchronization
import Values

/// The statements that clients may still ask about.
final class StatementRegistry: Sendable {
  let engine: Engine
  let limits: StatementLimits
  let transactions = TransactionStore()
  let spool: SegmentSpool
  private let budget: BufferBudget
  private let state = Mutex(State())

  private struct State {
    /// Their clients have not got everything yet.
    var open: [String: Statement] = [:]
    /// Their last page may be asked for again.
    var fetched: [String: Statement] = [:]
    /// Ids of the fetched ones with the bytes of their last pages, the longest fetched first.
    var order: [(id: String, bytes: Int)] = []
    var fetchedBytes = 0

    mutating func forgetFirst() -> Statement? {
      let (id, bytes) = order.removeFirst()
      fetchedBytes -= bytes
      return fetched.removeValue(forKey: id)
    }
  }

  init(_ engine: Engine, _ limits: StatementLimits, _ spool: SegmentSpool) {
    self.engine = engine
    self.limits = limits
    self.spool = spool
    budget = BufferBudget(limit: limits.allBufferedBytes)
  }

  /// A statement that is known from now on, and runs once started.
  /// - Parameter slug: the client's own; nil: one is made.
  func submit(_ text: String, _ request: ClientRequest, slug: String? = nil) -> Statement {
    let record = engine.begin(text, request.session)
    let statement = Statement(
      record, request, slug: slug ?? "x" + Secret.token(), engine: engine, transactions: transactions,
      spool: spool.configuration.isEnabled ? spool : nil, budget: budget, limits: limits
    ) { [weak self] in self?.close($0) }
    state.withLock { $0.open[statement.id] = statement }
    return statement
  }

  func statement(_ id: String) -> Statement? { state.withLock { $0.open[id] ?? $0.fetched[id] } }

  /// nil: unknown, or the slug is not its own.
  func statement(_ id: some StringProtocol, slug: some StringProtocol) -> Statement? {
    let id = String(id)
    guard let statement = state.withLock({ $0.open[id] ?? $0.fetched[id] }), Secret.isEqual(statement.slug, slug) else { return nil }
    return statement
  }

  /// Statements whose clients have not got everything yet.
  var openCount: Int { state.withLock { $0.open.count } }

  private var open: [Statement] { state.withLock { $0.open.values.map { $0 } } }

  /// Something runs, or a client is about to fetch what has ended.
  var isAwaited: Bool { open.contains { !$0.record.currentState.isDone || $0.silence < .seconds(5) } }

  /// As many statements are under way as may be.
  var isFull: Bool {
    if openCount < limits.openStatements { return false }
    makeRoom()
    return openCount >= limits.openStatements
  }

  /// Gives up statements that have ended and whose clients have not asked for them in a while: who sends statements and never fetches an answer must
  /// not keep others out.
  private func makeRoom() {
    let idle = open.filter { $0.record.currentState.isDone }.map { ($0.silence, $0) }.filter { $0.0 > limits.courtesy }
    for (_, statement) in idle.sorted(by: { $0.0 > $1.0 }).prefix(max(1, limits.openStatements / 10)) {
      statement.cancel(PrestoError(.abandonedQuery, "Query \(statement.id) was not fetched while too many others waited"))
    }
  }

  /// The client has got everything, or wants no more. The longest fetched give way: only an answer lost just now is asked for again.
  private func close(_ statement: Statement) {
    let bytes = statement.retainedBytes
    // they end outside the lock
    _ = state.withLock { state -> [Statement?] in
      guard state.open.removeValue(forKey: statement.id) != nil else { return [] }
      state.fetched[statement.id] = statement
      state.order.append((statement.id, bytes))
      state.fetchedBytes += bytes
      var forgotten: [Statement?] = []
      while state.order.count > limits.retainedStatements || (state.fetchedBytes > limits.retainedBytes && state.order.count > 1) {
        forgotten.append(state.forgetFirst())
      }
      return forgotten
    }
  }

  /// Ends queries whose clients have gone, forgets what was fetched long ago.
  func sweep() {
    transactions.sweep()
    _ = state.withLock { state -> [Statement?] in
      var old: [Statement?] = []
      while let first = state.order.first, (state.fetched[first.id]?.silence ?? limits.retention) >= limits.retention {
        old.append(state.forgetFirst())
      }
      return old
    }
    for statement in open {
      let silence = statement.silence
      if silence > limits.clientTimeout {
        statement.cancel(
          PrestoError(
            .abandonedQuery,
            "Query \(statement.id) has not been accessed since \(silence.components.seconds) seconds: limit is \(limits.clientTimeout.components.seconds) seconds"
          ))
      } else if let error = overdue(statement.record.info) {
        statement.record.cancel(error)
      }
    }
  }

  private func overdue(_ info: QueryInfo) -> PrestoError? {
    if info.state.isDone { return nil }
    if Duration.microseconds(info.elapsedMicros) > limits.runTime {
      return PrestoError(.exceededTimeLimit, "Query exceeded the maximum run time limit of \(Uptime.text(limits.runTime))")
    }
    if Duration.microseconds(info.runningMicros) > limits.executionTime {
      return PrestoError(.exceededTimeLimit, "Query exceeded the maximum execution time limit of \(Uptime.text(limits.executionTime))")
    }
    return nil
  }

  func cancelAll(_ reason: PrestoError) { for statement in open { statement.cancel(reason) } }

  /// The client of that statement is still there.
  func touch(_ id: String) { statement(id)?.touch() }
}
