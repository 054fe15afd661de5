import Admission
import Analysis
import CVectors
import Glibc
import Settings
import Values

/// How an engine is set up. The defaults suit a machine of its own.
public struct EngineConfiguration: Sendable {
  /// Driver threads: one a core.
  public var threads: Int
  /// Bytes all queries together may retain.
  public var memoryLimit: Int
  /// Bytes one query may retain.
  public var queryMemoryLimit: Int
  /// Five letters or digits at the end of query ids, so that several engines' queries can be told apart.
  public var instance: String
  /// Who may run how many queries; one group with room for a thousand, where nothing else is said.
  package var resourceGroups = ResourceGroups.standard
  /// Upper bounds of what sessions may ask for.
  package var queryLimits = QueryLimits()
  /// Who may do what.
  package var accessControl: any AccessControl = AllowAll()

  /// Where views are kept; nil: beside the directory of catalogs, and only in memory where there is none. Engines may share a file.
  public var viewsFile: String?
  /// Ended queries that are kept for `system.runtime.queries` and the web page: Presto's `query.max-history`.
  public var queryHistory = 100
  /// Every query's operators are metered while they run (`QueryRecord.plan`), not only those of EXPLAIN ANALYZE: a few microseconds for each batch.
  public var metersOperators = false

  public init(
    threads: Int? = nil, memoryLimit: Int? = nil, queryMemoryLimit: Int? = nil, instance: String = "local", viewsFile: String? = nil
  ) {
    self.threads = max(1, threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    let physical = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    // what is being copied as tables grow is not counted: half again as much at the worst
    self.memoryLimit = memoryLimit ?? physical / 2
    self.queryMemoryLimit = queryMemoryLimit ?? self.memoryLimit
    self.instance = instance
    self.viewsFile = viewsFile
  }

  /// The package is compiled for a processor with AVX2; an older one is told so instead of an illegal instruction.
  func checkProcessor() throws {
    if mp_processor_is_supported() == 0 {
      throw PrestoError(.notSupported, "This build needs a processor with AVX2, BMI2 and FMA (x86-64-v3)")
    }
  }
}

enum MonotonicClock {
  /// Microseconds that do not go back.
  static func micros() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

enum WallClock {
  static func micros() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

/// `yyyyMMdd_HHmmss_NNNNN_xxxxx`, UTC, as Presto's are.
enum QueryIdentifier {
  static func make(micros: Int64, number: Int, suffix: String) -> String {
    let seconds = Int(micros / 1_000_000)
    let (year, month, day) = Calendar.civil(days: seconds / 86_400)
    let time = seconds % 86_400
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let counter = String(number % 100_000)
    return "\(year)\(two(month))\(two(day))_\(two(time / 3600))\(two(time / 60 % 60))\(two(time % 60))_"
      + String(repeating: "0", count: 5 - counter.count) + counter + "_" + suffix
  }
}
