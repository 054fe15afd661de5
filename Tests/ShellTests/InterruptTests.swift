import Foundation
import Glibc
import MiniPresto
import Settings
import StandardConnectors
import Synchronization
import Testing
import Values
import Vectors

/// What a command that is stopped leaves behind in a source: nothing.
struct InterruptTests {
  /// Commands that wait for a statement of PostgreSQL's each, and an engine that looks on.
  private final class Scene {
    private let name = "interrupted_\(UUID().uuidString.prefix(8).lowercased())"
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-\(UUID().uuidString)")
    private let watcher: Engine

    /// Outlasts the test, and has nothing to send until it is done.
    private static let statement = "SELECT pg_sleep(900)::text AS x"

    /// - Parameter looksAfterClients: whether the server notices by itself that a command is gone.
    init(looksAfterClients: Bool) throws {
      guard let url = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"] else {
        throw PrestoError(.configurationInvalid, "MINIPRESTO_TEST_POSTGRES is not set: run `make test`, which starts a PostgreSQL cluster")
      }
      func file(_ application: String) -> String {
        "connector.name=postgresql\nconnection-url=\(url)postgres?application_name=\(application)"
          + (looksAfterClients ? "" : "&options=-c%20client_connection_check_interval%3D0") + "\n"
      }
      let properties = try Properties(parsing: file("watcher"), origin: "pg.properties") { _ in nil }
      watcher = try Engine(catalogs: .properties(["pg": properties]), connectors: .standard)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      try file(name).write(to: folder.appendingPathComponent("pg.properties"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// How many of the commands' statements run in the server.
    func busy() async throws -> Int {
      let look =
        "SELECT 1 AS one FROM pg_stat_activity WHERE application_name = ''\(name)'' AND state = ''active'' AND query LIKE ''%pg_sleep%''"
      var rows = 0
      for try await batch in try await watcher.query("SELECT * FROM TABLE(pg.system.query(query => '\(look)'))") { rows += batch.count }
      return rows
    }

    func expect(busy count: Int) async throws {
      let deadline = ContinuousClock.now + .seconds(120)
      while case let now = try await busy(), now != count {
        guard ContinuousClock.now < deadline else { throw PseudoTerminal.Missing(description: "\(count) busy sessions; there are \(now)") }
      }
    }

    /// Runs commands and sends each `signal` once the server is at work for all; their exit codes.
    func stop(_ count: Int, by signal: Int32) async throws -> [Int32] {
      let processes = try (0..<count).map { _ in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: PseudoTerminal.command)
        process.arguments = [
          "--catalogs", folder.path, "--execute", "SELECT * FROM TABLE(pg.system.query(query => '\(Self.statement)'))",
        ]
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
      }
      defer { for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) } }
      try await expect(busy: count)
      // for a moment: on processors with nothing else to do a request is often sent before the process that made it is gone, waited for or not
      let isCrowded = Flag()
      for _ in 0..<8 { Thread { while isCrowded.isSet {} }.start() }
      defer { isCrowded.clear() }
      for process in processes { kill(process.processIdentifier, signal) }
      return processes.map { process in
        process.waitUntilExit()
        return process.terminationStatus
      }
    }
  }

  private final class Flag: Sendable {
    private let value = Atomic(true)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func clear() { value.store(false, ordering: .relaxed) }
  }

  @Test("Commands that Ctrl-C ended have told PostgreSQL to stop before")
  func interrupted() async throws {
    let scene = try Scene(looksAfterClients: false)
    for _ in 0..<4 {
      #expect(try await scene.stop(8, by: SIGINT).allSatisfy { $0 == 130 })
      try await scene.expect(busy: 0)
    }
  }

  @Test("PostgreSQL stops a statement whose client was killed")
  func killed() async throws {
    let scene = try Scene(looksAfterClients: true)
    #expect(try await scene.stop(1, by: SIGKILL) == [SIGKILL])
    try await scene.expect(busy: 0)
  }
}
