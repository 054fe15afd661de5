import Settings

/// CPU time a group has used, which is forgiven at a steady rate: the hard limit within the quota period.
struct CPUQuota: Sendable {
  /// Microseconds; the hard one is the soft one where only that is given.
  let soft: Int64
  let hard: Int64
  /// Microseconds of CPU forgiven in a second.
  let rate: Double
  private var used = 0.0
  private var settled: Int64 = 0

  /// nil: the group has no limit.
  init?(_ group: ResourceGroup, period: Int64?) {
    guard let period, period > 0, let limit = group.hardCpuLimit ?? group.softCpuLimit else { return nil }
    hard = limit.micros
    soft = group.softCpuLimit?.micros ?? hard
    rate = max(1000, Double(hard) / Double(period) * 1e6)
  }

  /// Microseconds used up to now.
  func used(at now: Int64) -> Int64 {
    Int64(max(0, used - rate * Double(max(0, now - settled)) / 1e6))
  }

  mutating func add(_ micros: Int64, at now: Int64) {
    used = Double(used(at: now)) + Double(max(0, micros))
    settled = max(settled, now)
  }

  /// How many queries may run of those that `limit` allows: fewer from the soft limit on, none beyond the hard one.
  func concurrency(_ limit: Int, at now: Int64) -> Int {
    let used = used(at: now)
    if used >= hard { return 0 }
    if used < soft { return limit }
    let penalty = Double(used - soft) / Double(max(1, hard - soft))
    return max(1, min(limit - 1, Int((Double(limit) * (1 - penalty)).rounded(.down))))
  }
}
