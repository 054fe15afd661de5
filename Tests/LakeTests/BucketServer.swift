import Foundation
import Federation
import Glibc
import Lake
import ObjectStore
import Settings
import Synchronization
import Values

/// An S3 in a process of its own: moto behind a proxy that checks every signature and misbehaves when asked to (`Store/store.py`).
/// It ends when its standard input closes, which is when the tests end.
final class BucketServer: Sendable {
  static let shared = Result { try BucketServer() }

  let port: Int
  let access: String
  let secret: String
  let region: String
  private let pipes: Mutex<(input: FileHandle, output: FileHandle, process: Process)>
  private let made = Atomic<Int>(0)

  private init() throws {
    signal(SIGPIPE, SIG_IGN)
    guard let data = ProcessInfo.processInfo.environment["MINIPRESTO_TEST_DATA"] else {
      throw PrestoError(.genericInternalError, "MINIPRESTO_TEST_DATA is not set: run Scripts/test")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: data + "/venv/bin/python")
    process.arguments = [URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Store/store.py"]
    let input = Pipe(), output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let first = try BucketServer.line(output.fileHandleForReading)
    guard let port = first["port"] as? Int, let access = first["access"] as? String, let secret = first["secret"] as? String,
      let region = first["region"] as? String
    else { throw PrestoError(.genericInternalError, "the store did not start: \(first)") }
    (self.port, self.access, self.secret, self.region) = (port, access, secret, region)
    pipes = Mutex((input.fileHandleForWriting, output.fileHandleForReading, process))
  }

  private static func line(_ output: FileHandle) throws -> [String: Any] {
    var bytes = Data()
    while let next = try output.read(upToCount: 1), next != Data([10]) { bytes += next }
    return try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
  }

  /// Strings in the answer, where it is a list of them.
  @discardableResult
  func run(_ what: String, _ bucket: String, _ arguments: [String: any Sendable] = [:]) throws -> [Any] {
    try pipes.withLock { pipes in
      var command: [String: Any] = arguments
      command["do"] = what
      command["bucket"] = bucket
      try pipes.input.write(contentsOf: try JSONSerialization.data(withJSONObject: command) + Data([10]))
      let answer = try BucketServer.line(pipes.output)
      if let problem = answer["problem"] { throw PrestoError(.genericInternalError, "\(what): \(problem)") }
      return answer["answer"] as? [Any] ?? []
    }
  }

  /// A bucket of its own for one test.
  func bucket(_ prefix: String = "test") throws -> Bucket {
    let bucket = Bucket(server: self, name: "\(prefix)-\(made.wrappingAdd(1, ordering: .relaxed).newValue)")
    try run("bucket", bucket.name)
    return bucket
  }
}

struct Bucket: Sendable {
  let server: BucketServer
  let name: String

  func parquet(_ key: String, _ rows: Range<Int>, group: Int = 1 << 20, index: Bool = false, page: Int = 1 << 20) throws {
    try server.run(
      "parquet", name, ["key": key, "start": rows.lowerBound, "rows": rows.count, "group": group, "index": index, "page": page])
  }

  func put(_ key: String, _ text: String) throws { try server.run("put", name, ["key": key, "text": text]) }
  func delete(_ key: String) throws { try server.run("delete", name, ["key": key]) }
  func keys(_ prefix: String = "") throws -> [String] { try server.run("keys", name, ["prefix": prefix]).compactMap { $0 as? String } }
  func uploads() throws -> [String] { try server.run("uploads", name).compactMap { $0 as? String } }
  /// Column `a` of all that pyarrow finds under a prefix.
  func read(_ prefix: String) throws -> [Int] { try server.run("read", name, ["prefix": prefix]).compactMap { $0 as? Int } }
  /// Requests since the last call: `GET /bucket/key bytes=0-9`.
  func log() throws -> [String] { try server.run("log", name).compactMap { $0 as? String } }

  /// The next `times` requests that match do not go well.
  func fault(_ match: String, _ what: String, times: Int = 1, after: Int = 0) throws {
    try server.run("fault", name, ["match": match, "what": what, "times": times, "after": after])
  }
  func heal() throws { try server.run("heal", name) }

  var properties: [String: String] {
    [
      "s3.endpoint": "http://127.0.0.1:\(server.port)", "s3.region": server.region, "s3.aws-access-key": server.access,
      "s3.aws-secret-key": server.secret,
    ]
  }

  func store(_ more: [String: String] = [:], partSize: Int? = nil) throws -> S3Store {
    var configuration = try S3Configuration(
      Properties(properties.merging(more) { _, new in new }, origin: "test"), environment: { _ in nil })
    configuration.firstPause = 1
    configuration.longestPause = 4
    if let partSize { configuration.partSize = partSize }
    return S3Store(configuration)
  }

  func lake(_ folder: String = "", _ more: [String: String] = [:], partSize: Int? = nil) throws -> LakeConnector {
    LakeConnector(location: folder.isEmpty ? "s3://\(name)" : "s3://\(name)/\(folder)", store: try store(more, partSize: partSize))
  }
}

extension LakeConnector {
  func handle(_ table: String, schema: String = "default") async throws -> LakeTable {
    guard let found = try await self.table(TableName(schema: schema, table: table)) else { throw PrestoError(.tableNotFound, table) }
    return found
  }

  /// Column `a` of a table, sorted.
  func numbers(_ table: LakeTable) async throws -> [Int] {
    try await rows(table, ["a"]).compactMap { $0[0].wideValue.map { Int($0) } }.sorted()
  }
}
