import ArgumentParser
import Foundation
import MiniPresto
import StandardConnectors
import Values

/// How an engine is made: what every command that has one takes.
struct EngineOptions: ParsableArguments {
  @Option(
    name: .customLong("catalogs"),
    help: "Directory of NAME.properties files, one per catalog. (default: $MINIPRESTO_CATALOGS, else ./Catalogs if it is there)")
  var catalogDirectory: String?

  @Option(help: "Driver threads. (default: one per core)")
  var threads: Int?

  @Option(name: .customLong("memory-limit"), help: "Memory that queries may retain, in MB. (default: half of the machine's)")
  var memoryLimit: Int?

  @Option(name: .customLong("views"), help: "File that keeps views. (default: $MINIPRESTO_VIEWS, else beside the catalogs' directory)")
  var viewsFile: String?

  /// Says on standard error which catalogs are not available.
  /// - Parameter configure: what a command adds to the configuration.
  func makeEngine(
    instance: String = "local", queryMemoryLimit: Int? = nil, metersOperators: Bool = false,
    configure: (inout EngineConfiguration) throws -> Void = { _ in }
  ) throws -> Engine {
    let environment = ProcessInfo.processInfo.environment
    var directory = catalogDirectory ?? environment["MINIPRESTO_CATALOGS"]
    if directory == nil && FileManager.default.fileExists(atPath: "Catalogs") { directory = "Catalogs" }
    var configuration = EngineConfiguration(
      threads: threads, memoryLimit: memoryLimit.map { $0 << 20 }, queryMemoryLimit: queryMemoryLimit, instance: instance,
      viewsFile: viewsFile ?? environment["MINIPRESTO_VIEWS"])
    configuration.metersOperators = metersOperators
    try configure(&configuration)
    let engine = try Engine(
      catalogs: directory.map { .directory($0) } ?? .none, connectors: .standard, configuration: configuration)
    for (name, error) in engine.brokenCatalogs.sorted(by: { $0.key < $1.key }) {
      let hint = error.hint.map { "         \($0)\n" } ?? ""
      FileHandle.standardError.write(Data("WARNING: catalog '\(name)' is not available: \(error.message)\n\(hint)".utf8))
    }
    return engine
  }
}
