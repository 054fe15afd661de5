/// One group at work: a node of the tree, which points to its parent and children by number.
struct GroupNode: Sendable {
  let name: String
  /// From the root, with dots.
  let path: String
  let specification: ResourceGroup
  let parent: Int?
  /// It came into being with a query and goes when nothing is left of it.
  let isDynamic: Bool
  var children: [String: Int] = [:]
  let softMemory: Int?
  var cpu: CPUQuota?

  /// Here and below.
  var running = 0
  var waiting = 0
  var memory = 0
  var runningPeak = 0

  /// Those that wait here: leaves only.
  var queue: FairQueue
  /// Children with somebody waiting.
  var waitingChildren: [Int] = []
  /// When it last had its turn, or began to wait, counted in decisions.
  var turn = 0
  /// Where it stands in its parent's stride.
  var pass = 0.0
  /// How far the stride among its children has come.
  var virtualTime = 0.0

  init(_ specification: ResourceGroup, name: String, parent: (index: Int, path: String)?, isDynamic: Bool, memory: Int, cpuPeriod: Int64?) {
    self.name = name
    self.specification = specification
    self.parent = parent?.index
    self.isDynamic = isDynamic
    path = (parent.map { $0.path + "." } ?? "") + name
    softMemory = specification.softMemoryLimit?.bytes(of: memory)
    cpu = CPUQuota(specification, period: cpuPeriod)
    queue = FairQueue(specification.schedulingPolicy)
  }

  func concurrencyLimit(at now: Int64) -> Int {
    cpu?.concurrency(specification.hardConcurrencyLimit, at: now) ?? specification.hardConcurrencyLimit
  }

  /// Why nothing more of this group may start; nil: something may.
  func obstacle(at now: Int64) -> Waiting.Reason? {
    if let cpu, cpu.used(at: now) >= cpu.hard { return .cpu(group: path, used: cpu.used(at: now), limit: cpu.hard) }
    if let softMemory, memory > softMemory { return .memory(group: path, used: memory, limit: softMemory) }
    let limit = concurrencyLimit(at: now)
    return running >= limit ? .concurrency(group: path, running: running, limit: limit) : nil
  }

  var canQueueMore: Bool { waiting < specification.maxQueued }
  var isBelowSoftConcurrency: Bool { running < specification.softConcurrencyLimit ?? specification.hardConcurrencyLimit }
  var share: Double { Double(running) / Double(specification.schedulingWeight) }
}

/// Why a query waits, where, and how long already.
package struct Waiting: Sendable, Equatable {
  package enum Reason: Sendable, Equatable {
    case concurrency(group: String, running: Int, limit: Int)
    /// Bytes.
    case memory(group: String, used: Int, limit: Int)
    /// Microseconds.
    case cpu(group: String, used: Int64, limit: Int64)
    /// Others go first.
    case turn(group: String)
  }

  package var group: String
  package var reason: Reason
  /// One-based, in its group.
  package var position: Int
  /// How many wait in its group.
  package var count: Int
  /// Microseconds.
  package var waited: Int64
}
