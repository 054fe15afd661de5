import Federation
import Foundation
import Logging
import MiniPresto
import Settings
import StandardConnectors
import Values

@testable import Server

/// A real server in this process, over a memory catalog of its own, for as long as `body` runs.
struct ServerFixture: Sendable {
  let engine: Engine
  let server: PrestoServer
  let port: Int

  /// - Parameter directory: files of configuration, as `minipresto server --config` reads them.
  static func run(
    catalogs: [String: Properties] = ["memory": .init(["connector.name": "memory"])], directory: String? = nil,
    _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (ServerFixture) async throws -> Void
  ) async throws {
    var engineConfiguration = EngineConfiguration(threads: 2, memoryLimit: 1 << 30)
    engineConfiguration.metersOperators = true
    var configuration = ServerConfiguration()
    configuration.port = 0
    if let directory {
      let read = try ServerDirectory(directory)
      configuration = read.configuration
      try read.configure(&engineConfiguration)
    }
    let engine = try Engine(catalogs: .properties(catalogs), connectors: .standard, configuration: engineConfiguration)
    // most checks leave statements behind that nobody fetches
    configuration.drainTimeout = .seconds(2)
    change(&configuration)
    let server = PrestoServer(engine, configuration)
    let (ports, started) = AsyncStream<Int>.makeStream()
    let running = Task {
      defer { started.finish() }
      try await server.run { port in started.yield(port) }
    }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else {
      try await running.value
      throw PrestoError(.genericInternalError, "the server ended before it began")
    }
    do { try await body(ServerFixture(engine: engine, server: server, port: port)) } catch {
      server.stop()
      try? await running.value
      throw error
    }
    server.stop()
    try await running.value
  }

  /// The folder of the fixtures, with the Python environment in it.
  static var data: String {
    if let given = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_DATA"] { return given }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.appendingPathComponent(".test").path
  }

  /// Runs a script with the server's port; what it printed, and whether it ended well.
  func python(_ script: String, _ arguments: [String], in folder: String = "Clients") async throws -> (isWell: Bool, output: String) {
    try await ServerFixture.python(script, ["\(port)"] + arguments, in: folder)
  }

  /// The command's path: tests and commands are built into one folder.
  static var command: String {
    let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: test).deletingLastPathComponent()
    // `swift test` may load the tests from a bundle into a program of the toolchain's
    if !FileManager.default.fileExists(atPath: folder.appendingPathComponent("minipresto").path),
      let bundle = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") })
    {
      folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    }
    return folder.appendingPathComponent("minipresto").path
  }

  static func python(_ script: String, _ arguments: [String], in folder: String) async throws -> (isWell: Bool, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ServerFixture.data + "/venv/bin/python")
    process.arguments =
      [URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("\(folder)/\(script)").path]
      + arguments
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-clients-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try FileHandle(forWritingTo: file)
    process.standardOutput = output
    process.standardError = output
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch {
        process.terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return (process.terminationStatus == 0, text)
  }
}
