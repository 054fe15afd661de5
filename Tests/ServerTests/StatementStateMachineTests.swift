import Testing

@testable import Server

/// The conversation of one statement as events and what they lead to.
struct StatementStateMachineTests {
  @Test("A client that asks for one page after the other")
  func straight() {
    var machine = StatementStateMachine()
    #expect(machine.handle(.askedQueued(token: 1)) == .wait(nextToken: 2))
    #expect(machine.handle(.askedQueued(token: 2)) == .wait(nextToken: 3))
    #expect(machine.handle(.started) == .none)
    #expect(machine.handle(.askedQueued(token: 3)) == .proceed)
    #expect(machine.handle(.askedExecuting(token: 0)) == .make(token: 0))
    #expect(machine.handle(.made(isLast: false)) == .none)
    #expect(machine.handle(.askedExecuting(token: 1)) == .make(token: 1))
    #expect(machine.handle(.made(isLast: true)) == .none)
    #expect(machine.isComplete)
    #expect(machine.handle(.askedExecuting(token: 2)) == .missing)
  }

  @Test("The page served last is served again, older ones are gone, later ones do not exist")
  func replays() {
    var machine = StatementStateMachine()
    _ = machine.handle(.started)
    for token in 0..<3 {
      #expect(machine.handle(.askedExecuting(token: token)) == .make(token: token))
      _ = machine.handle(.made(isLast: false))
    }
    #expect(machine.handle(.askedExecuting(token: 2)) == .replay)
    #expect(machine.handle(.askedExecuting(token: 1)) == .gone)
    #expect(machine.handle(.askedExecuting(token: 0)) == .gone)
    #expect(machine.handle(.askedExecuting(token: 4)) == .missing)
    #expect(machine.handle(.askedExecuting(token: -1)) == .missing)
    #expect(machine.handle(.askedExecuting(token: Int.max)) == .missing)
    // asking in vain changed nothing
    #expect(machine.handle(.askedExecuting(token: 3)) == .make(token: 3))
  }

  @Test("Two requests for one page: one makes it, the other waits for it")
  func twice() {
    var machine = StatementStateMachine()
    _ = machine.handle(.started)
    #expect(machine.handle(.askedExecuting(token: 0)) == .make(token: 0))
    #expect(machine.handle(.askedExecuting(token: 0)) == .join)
    _ = machine.handle(.made(isLast: true))
    #expect(machine.handle(.askedExecuting(token: 0)) == .replay)
  }

  @Test("The queue's tokens: again, too old, never given")
  func queue() {
    var machine = StatementStateMachine()
    #expect(machine.handle(.askedExecuting(token: 0)) == .missing)
    #expect(machine.handle(.askedQueued(token: 1)) == .wait(nextToken: 2))
    #expect(machine.handle(.askedQueued(token: 1)) == .wait(nextToken: 2))
    #expect(machine.handle(.askedQueued(token: 3)) == .missing)
    #expect(machine.handle(.askedQueued(token: 2)) == .wait(nextToken: 3))
    #expect(machine.handle(.askedQueued(token: 1)) == .gone)
    _ = machine.handle(.started)
    #expect(machine.handle(.askedQueued(token: 2)) == .proceed)
    // the answer with the first page can get lost, and with it that the queue is over
    #expect(machine.handle(.askedExecuting(token: 0)) == .make(token: 0))
    _ = machine.handle(.made(isLast: false))
    #expect(machine.handle(.askedQueued(token: 2)) == .proceed)
    _ = machine.handle(.askedExecuting(token: 1))
    _ = machine.handle(.made(isLast: false))
    #expect(machine.handle(.askedQueued(token: 2)) == .gone)
  }

  @Test("A page that nobody asked to make is not counted")
  func stray() {
    var machine = StatementStateMachine()
    #expect(machine.handle(.made(isLast: true)) == .none)
    #expect(machine == StatementStateMachine())
  }
}
