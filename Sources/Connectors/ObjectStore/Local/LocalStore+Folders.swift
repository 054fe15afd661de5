import Glibc
import Values

/// What only a file system has: folders as things, and renaming.
extension LocalStore {
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// With all folders above it. No error if it is there.
  public static func createFolder(_ path: String) throws {
    if path.isEmpty || isFolder(path) { return }
    try createFolder(ObjectPath.parent(path))
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw failure("create folder", path) }
  }

  /// Replaces what was there; on one file system this is one step, seen entirely or not at all.
  public static func rename(_ from: String, to: String) throws {
    if Glibc.rename(from, to) != 0 { throw failure("write", to) }
  }

  /// A folder with everything in it. Links are removed, not followed.
  public static func removeTree(_ path: String) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      if unlink(path) != 0 && errno != ENOENT { throw failure("delete", path) }
      return
    }
    guard let directory = opendir(path) else { throw failure("delete", path) }
    var names: [String] = []
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    closedir(directory)
    for name in names { try removeTree(ObjectPath.join(path, name)) }
    if rmdir(path) != 0 && errno != ENOENT { throw failure("delete", path) }
  }

  public static func removeEmptyFolder(_ path: String) throws {
    if rmdir(path) != 0 { throw failure("delete", path) }
  }

  /// Absolute, without links and dots; nil: it does not exist.
  public static func canonical(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  public static var workingFolder: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  /// Makes a written file outlive a power failure.
  public static func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("write", path) }
    let result = fsync(descriptor)
    close(descriptor)
    if result != 0 { throw failure("write", path) }
  }
}
