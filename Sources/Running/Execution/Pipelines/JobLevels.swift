/// Jobs in line for a thread, by the processor time their query has had, as in Presto's multilevel feedback queue:
///
///     level        0        1       2       3       4
///     from         0     5 ms  100 ms     1 s    10 s
///     share       16        8       4       2       1
///
/// Served next is the level that is furthest behind its share; within a level it is first come, first served. A level nobody was in does not save up
/// its share.
struct JobLevels<Job> {
  private struct Level {
    var share: Int
    /// Time taken, divided by the share.
    var taken = 0
    var jobs: [Job] = []
    var first = 0
    /// Jobs that were taken and have not ended.
    var running = 0

    var isEmpty: Bool { first == jobs.count }
    var isActive: Bool { running > 0 || !isEmpty }

    mutating func removeFirst() -> Job {
      let job = jobs[first]
      first += 1
      if isEmpty {
        jobs.removeAll(keepingCapacity: jobs.count < 1024)
        first = 0
      } else if first > 1024 {
        jobs.removeFirst(first)
        first = 0
      }
      return job
    }
  }

  private static var limits: [Int] { [5_000_000, 100_000_000, 1_000_000_000, 10_000_000_000] }
  private var levels = [16, 8, 4, 2, 1].map { Level(share: $0) }
  private(set) var count = 0

  /// The first level that somebody waits in; past the last where nobody waits.
  var first: Int { levels.firstIndex { !$0.isEmpty } ?? levels.count }

  /// `used`: nanoseconds the job's query has had.
  mutating func put(_ job: Job, used: Int) {
    let index = JobLevels.limits.firstIndex { used < $0 } ?? levels.count - 1
    if !levels[index].isActive, let least = levels.lazy.filter(\.isActive).map(\.taken).min() {
      levels[index].taken = max(levels[index].taken, least)
    }
    levels[index].jobs.append(job)
    count += 1
  }

  /// Whoever takes a job ends it.
  mutating func take() -> (job: Job, level: Int)? {
    var next: Int?
    for index in levels.indices where !levels[index].isEmpty {
      if next.map({ levels[index].taken < levels[$0].taken }) ?? true { next = index }
    }
    guard let next else { return nil }
    count -= 1
    levels[next].running += 1
    return (levels[next].removeFirst(), next)
  }

  /// A job that was taken from this level has ended, or waits, after so much processor time.
  mutating func end(_ level: Int, after nanoseconds: Int) {
    levels[level].running -= 1
    levels[level].taken += nanoseconds / levels[level].share
  }
}
