import Synchronization
import Values

/// What a query (or the whole engine) retains: query → engine, each with a limit. Operators report what they keep; batches in flight are not
/// counted. Safe from any thread.
public final class MemoryPool: Sendable {
  public let name: String
  public let limit: Int
  private let parent: MemoryPool?
  private let held = Atomic<Int>(0)
  private let highest = Atomic<Int>(0)

  public init(_ name: String, limit: Int, parent: MemoryPool? = nil) {
    self.name = name
    self.limit = limit
    self.parent = parent
  }

  public var reserved: Int { held.load(ordering: .relaxed) }
  public var peak: Int { highest.load(ordering: .relaxed) }

  /// Takes `bytes` (which may be negative to give some back) or throws `EXCEEDED_LOCAL_MEMORY_LIMIT` and takes nothing.
  public func reserve(_ bytes: Int) throws {
    let now = held.wrappingAdd(bytes, ordering: .relaxed).newValue
    if bytes > 0 && now > limit {
      held.wrappingSubtract(bytes, ordering: .relaxed)
      throw PrestoError(
        .exceededLocalMemoryLimit,
        "Query exceeded per-node memory limit of \(limit >> 20)MB (\(name) holds \((now - bytes) >> 20)MB, asked for \(bytes >> 10)kB)")
    }
    do { try parent?.reserve(bytes) } catch {
      held.wrappingSubtract(bytes, ordering: .relaxed)
      throw error
    }
    var seen = highest.load(ordering: .relaxed)
    while now > seen {
      let (done, current) = highest.compareExchange(expected: seen, desired: now, ordering: .relaxed)
      if done { break }
      seen = current
    }
  }

  public func release(_ bytes: Int) {
    held.wrappingSubtract(bytes, ordering: .relaxed)
    parent?.release(bytes)
  }
}
