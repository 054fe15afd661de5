import Foundation
import Testing

/// Which room may import which: the design's table of doors, and what the sources really say.
struct ArchitectureTests {
  static let data: Set = ["Values", "Settings", "Vectors"]
  static let language = data.union(["Expressions"])
  static let federation = language.union(["Federation"])
  static let remote = federation.union(["RemoteSQL"])
  static let plans = federation.union(["Plans"])

  /// What carries HTTP.
  static let http: Set = [
    "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes", "NIOHTTPTypes", "Logging", "NIOCore", "NIOPosix", "NIOSSL",
    "ServiceLifecycle",
  ]

  /// Every target with the modules of ours that it may import, and third parties.
  static let doors: [String: Set<String>] = [
    "Values": [], "Settings": ["Values", "CRegex"], "Vectors": ["Values", "CVectors"],
    "SQL": ["Values"], "Expressions": data, "Functions": language.union(["CRegex", "CVectors"]),
    "Federation": language, "RemoteSQL": federation, "Postgres": remote.union(["CPostgres"]),
    "SQLite": remote.union(["CSQLite", "CVectors"]),
    "Memory": federation, "Cartona": federation, "Parquet": language.union(["CCompression", "CVectors"]),
    "ObjectStore": ["Values", "Settings", "AsyncHTTPClient", "Crypto", "NIOCore", "NIOHTTP1", "NIOPosix"],
    "Lake": federation.union(["Parquet", "ObjectStore"]),
    "StandardConnectors": federation.union(["Postgres", "SQLite", "Memory", "Lake", "Cartona"]),
    "Plans": federation, "Analysis": plans.union(["SQL"]), "Optimization": plans, "Execution": plans.union(["CVectors"]),
    "Admission": ["Values", "Settings", "SQL"], "Security": ["Values", "Settings", "Analysis", "CSecurity"],
    "MiniPresto": plans.union(["SQL", "Analysis", "Optimization", "Execution", "Functions", "Admission", "CVectors"]),
    "Shell": plans.union(["MiniPresto", "SQL", "CEdit"]),
    "Server": plans.union(["MiniPresto", "Analysis", "Admission", "Security", "CCompression", "CWebPage"]).union(http),
    "CLI": ["MiniPresto", "Shell", "Server", "StandardConnectors", "Federation", "Values", "Settings", "ArgumentParser"],
  ]
  /// The system's own modules. Foundation only where the terminal, files and processes are.
  static let system: Set = ["Glibc", "Synchronization", "Swift"]
  static let foundationRooms: Set = ["ObjectStore", "Lake", "MiniPresto", "Security", "Shell", "Server", "CLI"]

  private static var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func sources(of target: String) throws -> [(path: String, text: String)] {
    let sources = root.appendingPathComponent("Sources")
    for room in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      let folder = sources.appendingPathComponent(room).appendingPathComponent(target)
      guard FileManager.default.fileExists(atPath: folder.path), let files = FileManager.default.enumerator(atPath: folder.path) else {
        continue
      }
      return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map {
        ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
      }
    }
    return []
  }

  private static func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1,
        index == 0 || words[0].hasPrefix("@") || words[0] == "public"
      else { return nil }
      return String(words[words.count - 1].split(separator: ".")[0])
    }
  }

  @Test("Rooms import what is below them and nothing else", arguments: doors.keys.sorted())
  func rooms(_ target: String) throws {
    let files = try Self.sources(of: target)
    #expect(!files.isEmpty, "\(target) has no sources")
    var allowed = (Self.doors[target] ?? []).union(Self.system)
    if Self.foundationRooms.contains(target) { allowed.formUnion(["Foundation", "Dispatch"]) }
    for file in files {
      for module in Self.imports(file.text) where !allowed.contains(module) {
        Issue.record("\(target)/\(file.path) imports \(module)")
      }
    }
  }

  @Test("No file is named after no concept")
  func names() throws {
    let files = FileManager.default.enumerator(atPath: Self.root.appendingPathComponent("Sources").path)?.compactMap { $0 as? String } ?? []
    for file in files where file.hasSuffix(".swift") {
      for word in ["Util", "Helper", "Common", "Manager", "Misc"] where file.contains(word) { Issue.record("\(file)") }
    }
    #expect(files.count > 100)
  }
}
