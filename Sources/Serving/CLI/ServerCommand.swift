import ArgumentParser
import Dispatch
import Foundation
import MiniPresto
import Server
import Values

/// `minipresto server`: the engine over HTTP.
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "Answers clients of Presto and Trino over HTTP.",
    discussion: "Ends on SIGTERM or Ctrl-C: running queries may finish, new ones are refused. A second signal ends it at once.")

  @OptionGroup var engineOptions: EngineOptions

  @Option(help: "Port to listen on; 0: any that is free. (default: 8080)")
  var port: Int?

  @Option(help: "Address to listen on; 0.0.0.0: all of the machine's. (default: 127.0.0.1)")
  var host: String?

  @Option(name: .customLong("config"), help: "Presto's directory of configuration (config.properties, node.properties, catalog/).")
  var directory: String?

  func run() async throws {
    let engine: Engine
    var configuration = ServerConfiguration()
    do {
      var options = engineOptions
      var queryMemoryLimit: Int?
      var files: ServerDirectory?
      if let directory {
        let read = try ServerDirectory(directory)
        configuration = read.configuration
        options.catalogDirectory = options.catalogDirectory ?? read.catalogs
        options.threads = options.threads ?? read.threads
        options.memoryLimit = options.memoryLimit ?? read.memoryLimit.map { $0 >> 20 }
        queryMemoryLimit = read.queryMemoryLimit
        files = read
        for key in read.unknownKeys { FileHandle.standardError.write(Data("WARNING: unknown key \(key)\n".utf8)) }
      }
      engine = try options.makeEngine(instance: ServerCommand.instance(), queryMemoryLimit: queryMemoryLimit, metersOperators: true) {
        try files?.configure(&$0)
      }
    } catch { throw Failure(PrestoError(error)) }
    configuration.host = host ?? configuration.host
    configuration.port = port ?? configuration.port
    let (host, port) = (configuration.host, configuration.port)
    let server = PrestoServer(engine, configuration)
    let signals = ServerCommand.listen { server.stop() }
    defer { signals.forEach { $0.cancel() } }
    do {
      try await server.run { _ in
        let addresses = server.addresses.joined(separator: " and ")
        FileHandle.standardError.write(Data("minipresto \(Engine.version) listens on \(addresses)\n".utf8))
      }
    } catch let error as PrestoError {
      throw Failure(error)
    } catch { throw ValidationError("Cannot listen on \(host):\(port): \(error)") }
  }

  /// Calls `stop` at the first SIGTERM or SIGINT; the second ends the process.
  private static func listen(_ stop: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        signal(number, SIG_DFL)
        stop()
      }
      source.resume()
      return source
    }
  }

  /// Five letters or digits that tell this server's queries from another's.
  private static func instance() -> String {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    return String((0..<5).map { _ in letters.randomElement() ?? "x" })
  }
}
