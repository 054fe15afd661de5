import Admission
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// Every query of an engine passes admission, and its limits hold.
@Suite struct AdmissionControlTests {
  private static func engine(_ groups: String? = nil) throws -> Engine {
    var configuration = EngineConfiguration(threads: 2, memoryLimit: 1 << 30)
    if let groups { configuration.resourceGroups = try ResourceGroups(parsing: groups, origin: "groups") }
    return try Engine(
      catalogs: .properties(["memory": Properties(["connector.name": "memory"])]), connectors: .standard, configuration: configuration)
  }

  private static func group(_ concurrency: Int, _ queued: Int, _ more: String = "") -> String {
    #"{"rootGroups": [{"name": "g", "hardConcurrencyLimit": \#(concurrency), "maxQueued": \#(queued)\#(more)}], "selectors": [{"group": "g"}]}"#
  }

  private static func run(_ engine: Engine, _ sql: String, _ change: (inout Session) throws -> Void = { _ in }) async throws -> Int {
    var session = Session(user: "ana")
    try change(&session)
    var rows = 0
    for try await batch in try await engine.query(sql, session) { rows += batch.count }
    return rows
  }

  private static func error(_ engine: Engine, _ sql: String, _ change: (inout Session) throws -> Void = { _ in }) async -> String {
    do { return "\(try await run(engine, sql, change)) rows" } catch { return PrestoError(error).description }
  }

  private static let endless =
    "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(y), UNNEST(sequence(1, 10000)) c(z)"

  @Test func oneAfterTheOther() async throws {
    let engine = try Self.engine(Self.group(1, 1))
    let first = try await engine.query("SELECT * FROM UNNEST(sequence(1, 3))")
    let waiting = engine.begin("SELECT 1", Session(user: "ben"))
    let second = Task { try await engine.run(waiting) }
    while engine.reasonForWaiting(waiting.id) == nil { await Task.yield() }
    #expect(
      engine.reasonForWaiting(waiting.id)?.hasPrefix(
        "All slots of resource group 'g' are taken: 1 queries run, 1 may; number 1 of 1 in the queue of 'g', waiting for ") == true)
    #expect(waiting.currentState == .queued && engine.resourceGroup(of: waiting.id) == ["g"])
    #expect(await Self.error(engine, "SELECT 2") == "QUERY_QUEUE_FULL: Too many queued queries for \"g\"")
    for try await _ in first {}
    var rows = 0
    for try await batch in try await second.value { rows += batch.count }
    #expect(rows == 1)
    #expect(try await Self.run(engine, "SELECT 3") == 1)
    #expect(engine.resourceGroups.map(\.running) == [0])
  }

  @Test func abandonedAndFailedQueriesLeaveTheirSlots() async throws {
    let engine = try Self.engine(Self.group(1, 0))
    for sql in ["SELECT nope", "SELEC", "SELECT 1 / 0", "SELECT 1"] { _ = await Self.error(engine, sql) }
    // a result nobody reads
    do { _ = try await engine.query("SELECT * FROM UNNEST(sequence(1, 100000))") }
    #expect(try await Self.run(engine, "SELECT 1") == 1)
    // one that is stopped before it comes in
    let record = engine.begin("SELECT 1", Session(user: "ana"))
    record.cancel()
    await #expect(throws: PrestoError.self) { _ = try await engine.run(record) }
    #expect(try await Self.run(engine, "SELECT 1") == 1)
  }

  @Test func waitingQueriesCanBeCancelled() async throws {
    let engine = try Self.engine(Self.group(1, 5))
    let first = try await engine.query("SELECT * FROM UNNEST(sequence(1, 3))")
    let killed = engine.begin("SELECT 1", Session(user: "ben"))
    let dropped = engine.begin("SELECT 1", Session(user: "cyd"))
    let one = Task { try await engine.run(killed) }
    let other = Task { try await engine.run(dropped) }
    while engine.resourceGroups.map(\.waiting) != [2] { await Task.yield() }
    #expect(engine.kill(killed.id, "enough"))
    other.cancel()
    await #expect {
      _ = try await one.value
    } throws: {
      PrestoError($0).description == "ADMINISTRATIVELY_KILLED: Query killed. Message: enough"
    }
    await #expect(throws: PrestoError.self) { _ = try await other.value }
    #expect(engine.resourceGroups.map(\.waiting) == [0])
    for try await _ in first {}
    #expect(engine.resourceGroups.map(\.running) == [0])
  }

  @Test func thousandQueriesTwentySlots() async throws {
    let engine = try Self.engine(Self.group(20, 1000))
    let rows = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<1000 {
        group.addTask {
          let rows = try await Self.run(engine, "SELECT \(index)") { $0.user = "user\(index % 10)" }
          return rows
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(rows == 1000)
    let status = try #require(engine.resourceGroups.first)
    #expect(status.running == 0 && status.waiting == 0 && status.runningPeak <= 20)
  }

  /// A query of a moment ends while others have all threads for as long as they want: it would wait for ever if they did not give them up.
  @Test func shortQueriesPassLongOnes() async throws {
    let engine = try Self.engine()
    let long = (0..<6).map { _ in engine.begin(Self.endless, Session(user: "ana")) }
    let tasks = long.map { record in Task { for try await _ in try await engine.run(record) {} } }
    while !long.allSatisfy({ $0.currentState == .running && $0.info.progress.cpuMicros > 0 }) { await Task.yield() }
    for n in 1...3 { #expect(try await Self.run(engine, "SELECT sum(x) FROM UNNEST(sequence(1, \(n * 1000))) t (x)") == 1) }
    #expect(long.allSatisfy { $0.currentState == .running })
    for task in tasks { task.cancel() }
    for task in tasks { await #expect(throws: PrestoError.self) { try await task.value } }
  }

  @Test func queuedTimeLimit() async throws {
    let engine = try Self.engine(Self.group(1, 5))
    let first = try await engine.query("SELECT * FROM UNNEST(sequence(1, 3))")
    let answer = await Self.error(engine, "SELECT 1") { $0.set(.queryMaxQueuedTime, to: .milliseconds(1)) }
    #expect(answer == "EXCEEDED_TIME_LIMIT: Query exceeded maximum queued time limit of 1.00ms")
    for try await _ in first {}
  }

  @Test func timeLimits() async throws {
    let engine = try Self.engine()
    #expect(
      await Self.error(engine, Self.endless) { $0.set(.queryMaxExecutionTime, to: .milliseconds(20)) }
        == "EXCEEDED_TIME_LIMIT: Query exceeded the maximum execution time limit of 20.00ms")
    #expect(
      await Self.error(engine, Self.endless) { $0.set(.queryMaxRunTime, to: .milliseconds(20)) }
        == "EXCEEDED_TIME_LIMIT: Query exceeded the maximum run time limit of 20.00ms")
    #expect(
      await Self.error(engine, Self.endless) { $0.set(.queryMaxCpuTime, to: .milliseconds(20)) }
        == "EXCEEDED_CPU_LIMIT: Exceeded CPU limit of 20.00ms")
  }

  @Test func limitsOfTheGroup() async throws {
    let engine = try Self.engine(Self.group(5, 5, #", "perQueryLimits": {"executionTimeLimit": "20ms"}"#))
    #expect(await Self.error(engine, Self.endless) == "EXCEEDED_TIME_LIMIT: Query exceeded the maximum execution time limit of 20.00ms")
  }

  @Test func memoryLimit() async throws {
    let engine = try Self.engine()
    let answer = await Self.error(
      engine, "SELECT a.x + 10000 * b.x, count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 100)) b(x) GROUP BY 1"
    ) {
      $0.set(.queryMaxMemory, to: DataSize(bytes: 1 << 20))
    }
    #expect(answer.hasPrefix("EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded per-node memory limit of 1MB"))
  }

  @Test func settableByStatement() async throws {
    let engine = try Self.engine()
    let result = try await engine.query("SET SESSION query_max_run_time = '5m'")
    #expect(result.changes == [.set(name: "query_max_run_time", value: "5m")])
    #expect(await Self.error(engine, "SET SESSION query_max_run_time = 'soon'").hasPrefix("INVALID_SESSION_PROPERTY"))
  }
}
