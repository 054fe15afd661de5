import Testing

@testable import Execution

/// Who is served next.
@Suite struct JobLevelsTests {
  private static let second = 1_000_000_000

  private static func next<Job>(_ line: inout JobLevels<Job>) throws -> (job: Job, level: Int) {
    let next = line.take()
    return try #require(next)
  }

  @Test func firstComeFirstServedWithinALevel() throws {
    var line = JobLevels<Int>()
    for job in 0..<3000 { line.put(job, used: 0) }
    #expect(line.count == 3000)
    for job in 0..<3000 { #expect(try Self.next(&line).job == job) }
    let none = line.take()
    #expect(none?.job == nil && line.count == 0)
  }

  @Test func whoHasHadLittlePasses() throws {
    var line = JobLevels<String>()
    for job in 0..<50 { line.put("long \(job)", used: 100 * Self.second) }
    // the long ones have the threads for themselves for a while
    for _ in 0..<10 { line.end(try Self.next(&line).level, after: Self.second) }
    line.put("short", used: 0)
    #expect(try Self.next(&line).job == "short")
  }

  /// A driver is back in line before its turn has ended.
  @Test func timeIsSharedByLevel() throws {
    var line = JobLevels<Int>()
    let used = [0, Self.second / 50, Self.second / 2, 5 * Self.second, 90 * Self.second]
    for level in used.indices.reversed() {
      line.put(level, used: used[level])
      #expect(line.first == level)
    }
    var turns = [0, 0, 0, 0, 0]
    for _ in 0..<3100 {
      let (job, level) = try Self.next(&line)
      #expect(job == level)
      turns[level] += 1
      line.put(job, used: used[job])
      line.end(level, after: 20_000_000)
    }
    #expect(zip(turns, [1600, 800, 400, 200, 100]).allSatisfy { abs($0 - $1) <= 2 }, "\(turns)")
  }

  @Test func aShareIsNotSavedUp() throws {
    var line = JobLevels<String>()
    line.put("long", used: 100 * Self.second)
    for _ in 0..<1000 {
      let level = try Self.next(&line).level
      line.put("long", used: 100 * Self.second)
      line.end(level, after: Self.second)
    }
    // a stream of short ones, after a long time without any, gets its share and no more
    var long = 0
    line.put("short", used: 0)
    for _ in 0..<170 {
      let (job, level) = try Self.next(&line)
      if job == "long" { long += 1 }
      line.put(job, used: job == "long" ? 100 * Self.second : 0)
      line.end(level, after: 20_000_000)
    }
    #expect((9...11).contains(long))
  }
}
