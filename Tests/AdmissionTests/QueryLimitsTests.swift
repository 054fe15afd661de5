import Settings
import Testing
import Values

@testable import Admission

@Suite struct QueryLimitsTests {
  private func text(_ error: PrestoError?) -> String? { error.map { "\($0.code.name): \($0.message)" } }

  @Test(arguments: [
    ("query_max_execution_time", "5m", "EXCEEDED_TIME_LIMIT: Query exceeded the maximum execution time limit of 5.00m"),
    ("query_max_run_time", "10m", "EXCEEDED_TIME_LIMIT: Query exceeded the maximum run time limit of 10.00m"),
    ("query_max_planning_time", "1s", "EXCEEDED_TIME_LIMIT: Query exceeded the maximum planning time limit of 1.00s"),
    ("query_max_cpu_time", "1m", "EXCEEDED_CPU_LIMIT: Exceeded CPU limit of 1.00m"),
    ("query_max_memory", "1MB", "EXCEEDED_GLOBAL_MEMORY_LIMIT: Query exceeded distributed user memory limit of 1MB"),
    ("query_max_scan_physical_bytes", "1GB", "EXCEEDED_SCAN_LIMIT: Exceeded scan limit of 1GB"),
    ("query_max_scan_raw_input_bytes", "1GB", "EXCEEDED_SCAN_LIMIT: Exceeded scan limit of 1GB"),
    ("query_max_remote_rows", "999", "EXCEEDED_SCAN_LIMIT: Exceeded remote rows limit of 999"),
    ("query_max_remote_bytes", "1kB", "EXCEEDED_SCAN_LIMIT: Exceeded remote bytes limit of 1kB"),
  ])
  func eachLimit(_ name: String, _ value: String, _ expected: String) throws {
    var session = Session()
    let property = try #require(QueryLimits.properties.first { $0.name == name })
    #expect(!QueryLimits(session).isWatching)
    try session.set(property, to: value)
    let limits = QueryLimits(session)
    #expect(limits.isWatching == (name != "query_max_memory"))
    var use = QueryLimits.Use()
    #expect(limits.violation(use) == nil)
    use.planning = .milliseconds(1001)
    use.execution = .seconds(301)
    use.run = .seconds(601)
    use.cpu = .seconds(61)
    use.memory = 1 << 20 + 1
    use.scannedBytes = 1 << 31
    use.remoteRows = 1000
    use.remoteBytes = 1025
    #expect(text(limits.violation(use)) == expected)
  }

  @Test func atTheLimitIsAllowed() {
    var limits = QueryLimits()
    limits.executionTime = .seconds(5)
    limits.remoteRows = 10
    var use = QueryLimits.Use()
    use.execution = .seconds(5)
    use.remoteRows = 10
    #expect(limits.violation(use) == nil)
  }

  @Test func theLowerCounts() {
    var session = QueryLimits(), engine = QueryLimits()
    session.remoteRows = 0
    engine.remoteRows = 5
    session.runTime = .seconds(1)
    engine.runTime = .seconds(2)
    let both = session.lower(engine).lower(.init(executionTime: .seconds(3), totalMemory: DataSize(bytes: 7), cpuTime: nil))
    #expect(both.remoteRows == 5 && both.runTime == .seconds(1) && both.executionTime == .seconds(3) && both.memory.bytes == 7)
    #expect(both.cpuTime == .forever)
  }
}
