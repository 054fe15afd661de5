import Glibc
import Values

/// The local file system. Paths are absolute, or relative to the process's working directory.
public struct LocalStore: ObjectStore {
  public init() {}

  public func isRemote(_ path: String) -> Bool { false }

  public func level(_ folder: String) async throws -> ObjectLevel? { try LocalStore.levelNow(folder)?.visible }

  /// A folder's own files and folders, markers of writes taken into account, and the markers themselves: they hold for what is beneath too.
  struct Level {
    var visible: ObjectLevel
    var pending: [String]
  }

  static func levelNow(_ folder: String) throws -> Level? {
    guard let directory = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw LocalStore.failure("list", folder)
    }
    defer { closedir(directory) }
    var level = ObjectLevel(files: [], folders: [])
    var pending: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(Visibility.pending) { pending.append(Visibility.filePrefix(String(name.dropFirst(Visibility.pending.count)))) }
      if ObjectPath.isHidden(name) { continue }
      let path = ObjectPath.join(folder, name)
      var status = stat()
      // a file that vanished since, or a link to nowhere, is not there
      guard stat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        level.folders.append(name)
      } else if status.st_mode & S_IFMT == S_IFREG {
        level.files.append(LocalStore.entry(path, status))
      }
    }
    level.files.sort { $0.path < $1.path }
    level.folders.sort()
    level.files.removeAll { file in pending.contains { ObjectPath.name(file.path).hasPrefix($0) } }
    return Level(visible: level, pending: pending)
  }

  public func entry(_ path: String) async throws -> ObjectEntry? { try LocalStore.entryNow(path) }

  static func entryNow(_ path: String) throws -> ObjectEntry? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw LocalStore.failure("read", path)
    }
    return status.st_mode & S_IFMT == S_IFREG ? entry(path, status) : nil
  }

  public func list(_ folder: String) async throws -> [ObjectEntry] {
    // a write that appeared meanwhile touched the folder: then what was found may be a part of it
    for _ in 0..<8 {
      let before = LocalStore.touched(folder)
      let found = try LocalStore.listNow(folder)
      if LocalStore.touched(folder) == before { return found }
    }
    return try LocalStore.listNow(folder)
  }

  private static func listNow(_ folder: String) throws -> [ObjectEntry] {
    var found: [ObjectEntry] = []
    var rest: [(folder: String, pending: [String])] = [(folder, [])]
    while let next = rest.popLast() {
      guard let level = try levelNow(next.folder) else { continue }
      found += level.visible.files.filter { file in !next.pending.contains { ObjectPath.name(file.path).hasPrefix($0) } }
      let pending = next.pending + level.pending
      rest += level.visible.folders.map { (ObjectPath.join(next.folder, $0), pending) }
    }
    return found.sorted { $0.path < $1.path }
  }

  private static func touched(_ folder: String) -> Int {
    var status = stat()
    return stat(folder, &status) == 0 ? Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec) : 0
  }

  public func read(_ entry: ObjectEntry, _ range: Range<Int>) async throws -> [UInt8] {
    let path = entry.path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LocalStore.failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, LocalStore.entry(path, status) == entry else { throw changed(path) }
    return try [UInt8](unsafeUninitializedCapacity: range.count) { target, count in
      count = 0
      while count < range.count, let base = target.baseAddress {
        let got = pread(descriptor, base + count, range.count - count, off_t(range.lowerBound + count))
        if got > 0 {
          count += got
        } else if got == 0 {
          throw PrestoError(
            .fileSystemError, "\(path): the file ends at byte \(range.lowerBound + count), byte \(range.upperBound) was asked for")
        } else if errno != EINTR {
          throw LocalStore.failure("read", path)
        }
      }
    }
  }

  public func put(_ path: String, _ bytes: [UInt8]) async throws {
    let temporary = ObjectPath.join(ObjectPath.parent(path), ".\(ObjectPath.name(path)).\(getpid()).tmp")
    try LocalStore.createFolder(ObjectPath.parent(path))
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalStore.failure("write", temporary) }
    var done = 0, isWritten = true
    bytes.withUnsafeBytes { raw in
      while done < raw.count, let base = raw.baseAddress {
        let count = write(descriptor, base + done, raw.count - done)
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          isWritten = false
          return
        }
      }
    }
    isWritten = isWritten && fdatasync(descriptor) == 0
    let failure = LocalStore.failure("write", path)
    isWritten = close(descriptor) == 0 && isWritten
    guard isWritten else {
      unlink(temporary)
      throw failure
    }
    try LocalStore.rename(temporary, to: path)
  }

  public func delete(_ path: String) async throws {
    if unlink(path) != 0 && errno != ENOENT { throw LocalStore.failure("delete", path) }
  }

  private static func entry(_ path: String, _ status: stat) -> ObjectEntry {
    ObjectEntry(
      path: path, size: Int(status.st_size), modified: Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec))
  }

  static func failure(_ verb: String, _ path: String) -> PrestoError {
    let reason = errno
    return PrestoError(
      reason == EACCES ? .permissionDenied : .fileSystemError, "Cannot \(verb) \(path): \(String(cString: strerror(reason)))")
  }
}
