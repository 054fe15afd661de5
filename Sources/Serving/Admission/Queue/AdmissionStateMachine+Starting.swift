/// Who starts next.
extension AdmissionStateMachine {
  /// Nobody waits in the whole tree that the group is in.
  func isIdle(_ leaf: Int) -> Bool { path(leaf).last.flatMap { nodes[$0]?.waiting } == 0 }

  /// Whether a query that just came to this group may run at once: there is room in every group above, and nobody here came before.
  func canStart(_ leaf: Int, at now: Int64) -> Bool {
    nodes[leaf]?.queue.isEmpty == true && path(leaf).allSatisfy { nodes[$0]?.obstacle(at: now) == nil }
  }

  mutating func enqueue(_ id: String, _ entry: Entry) {
    nodes[entry.group]?.queue.append(id, user: entry.user, priority: entry.priority)
    for index in path(entry.group) {
      nodes[index]?.waiting += 1
      if nodes[index]?.waiting == 1 { beginWaiting(index) }
    }
  }

  /// Takes its place behind those of its parent that wait already.
  private mutating func beginWaiting(_ index: Int) {
    guard let parent = nodes[index]?.parent else { return }
    decisions += 1
    nodes[index]?.turn = decisions
    let pass = max(nodes[index]?.pass ?? 0, nodes[parent]?.virtualTime ?? 0)
    nodes[index]?.pass = pass
    nodes[parent]?.waitingChildren.append(index)
  }

  mutating func dequeue(_ id: String, _ entry: Entry) {
    nodes[entry.group]?.queue.remove(id, user: entry.user, priority: entry.priority)
    leaveQueue(entry.group)
  }

  private mutating func leaveQueue(_ leaf: Int) {
    for index in path(leaf) {
      nodes[index]?.waiting -= 1
      if nodes[index]?.waiting == 0, let parent = nodes[index]?.parent { nodes[parent]?.waitingChildren.removeAll { $0 == index } }
    }
  }

  /// A query that is in no queue begins to run.
  mutating func start(_ id: String, at now: Int64) -> Action {
    entries[id]?.isRunning = true
    var limits: ResourceGroup.PerQueryLimits?
    for index in path(entries[id]?.group ?? -1) {
      guard var node = nodes[index] else { continue }
      node.running += 1
      node.runningPeak = max(node.runningPeak, node.running)
      nodes[index] = node
      limits = limits ?? node.specification.perQueryLimits
    }
    return .start(id, limits)
  }

  mutating func stop(_ id: String, _ entry: Entry, at now: Int64) {
    for index in path(entry.group) {
      nodes[index]?.running -= 1
      nodes[index]?.memory -= entry.memory
    }
  }

  /// Starts whatever may start now.
  mutating func startWaiting(at now: Int64) -> [Action] {
    var actions: [Action] = []
    for root in roots.values.sorted() {
      while (nodes[root]?.waiting ?? 0) > 0, let id = next(in: root, at: now) { actions.append(start(id, at: now)) }
    }
    return actions
  }

  /// Takes the next query of a group out of its queue; nil: none may run.
  private mutating func next(in group: Int, at now: Int64) -> String? {
    guard nodes[group]?.obstacle(at: now) == nil else { return nil }
    if let id = nodes[group]?.queue.popFirst() {
      leaveQueue(group)
      return id
    }
    guard let child = choose(in: group, at: now), let id = next(in: child, at: now) else { return nil }
    decisions += 1
    nodes[child]?.turn = decisions
    let pass = nodes[child]?.pass ?? 0, weight = nodes[child]?.specification.schedulingWeight ?? 1
    nodes[group]?.virtualTime = pass
    nodes[child]?.pass = pass + 1 / Double(weight)
    return id
  }

  /// Whether something in the group may start.
  private func isStartable(_ index: Int, at now: Int64) -> Bool {
    guard let node = nodes[index], node.waiting > 0, node.obstacle(at: now) == nil else { return false }
    return !node.queue.isEmpty || node.waitingChildren.contains { isStartable($0, at: now) }
  }

  /// The child whose turn it is, by the group's policy.
  private func choose(in group: Int, at now: Int64) -> Int? {
    guard let node = nodes[group] else { return nil }
    var best: (child: Int, rank: (Double, Double, Int))?
    for child in node.waitingChildren where isStartable(child, at: now) {
      guard let candidate = nodes[child] else { continue }
      let rank: (Double, Double, Int) =
        switch node.specification.schedulingPolicy {
        case .fair: (0, 0, candidate.turn)
        case .weighted: (candidate.isBelowSoftConcurrency ? 0 : 1, candidate.pass, candidate.turn)
        case .weightedFair: (0, candidate.share, candidate.turn)
        case .queryPriority: (-Double(highestPriority(child, at: now)), 0, candidate.turn)
        }
      if best.map({ rank < $0.rank }) ?? true { best = (child, rank) }
    }
    return best?.child
  }

  /// The highest priority of what may start in the group.
  private func highestPriority(_ index: Int, at now: Int64) -> Int {
    guard let node = nodes[index] else { return .min }
    if let own = node.queue.highestPriority { return own }
    return node.waitingChildren.filter { isStartable($0, at: now) }.map { highestPriority($0, at: now) }.max() ?? .min
  }
}
