import Foundation
import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Values

/// Segments of results that wait for their clients, one file each in a directory of this server's own:
///
///     fs.location/minipresto-spool-9c1f…/lock      held while the server lives: who can lock it may remove the directory
///     fs.location/minipresto-spool-9c1f…/4be0…     a segment
///
/// A segment leaves when its client says that it has it, when its statement fails, when its time is over, and at the latest with the server. Files are
/// read and written on threads of their own.
final class SegmentSpool: Sendable {
  private struct Segment {
    var statement: String
    var byteCount: Int
    var lastUse: ContinuousClock.Instant
  }

  private struct State {
    /// By their secret names.
    var segments: [String: Segment] = [:]
    var directory: String?
    /// The descriptor that holds the directory's lock.
    var lock: Int32 = -1
    var byteCount = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  let configuration: SpoolConfiguration

  init(_ configuration: SpoolConfiguration) { self.configuration = configuration }

  deinit { close() }

  /// Segments and bytes that wait.
  var use: (count: Int, byteCount: Int) { state.withLock { ($0.segments.count, $0.byteCount) } }

  // MARK: Segments

  /// Keeps a segment for a statement; its name, or nil where there is no room.
  func keep(_ body: ByteBuffer, for statement: String) async -> String? {
    guard let directory = reserve(body.readableBytes) else { return nil }
    let name = Secret.token() + Secret.token()
    let isWritten = (try? await NIOThreadPool.singleton.runIfActive { SegmentSpool.write(body, to: directory + "/" + name) }) ?? false
    return state.withLock { state in
      if isWritten && !state.isClosed {
        state.segments[name] = Segment(statement: statement, byteCount: body.readableBytes, lastUse: .now)
        return name
      }
      state.byteCount -= body.readableBytes
      return nil
    }
  }

  /// The file of a segment; nil: there is none of that name.
  func file(_ name: String) -> (path: String, byteCount: Int, statement: String)? {
    state.withLock { state in
      guard let directory = state.directory, let segment = state.segments[name] else { return nil }
      state.segments[name]?.lastUse = .now
      return (directory + "/" + name, segment.byteCount, segment.statement)
    }
  }

  /// Drops a segment; false: there was none of that name.
  @discardableResult
  func drop(_ name: String) async -> Bool { await drop { known in known[name] == nil ? [] : [name] } }

  /// Drops all segments of a statement.
  func drop(of statement: String) async { await drop { known in known.filter { $0.value.statement == statement }.map(\.key) } }

  /// Drops segments whose time is over.
  func sweep() async {
    let now = ContinuousClock.now
    await drop { known in known.filter { now - $0.value.lastUse > configuration.timeToLive }.map(\.key) }
  }

  /// Drops the segments that `choose` names; false: none.
  @discardableResult
  private func drop(_ choose: ([String: Segment]) -> [String]) async -> Bool {
    let paths = state.withLock { state -> [String] in
      guard let directory = state.directory else { return [] }
      let names = choose(state.segments)
      for name in names { state.byteCount -= state.segments.removeValue(forKey: name)?.byteCount ?? 0 }
      return names.map { directory + "/" + $0 }
    }
    if paths.isEmpty { return false }
    try? await NIOThreadPool.singleton.runIfActive { for path in paths { unlink(path) } }
    return true
  }

  /// A client may be about to fetch a segment: one was written or read a moment ago.
  var isAwaited: Bool {
    let now = ContinuousClock.now
    return state.withLock { state in state.segments.values.contains { now - $0.lastUse < .seconds(5) } }
  }

  // MARK: The directory

  /// Takes `size` bytes of the room that is left; where to write them.
  private func reserve(_ size: Int) -> String? {
    state.withLock { state in
      if state.isClosed || size > configuration.maximumBytes - state.byteCount { return nil }
      if state.directory == nil { (state.directory, state.lock) = makeDirectory() ?? (nil, -1) }
      guard let directory = state.directory else { return nil }
      state.byteCount += size
      return directory
    }
  }

  private static let prefix = "minipresto-spool-"

  private func makeDirectory() -> (String, Int32)? {
    let parent = configuration.directory ?? FileManager.default.temporaryDirectory.path
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    SegmentSpool.removeAbandoned(in: parent)
    let path = parent + "/" + SegmentSpool.prefix + Secret.token()
    guard mkdir(path, 0o700) == 0, let lock = SegmentSpool.lock(path, creates: true) else { return nil }
    return (path, lock)
  }

  /// Directories of servers that died without removing theirs.
  private static func removeAbandoned(in parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
      let path = parent + "/" + name
      guard let lock = lock(path, creates: false) else { continue }
      try? FileManager.default.removeItem(atPath: path)
      Glibc.close(lock)
    }
  }

  /// nil: a server that lives holds it.
  private static func lock(_ directory: String, creates: Bool) -> Int32? {
    let descriptor = open(directory + "/lock", O_RDWR | O_CLOEXEC | (creates ? O_CREAT | O_EXCL : 0), 0o600)
    guard descriptor >= 0 else { return nil }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
    Glibc.close(descriptor)
    return nil
  }

  private static func write(_ body: ByteBuffer, to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let isWhole = body.withUnsafeReadableBytes { raw in
      var rest = raw[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
    Glibc.close(descriptor)
    if !isWhole { unlink(path) }
    return isWhole
  }

  /// Removes everything; nothing is kept from now on.
  func close() {
    let (directory, lock) = state.withLock { state in
      defer { state = State(isClosed: true) }
      return (state.directory, state.lock)
    }
    if let directory { try? FileManager.default.removeItem(atPath: directory) }
    if lock >= 0 { Glibc.close(lock) }
  }
}
