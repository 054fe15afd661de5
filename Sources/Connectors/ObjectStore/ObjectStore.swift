// ObjectStore: files by path, wherever they are.
//
// In come paths; out go listings, sizes and bytes, and files written as a whole: an object is either there entirely or not at all. The local file
// system (`LocalStore`) is one store; a bucket behind HTTP is another with the same five verbs. Nothing here knows what the files hold.
//
// Paths are plain texts with `/` between the parts. A part that begins with `.` or `_` is private to whoever writes (temporary files, markers)
// and never listed.
import Values

/// One file as a listing shows it. Path, size and modification time together are its identity for caches.
public struct ObjectEntry: Hashable, Sendable, Codable {
  public var path: String
  /// Bytes.
  public var size: Int
  /// Nanoseconds since the epoch.
  public var modified: Int

  public init(path: String, size: Int, modified: Int) {
    self.path = path
    self.size = size
    self.modified = modified
  }
}

/// What one level of a store holds.
public struct ObjectLevel: Sendable {
  public var files: [ObjectEntry]
  /// Names, not paths.
  public var folders: [String]

  public init(files: [ObjectEntry], folders: [String]) {
    self.files = files
    self.folders = folders
  }
}

public protocol ObjectStore: Sendable {
  /// Files and folders directly under a folder, each sorted by name; nil: there is no such folder.
  func level(_ folder: String) async throws -> ObjectLevel?
  /// All files under a folder however deep, sorted by path.
  func list(_ folder: String) async throws -> [ObjectEntry]
  /// nil: there is no such file.
  func entry(_ path: String) async throws -> ObjectEntry?
  func read(_ path: String, _ range: Range<Int>) async throws -> [UInt8]
  /// The file is there with all its bytes, or (after an error) as it was.
  func put(_ path: String, _ bytes: [UInt8]) async throws
  /// No error if it is not there.
  func delete(_ path: String) async throws
}

extension ObjectStore {
  public func list(_ folder: String) async throws -> [ObjectEntry] {
    var found: [ObjectEntry] = []
    var pending = [folder]
    while let next = pending.popLast() {
      guard let level = try await level(next) else { continue }
      found += level.files
      pending += level.folders.map { ObjectPath.join(next, $0) }
    }
    return found.sorted { $0.path < $1.path }
  }
}

extension ErrorCode {
  /// Presto's hive connector: a file or folder that cannot be read.
  public static let fileSystemError = ErrorCode(0x0100_0004, "HIVE_FILESYSTEM_ERROR", .external)
}
