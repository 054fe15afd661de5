import Hummingbird
import MiniPresto
import Synchronization
import Values
import Vectors

/// Answers to polls.
extension Statement {
  enum Answer: Sendable {
    case page(Page)
    /// 410 and 404.
    case gone, missing
  }

  /// `queued/…`: waits until planning is over, at most the long poll's time.
  func queued(token: Int, _ links: StatementLinks) async -> Answer {
    touch()
    let deadline = ContinuousClock.now + limits.longPoll
    while true {
      let seen = news.count
      switch state.withLock({ $0.machine.handle(.askedQueued(token: token)) }) {
      // what is ready at once needs no further round trip
      case .proceed: return await executing(token: 0, links)
      case .wait(let next):
        if deadline <= .now { return .page(progressPage(links, next: links.queued(next))) }
        await news.wait(past: seen, until: deadline)
        if Task.isCancelled { return .page(progressPage(links, next: links.queued(next))) }
      case .gone: return .gone
      case .none, .replay, .make, .join, .missing: return .missing
      }
    }
  }

  /// `executing/…`: the page of that token.
  func executing(token: Int, _ links: StatementLinks) async -> Answer {
    touch()
    let deadline = ContinuousClock.now + limits.longPoll
    while true {
      let seen = news.count
      let (action, moment) = state.withLock { ask(token, deadline, &$0) }
      switch action {
      case .replay:
        if let page = state.withLock({ $0.page }) { return .page(page) }
        return .missing
      case .make(let token): return .page(makePage(token, links))
      case .join, .wait:
        if Task.isCancelled { return .missing }
        await news.wait(past: seen, until: moment)
      case .gone: return .gone
      case .none, .proceed, .missing: return .missing
      }
    }
  }

  /// What to do about a poll, and until when to wait where that is the answer.
  private func ask(_ token: Int, _ deadline: ContinuousClock.Instant, _ state: inout State)
    -> (StatementStateMachine.Action, ContinuousClock.Instant?)
  {
    var machine = state.machine
    let action = machine.handle(.askedExecuting(token: token))
    guard case .make = action else { return (action, nil) }
    let now = ContinuousClock.now
    let soon = state.rowsArrived.map { min($0 + limits.linger, deadline) } ?? deadline
    let isReady =
      state.outcome.error != nil || state.isDrained || state.bufferedBytes + state.segmentBytes >= limits.pageBytes || soon <= now
    state.isPolled = !isReady && soon == deadline
    if !isReady { return (.wait(nextToken: token), soon) }
    state.machine = machine
    return (action, nil)
  }

  /// The answer to POST, and to polls before there is anything to show.
  func progressPage(_ links: StatementLinks, next: String) -> Page {
    let outcome = state.withLock { $0.outcome }
    var json = JSONWriter()
    json.object { json in
      QueryResults.begin(links, &json)
      json.field("nextUri", next)
      QueryResults.end(self, outcome, isLast: false, &json)
    }
    return Page(body: json.buffer, headers: HTTPFields())
  }

  private func makePage(_ token: Int, _ links: StatementLinks) -> Page {
    var json = JSONWriter(capacity: limits.pageBytes / 8)
    var isLast = false
    var outcome = Outcome()
    json.object { json in
      QueryResults.begin(links, &json)
      if let columns = state.withLock({ $0.outcome.columns }) {
        QueryResults.write(columns, request, &json)
        if let encoding { writeSegments(encoding, links, &json) } else { writeRows(&json) }
      }
      (isLast, outcome) = state.withLock { state in
        (state.outcome.error != nil || (state.isDrained && state.batches.isEmpty && state.segments.isEmpty), state.outcome)
      }
      if !isLast { json.field("nextUri", links.executing(token + 1)) }
      QueryResults.end(self, outcome, isLast: isLast, &json)
    }
    if let encoding { outcome.headers.append(.queryDataEncoding, request.dialect, encoding.rawValue) }
    let page = Page(body: json.buffer, headers: outcome.headers)
    let isClosing = state.withLock { state in
      _ = state.machine.handle(.made(isLast: isLast))
      state.page = page
      state.lastContact = .now
      return isLast && !state.isClosed
    }
    if isClosing { complete() }
    news.ring()
    return page
  }

  /// As many of the waiting rows as a page takes.
  private func writeRows(_ json: inout JSONWriter) {
    guard var (batch, row) = nextRows() else { return }
    json.key("data")
    json.raw { out in
      let limit = out.count + limits.pageBytes
      var writer = RowWriter(isParametric: request.isParametric)
      out.write(0x5B)
      while true {
        let end = writer.write(batch, from: row, upTo: limit, &out)
        let isWhole = end == batch.count
        state.withLock { state in
          // the batch may have gone: the query failed meanwhile
          guard !state.batches.isEmpty else { return }
          if isWhole {
            state.bufferedBytes -= batch.byteCount
            state.batches.removeFirst()
          }
          state.row = isWhole ? 0 : end
          if state.batches.isEmpty { state.rowsArrived = nil }
        }
        if isWhole { room.ring() }
        if out.count >= limit { break }
        guard let next = nextRows() else { break }
        (batch, row) = next
      }
      out.write(0x5D)
    }
  }

  private func nextRows() -> (Batch, Int)? { state.withLock { state in state.batches.first.map { ($0, state.row) } } }
}
