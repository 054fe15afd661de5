import Settings
import Values

/// The queue tree at work. Events with their times go in, actions come out; no clock, no lock, no task.
///
///     submit ─▶ waiting ─▶ running ─▶ finished
///        └──▶ refused └──▶ cancelled, or waited too long
///
/// Times are microseconds on any clock that does not go back. What it holds is bounded by the groups' `maxQueued` and concurrency limits: a query
/// leaves nothing behind, and a group that came with a variable goes when it is idle and its CPU time is forgiven.
package struct AdmissionStateMachine: Sendable {
  package enum Event: Sendable {
    case submit(QuerySubmission)
    /// The query has ended, or is no longer wanted, wherever it is.
    case finish(String)
    /// What a running query holds (bytes) and what CPU time it has used in all (microseconds).
    case use(String, memory: Int, cpu: Int64)
    /// Time has passed.
    case tick
  }

  package enum Action: Sendable {
    case start(String, ResourceGroup.PerQueryLimits?)
    /// It cannot run, now or ever.
    case refuse(String, PrestoError)
  }

  struct Entry: Sendable {
    var group: Int
    var user: String
    var priority: Int
    var submitted: Int64
    var longestWait: Int64?
    var isRunning = false
    var memory = 0
    var cpu: Int64 = 0
  }

  package let configuration: ResourceGroups
  let memory: Int
  var nodes: [Int: GroupNode] = [:]
  var roots: [String: Int] = [:]
  var entries: [String: Entry] = [:]
  private var nextNode = 0
  var decisions = 0

  /// - Parameter memory: bytes that `softMemoryLimit`'s percentages are of.
  package init(_ configuration: ResourceGroups, memory: Int) {
    self.configuration = configuration
    self.memory = memory
    for root in configuration.roots where GroupTemplate.variables(root.name)?.isEmpty == true { grow(root, parent: nil) }
  }

  /// The group with what stands below it by name.
  private mutating func grow(_ group: ResourceGroup, parent: Int?) {
    let index = add(group, name: group.name, parent: parent, isDynamic: false)
    for child in group.subGroups where GroupTemplate.variables(child.name)?.isEmpty == true { grow(child, parent: index) }
  }

  private mutating func add(_ group: ResourceGroup, name: String, parent: Int?, isDynamic: Bool) -> Int {
    let index = nextNode
    nextNode += 1
    let above = parent.flatMap { parent in nodes[parent].map { (parent, $0.path) } }
    nodes[index] = GroupNode(
      group, name: name, parent: above, isDynamic: isDynamic, memory: memory, cpuPeriod: configuration.cpuQuotaPeriod?.micros)
    if let parent { nodes[parent]?.children[name] = index } else { roots[name] = index }
    return index
  }

  // MARK: Events

  package mutating func handle(_ event: Event, at now: Int64) -> [Action] {
    switch event {
    case .submit(let query): return submit(query, at: now)
    case .finish(let id): return finish(id, at: now)
    case .use(let id, let memory, let cpu): return use(id, memory: memory, cpu: cpu, at: now)
    case .tick: return tick(at: now)
    }
  }

  private mutating func submit(_ query: QuerySubmission, at now: Int64) -> [Action] {
    guard entries[query.id] == nil else {
      return [.refuse(query.id, PrestoError(.queryRejected, "There is already a query \(query.id)"))]
    }
    let leaf: Int
    do { leaf = try group(for: query) } catch { return [.refuse(query.id, PrestoError(error))] }
    let entry = Entry(group: leaf, user: query.user, priority: query.priority, submitted: now, longestWait: query.longestWait)
    // something that waits may have become able to run with time alone
    var actions = isIdle(leaf) ? [] : startWaiting(at: now)
    if canStart(leaf, at: now) {
      entries[query.id] = entry
      actions.append(start(query.id, at: now))
    } else if let full = path(leaf).first(where: { nodes[$0]?.canQueueMore == false }), let path = nodes[full]?.path {
      prune(leaf, at: now)
      actions.append(.refuse(query.id, PrestoError(.queryQueueFull, "Too many queued queries for \"\(path)\"")))
    } else {
      entries[query.id] = entry
      enqueue(query.id, entry)
    }
    return actions
  }

  private mutating func finish(_ id: String, at now: Int64) -> [Action] {
    guard let entry = entries[id] else { return [] }
    if entry.isRunning { stop(id, entry, at: now) } else { dequeue(id, entry) }
    entries[id] = nil
    prune(entry.group, at: now)
    return startWaiting(at: now)
  }

  private mutating func use(_ id: String, memory: Int, cpu: Int64, at now: Int64) -> [Action] {
    guard var entry = entries[id], entry.isRunning else { return [] }
    let held = memory - entry.memory, spent = max(0, cpu - entry.cpu)
    entry.memory = memory
    entry.cpu = max(cpu, entry.cpu)
    entries[id] = entry
    for index in path(entry.group) {
      nodes[index]?.memory += held
      if spent > 0 { nodes[index]?.cpu?.add(spent, at: now) }
    }
    return startWaiting(at: now)
  }

  private mutating func tick(at now: Int64) -> [Action] {
    var actions: [Action] = []
    for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
      guard !entry.isRunning, let longest = entry.longestWait, now - entry.submitted >= longest else { continue }
      dequeue(id, entry)
      entries[id] = nil
      actions.append(.refuse(id, QueryLimits.queuedTooLong(.microseconds(longest))))
    }
    actions += startWaiting(at: now)
    for index in nodes.keys.sorted(by: >) { prune(index, at: now) }
    return actions
  }

  /// Whether time alone can change something: somebody waits, or a group that is gone but for its CPU time is to be forgotten.
  package var needsTicks: Bool {
    roots.values.contains { (nodes[$0]?.waiting ?? 0) > 0 } || nodes.values.contains { $0.isDynamic && $0.running == 0 }
  }

  /// Whether any group limits memory or CPU time, so that uses must be reported.
  package var needsUse: Bool {
    func limits(_ group: ResourceGroup) -> Bool {
      group.softMemoryLimit != nil || group.softCpuLimit != nil || group.hardCpuLimit != nil || group.subGroups.contains(where: limits)
    }
    return configuration.roots.contains(where: limits)
  }

  // MARK: Which group

  /// The leaf of the first selector that fits; groups with variables come into being. Throws QUERY_REJECTED.
  private mutating func group(for query: QuerySubmission) throws -> Int {
    for selector in configuration.selectors {
      guard let variables = try selector.variables(of: query) else { continue }
      return try leaf(selector.group, variables)
    }
    throw PrestoError(.queryRejected, "Query did not match any selection rule")
  }

  private mutating func leaf(_ path: [String], _ variables: [String: String]) throws -> Int {
    var parent: Int?
    var level = configuration.roots
    for written in path {
      guard let specification = level.first(where: { $0.name == written }) else {
        throw PrestoError(.invalidResourceGroup, "Resource group '\(path.joined(separator: "."))' does not exist")
      }
      guard let name = GroupTemplate.expand(written, value: { variables[$0] }), !name.isEmpty else {
        throw PrestoError(.queryRejected, "The resource group '\(path.joined(separator: "."))' needs a value that the query does not have")
      }
      let known = parent.map { nodes[$0]?.children[name] } ?? roots[name]
      parent = known ?? add(specification, name: name, parent: parent, isDynamic: name != written)
      level = specification.subGroups
    }
    guard let parent else { throw PrestoError(.queryRejected, "Query did not match any selection rule") }
    return parent
  }

  /// From the group to its root.
  func path(_ leaf: Int) -> [Int] {
    var path: [Int] = []
    var next: Int? = leaf
    while let index = next {
      path.append(index)
      next = nodes[index]?.parent
    }
    return path
  }

  /// Forgets a group with a variable that nobody is in.
  private mutating func prune(_ leaf: Int, at now: Int64) {
    for index in path(leaf) {
      guard let node = nodes[index], node.isDynamic, node.running == 0, node.waiting == 0, node.children.isEmpty,
        (node.cpu?.used(at: now) ?? 0) == 0
      else { return }
      nodes[index] = nil
      if let parent = node.parent { nodes[parent]?.children[node.name] = nil } else { roots[node.name] = nil }
    }
  }
}
