/// The queries that wait in one leaf: first come, first served for each user, and users by turns.
///
///     priority 5:  users ana ▶ ben        ana: q7 q9   ben: q8
///     priority 1:  users cyd              cyd: q2 q3
///
/// Under `fair` and `weighted_fair` all queries are of one class. Under `query_priority` the highest class goes first; under `weighted` a class is
/// chosen in proportion to its priority.
struct FairQueue: Sendable {
  private struct Class: Sendable {
    var priority: Int
    var turns = WaitingLine<String>()
    var queries: [String: WaitingLine<String>] = [:]
    var count = 0
    /// Where it stands in its stride: it goes when it is the lowest.
    var pass = 0.0

    mutating func append(_ id: String, user: String) {
      if queries[user] == nil { turns.append(user) }
      queries[user, default: WaitingLine()].append(id)
      count += 1
    }

    mutating func popFirst() -> String? {
      guard let user = turns.popFirst(), let id = queries[user]?.popFirst() else { return nil }
      count -= 1
      if queries[user]?.isEmpty == true { queries[user] = nil } else { turns.append(user) }
      return id
    }

    mutating func remove(_ id: String, user: String) -> Bool {
      guard queries[user]?.remove(id) == true else { return false }
      count -= 1
      if queries[user]?.isEmpty == true {
        queries[user] = nil
        turns.remove(user)
      }
      return true
    }

    /// How many of the class go before it, if nobody comes.
    func ahead(of id: String, user: String) -> Int? {
      guard let own = queries[user]?.index(of: id) else { return nil }
      var ahead = own
      var isBefore = true
      for other in turns.all {
        if other == user {
          isBefore = false
        } else {
          ahead += min(queries[other]?.count ?? 0, isBefore ? own + 1 : own)
        }
      }
      return ahead
    }
  }

  private let policy: SchedulingPolicy
  /// Highest priority first.
  private var classes: [Class] = []
  private(set) var count = 0
  private var virtualTime = 0.0

  init(_ policy: SchedulingPolicy) { self.policy = policy }

  var isEmpty: Bool { count == 0 }

  private func rank(_ priority: Int) -> Int {
    switch policy {
    case .fair, .weightedFair: 1
    case .weighted: max(1, priority)
    case .queryPriority: priority
    }
  }

  mutating func append(_ id: String, user: String, priority: Int) {
    let rank = rank(priority)
    var index = classes.firstIndex { $0.priority <= rank } ?? classes.count
    if index == classes.count || classes[index].priority != rank {
      classes.insert(Class(priority: rank, pass: virtualTime), at: index)
    }
    index = classes.firstIndex { $0.priority == rank } ?? index
    classes[index].append(id, user: user)
    count += 1
  }

  /// Which class is next.
  private var nextClass: Int? {
    switch policy {
    case .fair, .weightedFair, .queryPriority: classes.isEmpty ? nil : 0
    case .weighted: classes.indices.min { (classes[$0].pass, -classes[$0].priority) < (classes[$1].pass, -classes[$1].priority) }
    }
  }

  var highestPriority: Int? { classes.first?.priority }

  mutating func popFirst() -> String? {
    guard let index = nextClass, let id = classes[index].popFirst() else { return nil }
    virtualTime = classes[index].pass
    classes[index].pass += 1 / Double(classes[index].priority)
    drop(index)
    count -= 1
    return id
  }

  mutating func remove(_ id: String, user: String, priority: Int) {
    guard let index = classes.firstIndex(where: { $0.priority == rank(priority) }), classes[index].remove(id, user: user) else { return }
    drop(index)
    count -= 1
  }

  /// A class nobody waits in is forgotten.
  private mutating func drop(_ index: Int) { if classes[index].count == 0 { classes.remove(at: index) } }

  /// One-based. Under `weighted` the classes mix, so it is what it would be in its own class and those above.
  func position(of id: String, user: String, priority: Int) -> Int {
    var before = 0
    for one in classes {
      if one.priority == rank(priority) { return before + (one.ahead(of: id, user: user) ?? 0) + 1 }
      before += one.count
    }
    return before + 1
  }
}
