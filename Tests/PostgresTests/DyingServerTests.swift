import Federation
import Foundation
import Glibc
import Postgres
import RemoteSQL
import Testing
import Values
import Vectors

/// A server, or one of its sessions, that dies while its rows are read: an error, never the rows so far as if they were all.
@Suite struct DyingServerTests {
  /// Reads a batch, lets `harm` happen, reads on.
  private func read(_ text: String, _ connector: PostgresConnector, _ harm: () async throws -> Void) async throws -> (
    rows: Int, error: PrestoError?
  ) {
    let query = try #require(await connector.table(forQuery: text))
    let source = try await connector.splits(of: query, narrowedBy: DynamicFilter(), TestServer.context())
    let split = try #require(await source.next()?.first)
    let batches = try await connector.open(split, of: query, columns: query.columns, narrowedBy: DynamicFilter(), TestServer.context())
    var rows = try await batches.next()?.count ?? 0
    try await harm()
    let error = await failure { while let batch = try await batches.next() { rows += batch.count } }
    return (rows, error)
  }

  @Test("A session that is ended in mid-scan is an error, and the next scan connects again")
  func session() async throws {
    try await TestServer.with { server in
      let name = server.schema + "victim"
      let connector = try TestServer.connector(server.url + "?application_name=" + name)
      let (rows, error) = try await read("SELECT generate_series(1, 100000000) AS n", connector) {
        try await server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(name)'")
      }
      #expect(rows > 0 && rows < 100_000_000)
      #expect(error?.code == .jdbcError)
      #expect(error?.message.contains("57P01") == true || error?.message.contains("08006") == true, "\(error?.message ?? "none")")
      #expect(try await server.rows(#require(await connector.table(forQuery: "SELECT 1 AS one"))) == [[.integer(1)]])
    }
  }

  /// A cluster of its own, for it is to die: at once (its sessions with it), or the postmaster alone, whose sessions live on or not, as they like.
  @Test("A server that is killed in mid-scan is an error", arguments: [SIGQUIT, SIGKILL])
  func server(signal: Int32) async throws {
    let folder = "/tmp/minipresto-dying-\(getpid())-\(signal)"
    let url = try await Self.cluster("start", folder)
    do { try await dies(url, folder, signal) } catch {
      _ = try await Self.cluster("remove", folder)
      throw error
    }
    _ = try await Self.cluster("remove", folder)
  }

  private func dies(_ url: String, _ folder: String, _ signal: Int32) async throws {
    let connector = try TestServer.connector(url + "postgres")
    let pidFile = try String(contentsOfFile: folder + "/home/data/postmaster.pid", encoding: .utf8)
    let postmaster = try #require(pidFile.split(separator: "\n").first.flatMap { pid_t($0) })
    let (rows, error) = try await read("SELECT i AS n FROM generate_series(1, 2000000) i", connector) {
      #expect(kill(postmaster, signal) == 0)
    }
    #expect(
      rows == 2_000_000 || (error?.code == .jdbcError && error?.code.kind == .external), "\(rows) rows, \(error?.message ?? "no error")")
    if signal == SIGQUIT { #expect(error != nil) }
    let down = await failure { _ = try await connector.schemas() }
    #expect(down?.code == .jdbcError && down?.message.contains("pg") == true)
  }

  /// By the C library: Foundation's `Process` goes on waiting for as long as the server lives that the script leaves behind.
  private static func cluster(_ command: String, _ folder: String) async throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let line = "'\(root.path)/Scripts/postgres' \(command) '\(folder)'"
    return try await withCheckedThrowingContinuation { continuation in
      Thread {
        var said: [UInt8] = [], bytes = [UInt8](repeating: 0, count: 4096)
        let script = popen(line, "r")
        while let script, case let count = fread(&bytes, 1, bytes.count, script), count > 0 { said += bytes[..<count] }
        guard let script, pclose(script) == 0 else {
          return continuation.resume(throwing: PrestoError(.genericInternalError, "\(line) failed"))
        }
        if command == "remove" { try? FileManager.default.removeItem(atPath: folder) }
        continuation.resume(returning: String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
      }.start()
    }
  }
}
