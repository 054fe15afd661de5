/// Tokens and pages of one statement's conversation with its client. Pure: what the client asks and what happened go in, what to do comes out.
///
///     POST ─▶ queued/1 ─▶ queued/2 … ─▶ executing/0 ─▶ executing/1 … ─▶ last page
///                └─ page 0, when planning is over by then ─┘
///
/// Each page has a token. The page served last may be asked for again, since an answer can get lost on the way; the next one is made when it
/// is asked for; older ones are gone, and later ones do not exist.
struct StatementStateMachine: Sendable, Equatable {
  enum Event: Equatable {
    case askedQueued(token: Int)
    case askedExecuting(token: Int)
    /// Planning is over, well or badly: pages can be made.
    case started
    /// The page that was being made is there.
    case made(isLast: Bool)
  }

  enum Action: Equatable {
    /// Nothing to answer: an event was taken note of.
    case none
    /// Wait for a change, or answer with the next queued token when waiting has lasted long enough.
    case wait(nextToken: Int)
    /// Pages are to be had: answer as to executing/0.
    case proceed
    /// Answer with the page served last.
    case replay
    /// Make this page; nobody else does.
    case make(token: Int)
    /// Somebody makes it: wait for a change.
    case join
    /// 410.
    case gone
    /// 404.
    case missing
  }

  private(set) var isStarted = false
  /// Pages made so far; the last one has token `pageCount - 1`.
  private(set) var pageCount = 0
  private(set) var isMaking = false
  /// The last page was made: there will be no other.
  private(set) var isComplete = false
  private var queuedToken = 0

  mutating func handle(_ event: Event) -> Action {
    switch event {
    case .askedQueued(let token):
      // whoever has seen a page has no use for the queue any more
      if token < queuedToken || pageCount > 1 { return .gone }
      if token > queuedToken + 1 { return .missing }
      queuedToken = token
      return isStarted ? .proceed : .wait(nextToken: token + 1)
    case .askedExecuting(let token):
      guard isStarted, token >= 0 else { return .missing }
      if token == pageCount - 1 { return .replay }
      if token < pageCount { return .gone }
      if token > pageCount || isComplete { return .missing }
      if isMaking { return .join }
      isMaking = true
      return .make(token: token)
    case .started:
      isStarted = true
      return .none
    case .made(let isLast):
      guard isMaking else { return .none }
      isMaking = false
      pageCount += 1
      isComplete = isLast
      return .none
    }
  }
}
