import CSQLite
import Glibc
import Synchronization
import Values
import Vectors

/// One state of a database, held by a read transaction for as long as anything reads it.
///
/// Where the file alone holds that state, pages may be read directly (`pages`), through the library's own file handle: opening and closing the
/// file ourselves would drop the library's locks, which belong to the process. When that is so:
///
/// - Rollback journal: the transaction's SHARED lock keeps every writer from touching the file.
/// - WAL: all frames are in the file already (`nBackfill == mxFrame` in the shared index) while our read mark is held. Later frames stay in the
///   WAL: a checkpoint may not pass our mark, and the log may not restart under it.
///
/// Everything else (frames that are in the WAL alone, another VFS, encryption, UTF-16, reserved bytes) is read by statements.
final class Snapshot: @unchecked Sendable {
  /// Nothing but the pages and statements of this transaction may use it, under `lock`.
  let connection: SQLiteConnection
  /// nil: read by statements.
  let pages: PageGeometry?
  private let pool: ConnectionPool
  private let file: UnsafeMutablePointer<sqlite3_file>?
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  /// For threads that read pages while another one does. The file holds this state until the transaction ends, whoever reads it.
  private let others = Mutex<[Handle]>([])

  private struct Handle: @unchecked Sendable {
    var connection: SQLiteConnection
    var file: UnsafeMutablePointer<sqlite3_file>
  }

  init(_ pool: ConnectionPool) throws {
    let connection = try pool.take()
    do {
      try connection.execute("BEGIN")
      // takes the lock, and rolls back what a crashed writer left
      _ = try connection.rows("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
    self.pool = pool
    self.connection = connection
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    let plain = Snapshot.plainFile(of: connection)
    file = plain
    pages = plain.flatMap { Snapshot.isFileComplete(connection, $0) ? PageGeometry($0) : nil }
  }

  deinit {
    for handle in others.withLock({ $0 }) { pool.give(back: handle.connection) }
    if (try? connection.execute("COMMIT")) != nil { pool.give(back: connection) }
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func with<R>(_ body: (SQLiteConnection) throws -> R) throws -> R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(connection)
  }

  /// `count` whole pages from page `first` (from 1) on.
  func read(_ first: UInt32, count: Int, into target: UnsafeMutableRawPointer) throws {
    guard let pages, let file, first >= 1, Int(first) - 1 + count <= pages.count else {
      throw corrupt("page \(first) is beyond the end of the file")
    }
    func read(_ file: UnsafeMutablePointer<sqlite3_file>) -> Int32 {
      guard let read = file.pointee.pMethods?.pointee.xRead else { return SQLITE_IOERR }
      return read(file, target, Int32(count * pages.size), Int64(first - 1) * Int64(pages.size))
    }
    let status: Int32
    if pthread_mutex_trylock(lock) == 0 {
      status = read(file)
      pthread_mutex_unlock(lock)
    } else if let other = otherHandle() {
      status = read(other.file)
      others.withLock { $0.append(other) }
    } else {
      pthread_mutex_lock(lock)
      status = read(file)
      pthread_mutex_unlock(lock)
    }
    if status & 0xFF != SQLITE_OK { throw corrupt("page \(first) cannot be read (error \(status))") }
  }

  /// nil: the path leads to another file by now, or cannot be opened once more.
  private func otherHandle() -> Handle? {
    if let free = others.withLock({ $0.popLast() }) { return free }
    guard let identity = connection.identity, let other = try? pool.take() else { return nil }
    guard other.identity == identity, let file = Snapshot.plainFile(of: other) else {
      pool.give(back: other)
      return nil
    }
    return Handle(connection: other, file: file)
  }

  func corrupt(_ what: String) -> PrestoError { PrestoError(.sqliteError, "SQLite database '\(connection.path)' is corrupt: \(what)") }

  /// The library's handle, if it reads plain files by the standard methods.
  private static func plainFile(of connection: SQLiteConnection) -> UnsafeMutablePointer<sqlite3_file>? {
    var name: UnsafeMutablePointer<CChar>?
    guard sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_VFSNAME, &name) == SQLITE_OK, let name else { return nil }
    let isStandard = String(cString: name) == "unix"
    sqlite3_free(name)
    var file: UnsafeMutablePointer<sqlite3_file>?
    guard isStandard, sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK else { return nil }
    return file
  }

  private static func isFileComplete(_ connection: SQLiteConnection, _ file: UnsafeMutablePointer<sqlite3_file>) -> Bool {
    let mode = (try? connection.rows("PRAGMA journal_mode") { $0.text(0) ?? "" })?.first
    switch mode {
    case "delete", "truncate", "persist": return true
    case "wal": break
    default: return false
    }
    guard let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2, let map = methods.pointee.xShmMap else { return false }
    var index: UnsafeMutableRawPointer?
    // region 0 exists, since a read transaction is open; 0: do not extend it
    guard map(file, 0, 32768, 0, &index) & 0xFF == SQLITE_OK, let index else { return false }
    // https://www.sqlite.org/walformat.html §2.1: mxFrame at 16, nBackfill at 96, both in the machine's byte order
    let frames = index.load(fromByteOffset: 16, as: UInt32.self), filed = index.load(fromByteOffset: 96, as: UInt32.self)
    return frames == filed
  }
}

/// What the file's header says, read inside the transaction. https://www.sqlite.org/fileformat2.html §1.3
struct PageGeometry: Sendable {
  /// Bytes of a page; all of them are usable.
  let size: Int
  let count: Int

  /// nil: a file this decoder does not know.
  init?(_ file: UnsafeMutablePointer<sqlite3_file>) {
    guard let methods = file.pointee.pMethods, let read = methods.pointee.xRead, let measure = methods.pointee.xFileSize else { return nil }
    var header = [UInt8](repeating: 0, count: 100)
    var length: Int64 = 0
    guard header.withUnsafeMutableBytes({ read(file, $0.baseAddress, 100, 0) }) == SQLITE_OK, measure(file, &length) == SQLITE_OK else {
      return nil
    }
    let magic = Array("SQLite format 3\0".utf8)
    let size = Int(header[16]) << 8 | Int(header[17])
    // reserved bytes at 20, text encoding in the four bytes from 56 (1: UTF-8; 0: no table yet)
    guard Array(header[0..<16]) == magic, header[20] == 0, header[56] == 0, header[57] == 0, header[58] == 0, header[59] <= 1 else {
      return nil
    }
    self.size = size == 1 ? 65536 : size
    guard self.size >= 512, self.size & (self.size - 1) == 0 else { return nil }
    count = Int(length) / self.size
  }
}
