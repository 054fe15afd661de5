import Settings

/// What people ask: why does my query wait, and who is in the groups.
extension AdmissionStateMachine {
  /// nil: the query does not wait.
  package func waiting(_ id: String, at now: Int64) -> Waiting? {
    guard let entry = entries[id], !entry.isRunning, let leaf = nodes[entry.group] else { return nil }
    let obstacle = path(entry.group).lazy.compactMap { nodes[$0]?.obstacle(at: now) }.first
    return Waiting(
      group: leaf.path, reason: obstacle ?? .turn(group: leaf.path),
      position: leaf.queue.position(of: id, user: entry.user, priority: entry.priority), count: leaf.queue.count,
      waited: max(0, now - entry.submitted))
  }

  /// The names of the query's group and of those above it, from the root.
  package func group(of id: String) -> [String]? { entries[id].map { names($0.group) } }

  private func names(_ index: Int) -> [String] { path(index).reversed().compactMap { nodes[$0]?.name } }

  package var runningCount: Int { roots.values.reduce(0) { $0 + (nodes[$1]?.running ?? 0) } }
  package var waitingCount: Int { roots.values.reduce(0) { $0 + (nodes[$1]?.waiting ?? 0) } }
  package var groupCount: Int { nodes.count }

  /// Every group there is, parents before children, by name.
  package func groups(at now: Int64) -> [ResourceGroupStatus] {
    var result: [ResourceGroupStatus] = []
    func add(_ index: Int) {
      guard let node = nodes[index] else { return }
      result.append(
        ResourceGroupStatus(
          path: node.path, names: names(index), running: node.running, runningPeak: node.runningPeak, waiting: node.waiting,
          memory: node.memory,
          cpuMicros: node.cpu?.used(at: now) ?? 0, concurrencyLimit: node.concurrencyLimit(at: now),
          softMemoryLimit: node.softMemory, isLeaf: node.children.isEmpty, specification: node.specification))
      for child in node.children.sorted(by: { $0.key < $1.key }) { add(child.value) }
    }
    for root in roots.sorted(by: { $0.key < $1.key }) { add(root.value) }
    return result
  }
}

/// A group and how full it is.
package struct ResourceGroupStatus: Sendable {
  package var path: String
  /// From the root; a name may have dots.
  package var names: [String]
  package var running: Int
  package var runningPeak: Int
  package var waiting: Int
  /// Bytes.
  package var memory: Int
  package var cpuMicros: Int64
  /// How many may run now.
  package var concurrencyLimit: Int
  package var softMemoryLimit: Int?
  package var isLeaf: Bool
  package var specification: ResourceGroup
}

extension Waiting: CustomStringConvertible {
  /// A sentence for whoever waits.
  package var description: String {
    let place = "number \(position) of \(count) in the queue of '\(group)', waiting for \(Duration.microseconds(waited).propertyText)"
    switch reason {
    case .concurrency(let group, let running, let limit):
      return "All slots of resource group '\(group)' are taken: \(running) queries run, \(limit) may; \(place)"
    case .memory(let group, let used, let limit):
      return "Resource group '\(group)' holds \(DataSize(bytes: used).propertyText) of memory and may start queries below "
        + "\(DataSize(bytes: limit).propertyText); \(place)"
    case .cpu(let group, let used, let limit):
      return "Resource group '\(group)' has used \(Duration.microseconds(used).propertyText) of CPU time, its limit is "
        + "\(Duration.microseconds(limit).propertyText); \(place)"
    case .turn: return "Others go first: \(place)"
    }
  }
}
