import Settings
import Testing
import Values

@testable import Admission

/// Whatever comes in whatever order: limits hold, nothing is lost, nobody is passed by.
@Suite struct AdmissionPropertyTests {
  private static func tree(_ random: inout Seeded) -> (groups: [ResourceGroup], selectors: [QuerySelector], hasQuota: Bool) {
    func limits(_ name: String, _ random: inout Seeded) -> ResourceGroup {
      var group = ResourceGroup(
        name: name, hardConcurrencyLimit: Int.random(in: 1...6, using: &random), maxQueued: Int.random(in: 0...30, using: &random))
      if Int.random(in: 0..<3, using: &random) == 0 { group.softMemoryLimit = .bytes(Int.random(in: 10...300, using: &random)) }
      if Int.random(in: 0..<4, using: &random) == 0 { group.hardCpuLimit = .seconds(Int.random(in: 1...20, using: &random)) }
      if Int.random(in: 0..<2, using: &random) == 0 { group.softConcurrencyLimit = 1 }
      group.schedulingWeight = Int.random(in: 1...5, using: &random)
      group.schedulingPolicy = SchedulingPolicy.allCases.randomElement(using: &random) ?? .fair
      return group
    }
    var root = limits("g", &random)
    root.hardConcurrencyLimit += 3
    root.maxQueued += 30
    var selectors: [QuerySelector] = []
    for index in 0..<3 {
      var middle = limits("m\(index)", &random)
      let isLeaf = index == 0
      if !isLeaf { middle.subGroups = [limits("${USER}", &random)] }
      root.subGroups.append(middle)
      var selector = QuerySelector(group: ["g", "m\(index)"] + (isLeaf ? [] : ["${USER}"]))
      selector.source = try? TextPattern("s\(index)")
      selectors.append(selector)
    }
    return ([root], selectors, true)
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func anyOrderOfEvents(_ seed: UInt64) {
    var random = Seeded(seed)
    let (groups, selectors, _) = Self.tree(&random)
    var machine = AdmissionStateMachine(ResourceGroups(roots: groups, selectors: selectors, cpuQuotaPeriod: .seconds(10)), memory: 1000)
    var now: Int64 = 0
    var alive: [String: (user: String, source: String, priority: Int, isRunning: Bool)] = [:]
    var lines: [String: [String]] = [:]  // by user, source and priority, in order of coming
    var outcomes: [String: Int] = [:]
    var cpu: [String: Int64] = [:]
    var submitted = 0

    func key(_ id: String) -> String { alive[id].map { "\($0.user) \($0.source) \($0.priority)" } ?? "" }
    func apply(_ actions: [AdmissionStateMachine.Action]) {
      for action in actions {
        switch action {
        case .start(let id, _):
          #expect(alive[id]?.isRunning == false, "\(id) starts once")
          alive[id]?.isRunning = true
          #expect(lines[key(id)]?.first == id, "first come, first served")
          lines[key(id)]?.removeAll { $0 == id }
          // just before it started, there was room
          for status in machine.groups(at: now) {
            #expect(status.running <= status.specification.hardConcurrencyLimit, "\(status.path)")
          }
        case .refuse(let id, _):
          #expect(alive[id]?.isRunning == false)
          lines[key(id)]?.removeAll { $0 == id }
          alive[id] = nil
          outcomes[id, default: 0] += 1
        }
      }
    }

    for step in 0..<600 {
      now += Int64.random(in: 0...200_000, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let id = "q\(step)"
        let user = "u\(Int.random(in: 0..<4, using: &random))", source = "s\(Int.random(in: 0..<3, using: &random))"
        let priority = Int.random(in: 1...3, using: &random)
        alive[id] = (user, source, priority, false)
        lines[key(id), default: []].append(id)
        submitted += 1
        let longest: Int64? = Int.random(in: 0..<5, using: &random) == 0 ? 3_000_000 : nil
        apply(
          machine.handle(.submit(QuerySubmission(id: id, user: user, source: source, priority: priority, longestWait: longest)), at: now))
      case 5..<8:
        guard let id = alive.keys.sorted().randomElement(using: &random) else { continue }
        lines[key(id)]?.removeAll { $0 == id }
        alive[id] = nil
        outcomes[id, default: 0] += 1
        apply(machine.handle(.finish(id), at: now))
      case 8:
        guard let id = alive.filter(\.value.isRunning).keys.sorted().randomElement(using: &random) else { continue }
        cpu[id, default: 0] += Int64.random(in: 0...2_000_000, using: &random)
        apply(machine.handle(.use(id, memory: Int.random(in: 0...120, using: &random), cpu: cpu[id] ?? 0), at: now))
      default: apply(machine.handle(.tick, at: now))
      }
      check(machine, alive.mapValues(\.isRunning), at: now)
    }
    // all go home
    while let id = alive.keys.sorted().randomElement(using: &random) {
      lines[key(id)]?.removeAll { $0 == id }
      alive[id] = nil
      outcomes[id, default: 0] += 1
      apply(machine.handle(.finish(id), at: now))
    }
    apply(machine.handle(.tick, at: now + 3_600_000_000))
    #expect(outcomes.count == submitted && outcomes.values.allSatisfy { $0 == 1 }, "every query has one end")
    #expect(machine.entries.isEmpty && machine.groupCount == 4, "nothing is left behind")
  }

  private func check(_ machine: AdmissionStateMachine, _ alive: [String: Bool], at now: Int64) {
    #expect(machine.runningCount == alive.values.filter { $0 }.count)
    #expect(machine.waitingCount == alive.values.filter { !$0 }.count)
    for status in machine.groups(at: now) {
      #expect(status.running >= 0 && status.waiting >= 0 && status.memory >= 0, "\(status.path)")
      #expect(status.running <= status.specification.hardConcurrencyLimit, "\(status.path)")
      #expect(status.waiting <= status.specification.maxQueued, "\(status.path)")
    }
    var copy = machine
    #expect(copy.startWaiting(at: now).isEmpty, "what may run, runs")
    for (id, isRunning) in alive where !isRunning {
      #expect(machine.waiting(id, at: now).map { (1...$0.count).contains($0.position) } == true)
    }
  }

  @Test func thousandAtOnceWithTwentySlots() {
    var machine = AdmissionStateMachine(
      ResourceGroups(
        roots: [.leaf("g", 20, [.leaf("${USER}", 20)])], selectors: [QuerySelector(group: ["g", "${USER}"])]), memory: 1000)
    var order: [String] = []
    func apply(_ actions: [AdmissionStateMachine.Action]) {
      for case .start(let id, _) in actions { order.append(id) }
    }
    // ten users with a hundred each, one after the other
    for index in 0..<1000 { apply(machine.handle(.submit(QuerySubmission(id: "\(index)", user: "u\(index / 100)")), at: 0)) }
    #expect(order.count == 20 && machine.waitingCount == 980)
    var ended = 0
    while ended < order.count {
      apply(machine.handle(.finish(order[ended]), at: Int64(ended)))
      ended += 1
      #expect(machine.runningCount <= 20)
    }
    #expect(order.count == 1000 && Set(order).count == 1000)
    for user in 0..<10 {
      let own = order.compactMap(Int.init).filter { $0 / 100 == user }
      #expect(own == own.sorted(), "FIFO for each user")
    }
    // while all ten wait, each ten starts hold one of each
    for start in stride(from: 20, to: 820, by: 10) {
      #expect(Set(order[start..<start + 10].compactMap(Int.init).map { $0 / 100 }).count == 10)
    }
    #expect(machine.groupCount == 1 && machine.entries.isEmpty)
  }
}
