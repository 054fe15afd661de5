import Foundation
import MiniPresto
import Security
import Settings
import Values

/// A server's directory of configuration in Presto's layout:
///
///     etc/config.properties      http-server.http.port=8080 …
///     etc/node.properties        node.environment=production …
///     etc/spooling-manager.properties   fs.location=… …
///     etc/catalog/NAME.properties
///
/// No file is needed; each only changes what it names.
public struct ServerDirectory: Sendable {
  public var configuration: ServerConfiguration
  /// Where catalogs are described; nil: there is no such directory.
  public var catalogs: String?
  /// Bytes that all queries together may retain, and that one may; nil: the engine's own default.
  public var memoryLimit: Int?
  public var queryMemoryLimit: Int?
  public var threads: Int?
  /// Ended queries that are listed; nil: the engine's own default.
  public var queryHistory: Int?
  /// Presto's `resource-groups.json`; nil: there is none.
  public var resourceGroups: String?
  /// Keys that mean nothing here, each with its file.
  public var unknownKeys: [String] = []
  /// Everything that the files say.
  private var said: [String: String] = [:]

  /// - Parameter path: the directory, or its `config.properties`.
  /// - Throws: CONFIGURATION_INVALID naming file and key.
  public init(_ path: String) throws {
    var isDirectory = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw PrestoError(.configurationInvalid, "'\(path)' does not exist")
    }
    let directory = isDirectory.boolValue ? path : (path as NSString).deletingLastPathComponent
    configuration = ServerConfiguration()
    let main = isDirectory.boolValue ? directory + "/config.properties" : path
    for file in [main, directory + "/node.properties", directory + "/spooling-manager.properties"]
    where FileManager.default.fileExists(atPath: file) {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw PrestoError(.configurationInvalid, "\(file): cannot be read")
      }
      try apply(
        Properties(parsing: String(decoding: data, as: UTF8.self), origin: file) { ProcessInfo.processInfo.environment[$0] })
    }
    let everything = Properties(said, origin: main)
    configuration.transportSecurity = try TransportSecurity(everything)
    configuration.acceptsPlainHTTP = try everything.value("http-server.http.enabled", default: true)
    if !configuration.acceptsPlainHTTP && configuration.transportSecurity == nil {
      throw PrestoError(.configurationInvalid, "\(main): neither 'http-server.http.enabled' nor 'http-server.https.enabled' is true")
    }
    try readSecurity(directory.isEmpty ? "." : directory)
    let catalogs = directory.isEmpty ? "catalog" : directory + "/catalog"
    if self.catalogs == nil, FileManager.default.fileExists(atPath: catalogs) { self.catalogs = catalogs }
  }

  /// Who may come in, who may do what, and how many of them at once.
  private mutating func readSecurity(_ directory: String) throws {
    configuration.security = try SecurityFiles(
      directory: directory, configuration: Properties(said, origin: directory + "/config.properties")
    ) {
      ProcessInfo.processInfo.environment[$0]
    }
    let usual = directory + "/resource-groups.json"
    resourceGroups = said["resource-groups.config-file"] ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
  }

  /// What of it is the engine's: access rules, resource groups.
  package func configure(_ engine: inout EngineConfiguration) throws {
    engine.accessControl = configuration.security.accessControl
    engine.queryHistory = queryHistory ?? engine.queryHistory
    if let resourceGroups { try engine.readResourceGroups(resourceGroups) }
  }

  /// Takes what the properties say; later ones win.
  mutating func apply(_ properties: Properties) throws {
    said.merge(properties.values) { _, last in last }
    func set<Value: PropertyValue>(_ key: String, _ target: inout Value) throws { target = try properties.value(key, default: target) }
    try set("http-server.http.port", &configuration.port)
    try set("node.bind-ip", &configuration.host)
    try set("node.environment", &configuration.environment)
    try set("node.id", &configuration.nodeID)
    try set("http-server.process-forwarded", &configuration.isForwarded)
    try set("query-results.compression-enabled", &configuration.compresses)
    try set("shutdown.grace-period", &configuration.drainTimeout)
    try set("shutdown.http-enabled", &configuration.allowsRemoteShutdown)
    try set("query.client.timeout", &configuration.limits.clientTimeout)
    try set("query.max-length", &configuration.limits.textLength)
    try set("query.max-run-time", &configuration.limits.runTime)
    try set("query.max-execution-time", &configuration.limits.executionTime)
    try set("query.max-concurrent-queries", &configuration.limits.openStatements)
    if properties["query.max-memory"] != nil {
      queryMemoryLimit = try properties.value("query.max-memory", default: DataSize.unlimited).bytes
    }
    if properties["query.max-memory-per-node"] != nil {
      let limit = try properties.value("query.max-memory-per-node", default: DataSize.unlimited).bytes
      queryMemoryLimit = min(queryMemoryLimit ?? limit, limit)
    }
    if properties["memory.limit"] != nil { memoryLimit = try properties.value("memory.limit", default: DataSize.unlimited).bytes }
    if properties["task.max-worker-threads"] != nil { threads = try properties.value("task.max-worker-threads", default: 0) }
    if properties["query.max-history"] != nil { queryHistory = try properties.value("query.max-history", default: 0) }
    try configuration.spool.apply(properties)
    try set("http-server.idle-timeout", &configuration.connections.idleTime)
    try set("http-server.request-timeout", &configuration.connections.requestTime)
    try set("http-server.stall-timeout", &configuration.connections.stallTime)
    if properties["http-server.max-connections"] != nil {
      configuration.connections.count = try properties.value("http-server.max-connections", default: 0)
    }
    if let directory = properties["catalog.config-dir"] { catalogs = directory }
    if let file = properties["event-listener.file"] { configuration.eventFile = file }
    guard (0...65_535).contains(configuration.port) else {
      throw PrestoError(.configurationInvalid, "\(properties.origin): 'http-server.http.port' is no port: \(configuration.port)")
    }
    let known = ServerDirectory.known + TransportSecurity.keys + SpoolConfiguration.known + SecurityFiles.configurationKeys
    unknownKeys += properties.unknownKeys(known: known).map {
      "\(properties.origin): \($0)"
    }
  }

  /// Keys that are taken, and keys of Presto's and Trino's own that ask for nothing a single process has not.
  private static let known = [
    "http-server.http.port", "node.bind-ip", "node.environment", "node.id", "node.data-dir", "http-server.process-forwarded",
    "query-results.compression-enabled", "shutdown.grace-period", "shutdown.http-enabled", "query.client.timeout", "query.max-length",
    "query.max-run-time", "query.max-execution-time", "query.max-concurrent-queries", "query.max-history", "query.max-memory",
    "query.max-memory-per-node",
    "memory.limit", "task.max-worker-threads", "catalog.config-dir", "event-listener.file", "catalog.management", "coordinator",
    "http-server.http.enabled", "http-server.idle-timeout", "http-server.request-timeout", "http-server.stall-timeout",
    "http-server.max-connections",
    "node-scheduler.include-coordinator", "discovery.uri", "discovery-server.enabled", "query.max-total-memory",
    "query.max-total-memory-per-node", "presto.version", "resource-groups.config-file", "resource-groups.configuration-manager",
  ]
}
