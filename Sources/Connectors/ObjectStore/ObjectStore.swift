// ObjectStore: files by path, wherever they are.
//
// In come paths; out go listings, sizes and bytes, and files that appear whole: a write is seen with all its files or not at all. The local file
// system (`LocalStore`) is one store, a bucket behind HTTP (`S3Store`) another with the same verbs, and `StoreByPath` chooses between them by
// `s3://`. Nothing here knows what the files hold.
//
// Paths are plain texts with `/` between the parts. A part that begins with `.` or `_` is private to whoever writes (temporary files, markers)
// and never listed.
//
//     S3Configuration   endpoint, region, keys: properties, environment, profile file
//     S3Client          sign, send, check, try again            S3Signature   the signature alone
//     S3Store           list, read, put, delete                 S3Publication files of one write
//     RangePlan         which requests fetch some ranges        Visibility    what of a listing counts
//
// A reader says which version of a file it means (`ObjectEntry.tag`): bytes of another version are an error, never mixed in.
import Values

/// One file as a listing shows it. All together is its identity for caches.
public struct ObjectEntry: Hashable, Sendable, Codable {
  public var path: String
  /// Bytes.
  public var size: Int
  /// Nanoseconds since the epoch.
  public var modified: Int
  /// What the store calls this version of the file; nil where size and time must do.
  public var tag: String?

  public init(path: String, size: Int, modified: Int, tag: String? = nil) {
    self.path = path
    self.size = size
    self.modified = modified
    self.tag = tag
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
  /// Whether every read is a round trip over a network: worth asking for much at once, and ahead.
  func isRemote(_ path: String) -> Bool
  /// Files and folders directly under a folder, each sorted by name; nil: there is no such folder.
  func level(_ folder: String) async throws -> ObjectLevel?
  /// All files under a folder however deep, sorted by path.
  func list(_ folder: String) async throws -> [ObjectEntry]
  /// nil: there is no such file.
  func entry(_ path: String) async throws -> ObjectEntry?
  /// Exactly these bytes of this version of the file, or an error that names it.
  func read(_ entry: ObjectEntry, _ range: Range<Int>) async throws -> [UInt8]
  /// The file is there with all its bytes, or (after an error) as it was.
  func put(_ path: String, _ bytes: [UInt8]) async throws
  /// No error if it is not there.
  func delete(_ path: String) async throws

  /// Files that are to appear together in a folder. `isNew`: the folder must not be there before.
  func publication(into folder: String, isNew: Bool) async throws -> any Publication
  func createFolder(_ path: String) async throws
  func removeEmptyFolder(_ path: String) async throws
  /// A folder with all its files, gone at once for whoever lists it.
  func removeTree(_ path: String) async throws
  /// Whether a path, links followed, lies in a folder.
  func contains(_ folder: String, _ path: String) -> Bool
}

/// Files of one write. Nothing is seen before `commit`; after `abort` nothing is left.
public protocol Publication: Sendable {
  /// Part of every file's name: `part-ID-…`.
  var id: String { get }
  /// A file at a place relative to the folder.
  func file(_ relative: String) async throws -> sending any PublishedFile
  func commit() async throws
  func abort() async
}

/// One file being written, front to back, by one task.
public protocol PublishedFile: AnyObject {
  /// Takes the bytes without waiting for anything but a disk.
  func write(_ bytes: UnsafeRawBufferPointer) throws
  /// Brings on its way what has come together. To be called now and then.
  func drain() async throws
  /// All bytes are written. Called once.
  func finish() async throws
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

  /// Several ranges, with few requests, side by side. What comes back covers them; ascending and apart.
  public func read(_ entry: ObjectEntry, _ ranges: [Range<Int>]) async throws -> [ObjectSegment] {
    let requests = RangePlan.requests(for: ranges)
    if requests.count <= 1 {
      guard let only = requests.first else { return [] }
      return [ObjectSegment(range: only, bytes: try await read(entry, only))]
    }
    return try await withThrowingTaskGroup(of: (Int, ObjectSegment).self) { group in
      var segments = [ObjectSegment?](repeating: nil, count: requests.count)
      var next = 0
      func start() {
        guard next < requests.count else { return }
        let place = next, range = requests[next]
        next += 1
        group.addTask { (place, ObjectSegment(range: range, bytes: try await self.read(entry, range))) }
      }
      for _ in 0..<8 { start() }
      while let (place, segment) = try await group.next() {
        segments[place] = segment
        start()
      }
      return segments.compactMap { $0 }
    }
  }

  func changed(_ path: String) -> PrestoError {
    PrestoError(.cannotOpenFile, "\(path) changed while it was read", hint: "Run the query again.")
  }
}

extension ErrorCode {
  /// Presto's hive connector: a file or folder that cannot be read.
  public static let fileSystemError = ErrorCode(0x0100_0004, "HIVE_FILESYSTEM_ERROR", .external)
  public static let cannotOpenFile = ErrorCode(0x0100_0003, "HIVE_CANNOT_OPEN_SPLIT", .external)
  static let folderExists = ErrorCode(0x0100_0019, "HIVE_PATH_ALREADY_EXISTS", .external)
}
