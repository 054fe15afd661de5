import Glibc
import Synchronization
import Values

extension LocalStore {
  public func publication(into folder: String, isNew: Bool) async throws -> any Publication { try LocalPublication(folder, isNew: isNew) }
  public func createFolder(_ path: String) async throws { try LocalStore.createFolder(path) }
  public func removeEmptyFolder(_ path: String) async throws { try LocalStore.removeEmptyFolder(path) }

  public func removeTree(_ path: String) async throws {
    // out of sight in one step, then file by file
    let aside = ObjectPath.join(ObjectPath.parent(path), "\(Visibility.dropped)-\(Visibility.newID())")
    try LocalStore.rename(path, to: aside)
    try LocalStore.removeTree(aside)
  }

  public func contains(_ folder: String, _ path: String) -> Bool {
    guard let root = LocalStore.canonical(folder), let target = LocalStore.canonical(path) else { return false }
    return target.hasPrefix(root + "/")
  }
}

/// Files grow in a hidden folder and get their names at commit.
///
///     location/sales/.orders.7f3a…/            a new table: the whole folder is renamed
///     location/sales/orders/.insert.7f3a…/     an insert: each file is moved to its place, under a marker where they are several (Visibility)
final class LocalPublication: Publication {
  let id = Visibility.newID()
  private let target: String
  private let temporary: String
  private let isNew: Bool
  private let files = Mutex<[String]>([])

  init(_ target: String, isNew: Bool) throws {
    self.target = target
    self.isNew = isNew
    temporary =
      isNew
      ? ObjectPath.join(ObjectPath.parent(target), ".\(ObjectPath.name(target)).\(id)") : ObjectPath.join(target, ".insert.\(id)")
    try LocalStore.createFolder(temporary)
  }

  func file(_ relative: String) async throws -> sending any PublishedFile {
    let path = ObjectPath.join(temporary, relative)
    try LocalStore.createFolder(ObjectPath.parent(path))
    let file = try LocalFileBeingWritten(path)
    files.withLock { $0.append(relative) }
    return file
  }

  func commit() async throws {
    let files = files.withLock { $0 }
    for file in files { try LocalStore.synchronize(ObjectPath.join(temporary, file)) }
    if isNew {
      if LocalStore.exists(target) { throw PrestoError(.folderExists, "\(target) exists already") }
      try LocalStore.rename(temporary, to: target)
      return
    }
    let marker = ObjectPath.join(target, Visibility.pending + id)
    if files.count > 1 { try await LocalStore().put(marker, []) }
    var moved: [String] = []
    do {
      for file in files {
        let place = ObjectPath.join(target, file)
        try LocalStore.createFolder(ObjectPath.parent(place))
        try LocalStore.rename(ObjectPath.join(temporary, file), to: place)
        moved.append(place)
      }
      if files.count > 1 { try await LocalStore().delete(marker) }
    } catch {
      for place in moved { unlink(place) }
      unlink(marker)
      throw error
    }
    try LocalStore.removeTree(temporary)
  }

  func abort() async { try? LocalStore.removeTree(temporary) }
}

private final class LocalFileBeingWritten: PublishedFile {
  private let path: String
  private var descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LocalStore.failure("write", path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw LocalStore.failure("write", path)
      }
    }
  }

  func drain() async throws {}

  func finish() async throws {
    guard descriptor >= 0 else { return }
    let result = close(descriptor)
    descriptor = -1
    if result != 0 { throw LocalStore.failure("write", path) }
  }
}
