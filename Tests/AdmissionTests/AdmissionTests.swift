import Settings
import Testing
import Values

@testable import Admission

/// A tree and what it decided so far.
struct Tree {
  var machine: AdmissionStateMachine
  var now: Int64 = 0
  private(set) var started: [String] = []
  private(set) var refused: [String: String] = [:]

  init(_ groups: [ResourceGroup], _ selectors: [QuerySelector], period: Duration? = nil, memory: Int = 1000) {
    machine = AdmissionStateMachine(ResourceGroups(roots: groups, selectors: selectors, cpuQuotaPeriod: period), memory: memory)
  }

  mutating func handle(_ event: AdmissionStateMachine.Event) {
    for action in machine.handle(event, at: now) {
      switch action {
      case .start(let id, _): started.append(id)
      case .refuse(let id, let error): refused[id] = "\(error.code.name): \(error.message)"
      }
    }
  }

  mutating func submit(_ id: String, user: String = "ana", priority: Int = 1, longest: Int64? = nil) {
    handle(.submit(QuerySubmission(id: id, user: user, priority: priority, longestWait: longest)))
  }

  /// Ends the oldest that runs, `count` times; which ones start meanwhile.
  mutating func drain(_ count: Int) -> [String] {
    let before = started.count
    var running = started.filter { machine.entries[$0] != nil }[...]
    for _ in 0..<count {
      guard let first = running.popFirst() else { break }
      let known = started.count
      handle(.finish(first))
      running += started[known...]
    }
    return Array(started[before...])
  }
}

extension ResourceGroup {
  static func leaf(
    _ name: String, _ concurrency: Int, queued: Int = 1000, policy: SchedulingPolicy = .fair, weight: Int = 1,
    _ children: [ResourceGroup] = []
  ) -> ResourceGroup {
    var group = ResourceGroup(name: name, hardConcurrencyLimit: concurrency, maxQueued: queued)
    group.schedulingPolicy = policy
    group.schedulingWeight = weight
    group.subGroups = children
    return group
  }
}

@Suite struct AdmissionTests {
  static let one = [QuerySelector(group: ["g"])]
  static let perUser = [QuerySelector(group: ["g", "${USER}"])]

  @Test func limitThenQueueThenFull() {
    var tree = Tree([.leaf("g", 2, queued: 2)], Self.one)
    for id in ["a", "b", "c", "d", "e"] { tree.submit(id) }
    #expect(tree.started == ["a", "b"])
    #expect(tree.refused == ["e": "QUERY_QUEUE_FULL: Too many queued queries for \"g\""])
    tree.handle(.finish("c"))
    #expect(tree.started == ["a", "b"])
    tree.handle(.finish("a"))
    #expect(tree.started == ["a", "b", "d"])
    tree.handle(.finish("b"))
    tree.handle(.finish("d"))
    tree.handle(.finish("d"))
    #expect(tree.machine.entries.isEmpty && tree.machine.runningCount == 0 && tree.machine.waitingCount == 0)
  }

  @Test func withoutSelectorRefused() throws {
    var selector = QuerySelector(group: ["g"])
    selector.user = try TextPattern("bob")
    var tree = Tree([.leaf("g", 2)], [selector])
    tree.submit("a")
    #expect(tree.refused == ["a": "QUERY_REJECTED: Query did not match any selection rule"])
    tree.submit("b", user: "bob")
    tree.submit("b", user: "bob")
    #expect(tree.refused["b"] == "QUERY_REJECTED: There is already a query b")
  }

  @Test func everyUserHasHisTurn() {
    var tree = Tree([.leaf("g", 1)], Self.one)
    for i in 1...5 { tree.submit("a\(i)", user: "ana") }
    for i in 1...2 { tree.submit("b\(i)", user: "ben") }
    tree.submit("c1", user: "cyd")
    #expect(tree.drain(8) == ["a2", "b1", "c1", "a3", "b2", "a4", "a5"])
  }

  @Test func everyChildHasItsTurn() {
    var tree = Tree([.leaf("g", 1, [.leaf("${USER}", 1)])], Self.perUser)
    for i in 1...4 { tree.submit("a\(i)", user: "ana") }
    for i in 1...2 { tree.submit("b\(i)", user: "ben") }
    tree.submit("c1", user: "cyd")
    #expect(tree.drain(7) == ["a2", "b1", "c1", "a3", "b2", "a4"])
    #expect(tree.machine.groupCount == 1, "groups of users are forgotten")
  }

  @Test func weightsGiveProportions() {
    var tree = Tree(
      [.leaf("g", 1, policy: .weighted, [.leaf("a", 100, weight: 1), .leaf("b", 100, weight: 3)])],
      ["a", "b"].map { name in
        var selector = QuerySelector(group: ["g", name])
        selector.user = try? TextPattern(name)
        return selector
      })
    tree.submit("first", user: "a")
    for i in 0..<100 {
      tree.submit("a\(i)", user: "a")
      tree.submit("b\(i)", user: "b")
    }
    let order = tree.drain(80)
    #expect(order.count == 80)
    #expect(order.filter { $0.hasPrefix("b") }.count == 60)
    // no long runs of one: every four decisions hold one of a
    for start in stride(from: 0, to: 80, by: 8) { #expect(order[start..<start + 8].filter { $0.hasPrefix("a") }.count == 2) }
  }

  @Test func belowSoftConcurrencyFirst() {
    var a = ResourceGroup.leaf("a", 100, weight: 100)
    a.softConcurrencyLimit = 1
    var tree = Tree(
      [.leaf("g", 4, policy: .weighted, [a, .leaf("b", 100, weight: 1)])],
      ["a", "b"].map { name in
        var selector = QuerySelector(group: ["g", name])
        selector.user = try? TextPattern(name)
        return selector
      })
    for i in 0..<4 { tree.submit("x\(i)", user: "a") }
    for i in 0..<4 {
      tree.submit("a\(i)", user: "a")
      tree.submit("b\(i)", user: "b")
    }
    // the heavier one is over its soft limit all the time
    #expect(tree.drain(3) == ["b0", "b1", "b2"])
  }

  @Test func weightedFairKeepsShares() {
    var tree = Tree(
      [.leaf("g", 12, policy: .weightedFair, [.leaf("a", 100, weight: 1), .leaf("b", 100, weight: 2), .leaf("c", 100, weight: 3)])],
      ["a", "b", "c"].map { name in
        var selector = QuerySelector(group: ["g", name])
        selector.user = try? TextPattern(name)
        return selector
      })
    for i in 0..<200 { for user in ["a", "b", "c"] { tree.submit("\(user)\(i)", user: user) } }
    _ = tree.drain(100)
    let running = tree.machine.groups(at: 0).filter { $0.path != "g" }.map(\.running)
    #expect(running == [2, 4, 6])
  }

  @Test func prioritiesGoFirst() {
    var tree = Tree([.leaf("g", 1, policy: .queryPriority)], Self.one)
    tree.submit("first")
    for (id, priority) in [("low", 1), ("high", 9), ("middle", 5), ("high2", 9)] { tree.submit(id, priority: priority) }
    #expect(tree.machine.waiting("low", at: 0)?.position == 4)
    #expect(tree.drain(5) == ["high", "high2", "middle", "low"])
  }

  @Test func memoryHoldsBack() throws {
    var group = ResourceGroup.leaf("g", 10)
    group.softMemoryLimit = .fraction(0.5)
    var tree = Tree([group], Self.one)
    tree.submit("a")
    tree.handle(.use("a", memory: 501, cpu: 0))
    tree.submit("b")
    #expect(tree.started == ["a"])
    #expect(tree.machine.waiting("b", at: 0)?.reason == .memory(group: "g", used: 501, limit: 500))
    tree.handle(.use("a", memory: 400, cpu: 0))
    #expect(tree.started == ["a", "b"])
    tree.handle(.finish("a"))
    #expect(tree.machine.groups(at: 0)[0].memory == 0)
  }

  @Test func cpuTimeHoldsBackAndIsForgiven() {
    var group = ResourceGroup.leaf("g", 10)
    group.softCpuLimit = .seconds(10)
    group.hardCpuLimit = .seconds(20)
    var tree = Tree([group], Self.one, period: .seconds(40))
    tree.submit("a")
    tree.handle(.use("a", memory: 0, cpu: 15_000_000))
    #expect(tree.machine.groups(at: 0)[0].concurrencyLimit == 5, "half the way from the soft to the hard limit")
    tree.handle(.use("a", memory: 0, cpu: 20_000_000))
    tree.submit("b")
    #expect(tree.started == ["a"] && tree.machine.needsTicks)
    #expect(tree.machine.waiting("b", at: 0)?.reason == .cpu(group: "g", used: 20_000_000, limit: 20_000_000))
    // half a second of CPU time is forgiven each second
    tree.now = 1_000_000
    tree.handle(.tick)
    #expect(tree.started == ["a"], "one may run near the hard limit, and a does")
    tree.handle(.finish("a"))
    #expect(tree.started == ["a", "b"])
  }

  @Test func waitsNotForEver() {
    var tree = Tree([.leaf("g", 1)], Self.one)
    tree.submit("a")
    tree.submit("b", longest: 5_000_000)
    tree.now = 4_999_999
    tree.handle(.tick)
    #expect(tree.refused.isEmpty)
    tree.now = 5_000_000
    tree.handle(.tick)
    #expect(tree.refused == ["b": "EXCEEDED_TIME_LIMIT: Query exceeded maximum queued time limit of 5.00s"])
    #expect(tree.machine.waitingCount == 0)
  }

  @Test func saysWhyItWaits() {
    var tree = Tree([.leaf("g", 1, [.leaf("${USER}", 1)])], Self.perUser)
    tree.submit("a1", user: "ana")
    tree.submit("a2", user: "ana")
    tree.submit("b1", user: "ben")
    #expect(
      tree.machine.waiting("a2", at: 4_200_000)?.description
        == "All slots of resource group 'g.ana' are taken: 1 queries run, 1 may; number 1 of 1 in the queue of 'g.ana', waiting for 4.20s")
    #expect(tree.machine.waiting("b1", at: 0)?.reason == .concurrency(group: "g", running: 1, limit: 1))
    #expect(tree.machine.waiting("a1", at: 0) == nil && tree.machine.waiting("nobody", at: 0) == nil)
  }

  @Test func positionsAreTheOrderOfStarting() {
    var tree = Tree([.leaf("g", 1)], Self.one)
    tree.submit("first", user: "zoe")
    var random = Seeded(7)
    let ids = (0..<60).map { "q\($0)" }
    for id in ids { tree.submit(id, user: "user\(random.next() % 5)") }
    let predicted = ids.sorted { (tree.machine.waiting($0, at: 0)?.position ?? 0) < (tree.machine.waiting($1, at: 0)?.position ?? 0) }
    #expect(tree.drain(61) == predicted)
  }
}

/// The same numbers every time.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
