import MiniPresto
import Synchronization
import Values

/// The statements that clients may still ask about.
final class StatementRegistry: Sendable {
  let engine: Engine
  let limits: StatementLimits
  let transactions = TransactionStore()
  private let statements = Mutex<[String: Statement]>([:])

  init(_ engine: Engine, _ limits: StatementLimits) {
    self.engine = engine
    self.limits = limits
  }

  /// A statement that is known from now on, and runs once started.
  func submit(_ text: String, _ request: ClientRequest) -> Statement {
    let record = engine.begin(text, request.session)
    let statement = Statement(
      record, request, slug: "x" + Secret.token(), engine: engine, transactions: transactions, limits: limits)
    statements.withLock { $0[statement.id] = statement }
    return statement
  }

  /// nil: unknown, or the slug is not its own.
  func statement(_ id: some StringProtocol, slug: some StringProtocol) -> Statement? {
    guard let statement = statements.withLock({ $0[String(id)] }), Secret.isEqual(statement.slug, slug) else { return nil }
    return statement
  }

  /// Statements whose clients have not got everything yet.
  var openCount: Int { statements.withLock { $0.values.map { $0 } }.count { !$0.contact.isComplete } }

  /// Something runs, or a client is about to fetch what has ended.
  var isAwaited: Bool {
    statements.withLock { $0.values.map { $0 } }.contains { statement in
      let (silence, isComplete) = statement.contact
      return !isComplete && (!statement.record.currentState.isDone || silence < .seconds(5))
    }
  }

  /// As many statements are known as may be.
  var isFull: Bool { statements.withLock { $0.count } >= limits.openStatements && openCount >= limits.openStatements }

  /// Ends queries whose clients have gone, forgets what has been fetched.
  func sweep() {
    transactions.sweep()
    for statement in statements.withLock({ $0.values.map { $0 } }) {
      let (silence, isComplete) = statement.contact
      if isComplete {
        if silence > limits.retention { forget(statement) }
      } else if silence > limits.clientTimeout {
        statement.cancel(
          PrestoError(
            .abandonedQuery,
            "Query \(statement.id) has not been accessed since \(silence.components.seconds) seconds: limit is \(limits.clientTimeout.components.seconds) seconds"
          ))
        forget(statement)
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

  func cancelAll(_ reason: PrestoError) {
    for statement in statements.withLock({ $0.values.map { $0 } }) where !statement.contact.isComplete { statement.cancel(reason) }
  }

  private func forget(_ statement: Statement) { statements.withLock { $0[statement.id] = nil } }
}
