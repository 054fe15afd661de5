import Glibc
import Values

/// The local file system. Paths are absolute, or relative to the process's working directory.
public struct LocalStore: ObjectStore {
  public init() {}

  public func level(_ folder: String) async throws -> ObjectLevel? {
    guard let directory = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw LocalStore.failure("list", folder)
    }
    defer { closedir(directory) }
    var level = ObjectLevel(files: [], folders: [])
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
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
    return level
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

  public func read(_ path: String, _ range: Range<Int>) async throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LocalStore.failure("read", path) }
    defer { close(descriptor) }
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
