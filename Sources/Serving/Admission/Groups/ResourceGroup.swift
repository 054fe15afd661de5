import Settings
import Values

/// How a group chooses among those that wait.
package enum SchedulingPolicy: String, Sendable, CaseIterable {
  /// By turns.
  case fair
  /// In proportion to weights; those below their soft concurrency first.
  case weighted
  /// The one that runs least for its weight.
  case weightedFair = "weighted_fair"
  /// The highest `query_priority`, then who came first.
  case queryPriority = "query_priority"
}

/// A group of the file, with Presto's properties. One whose name has a variable (`${USER}`) stands for as many groups as there are values.
package struct ResourceGroup: Sendable, Equatable {
  /// A part of all memory, or bytes.
  package enum MemoryLimit: Sendable, Equatable {
    case fraction(Double)
    case bytes(Int)

    /// Of the memory that there is.
    package func bytes(of total: Int) -> Int {
      switch self {
      case .fraction(let fraction): fraction >= 1 ? total : Int(Double(total) * max(0, fraction))
      case .bytes(let bytes): bytes
      }
    }
  }

  /// Limits for each query of the group, below those of the session.
  package struct PerQueryLimits: Sendable, Equatable {
    package var executionTime: Duration?
    package var totalMemory: DataSize?
    package var cpuTime: Duration?
  }

  package var name: String
  package var hardConcurrencyLimit: Int
  package var softConcurrencyLimit: Int?
  package var maxQueued: Int
  package var softMemoryLimit: MemoryLimit?
  package var softCpuLimit: Duration?
  package var hardCpuLimit: Duration?
  package var schedulingPolicy = SchedulingPolicy.fair
  package var schedulingWeight = 1
  /// Whether monitoring shows the group even while it is empty.
  package var jmxExport = false
  package var perQueryLimits: PerQueryLimits?
  package var subGroups: [ResourceGroup] = []

  package init(name: String, hardConcurrencyLimit: Int, maxQueued: Int) {
    self.name = name
    self.hardConcurrencyLimit = hardConcurrencyLimit
    self.maxQueued = maxQueued
  }

  /// What an engine without a file has: Presto's `query.max-concurrent-queries` and `query.max-queued-queries`.
  package static let generous = ResourceGroup(name: "global", hardConcurrencyLimit: 1000, maxQueued: 5000)
}

/// The whole tree, and who goes where.
package struct ResourceGroups: Sendable, Equatable {
  package var roots: [ResourceGroup]
  package var selectors: [QuerySelector]
  /// Over what time the CPU limits count.
  package var cpuQuotaPeriod: Duration?

  package init(roots: [ResourceGroup], selectors: [QuerySelector], cpuQuotaPeriod: Duration? = nil) {
    self.roots = roots
    self.selectors = selectors
    self.cpuQuotaPeriod = cpuQuotaPeriod
  }

  package static let standard = ResourceGroups(roots: [.generous], selectors: [QuerySelector(group: ["global"])])

  /// The group at a path of names as they are written, from the roots down.
  func group(at path: [String]) -> ResourceGroup? {
    var level = roots
    var found: ResourceGroup?
    for name in path {
      found = level.first { $0.name == name }
      level = found?.subGroups ?? []
      if found == nil { return nil }
    }
    return found
  }
}
