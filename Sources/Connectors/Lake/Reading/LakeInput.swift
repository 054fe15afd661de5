import Glibc
import ObjectStore
import Parquet
import Synchronization
import Values

/// A local file as the format reads it. Footers are kept for long and there are many of them, so a file is open only while something scans it.
final class LakeInput: ParquetInput {
  let name: String
  let size: Int
  private let modified: Int
  private let state = Mutex<(descriptor: Int32, users: Int)>((-1, 0))

  init(_ file: LakeFile) {
    name = file.path
    size = file.size
    modified = file.modified
  }

  deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

  var preferredReadSize: Int { 256 << 10 }

  /// Keeps the file open until as many calls of `release`.
  func retain() throws {
    try state.withLock { state in
      if state.users == 0 { state.descriptor = try opened() }
      state.users += 1
    }
  }

  func release() {
    state.withLock { state in
      state.users -= 1
      if state.users == 0 && state.descriptor >= 0 {
        close(state.descriptor)
        state.descriptor = -1
      }
    }
  }

  func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    let held = state.withLock { $0.users > 0 ? $0.descriptor : -1 }
    let descriptor = held >= 0 ? held : try opened()
    defer { if held < 0 { close(descriptor) } }
    var done = 0
    while done < range.count {
      let count = pread(descriptor, target + done, range.count - done, off_t(range.lowerBound + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw PrestoError(
          .parquetBadData, "\(name): the file ends at byte \(range.lowerBound + done); it had \(size) bytes when it was listed")
      } else if errno != EINTR {
        throw PrestoError(.parquetCannotOpen, "Cannot read \(name) at byte \(range.lowerBound + done): \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Another file under the same name does not fit the footer read before.
  private func opened() throws -> Int32 {
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PrestoError(.parquetCannotOpen, "Cannot open \(name): \(String(cString: strerror(errno)))") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == size,
      Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec) == modified
    else {
      close(descriptor)
      throw PrestoError(.parquetCannotOpen, "\(name) changed while it was read", hint: "Run the query again.")
    }
    return descriptor
  }
}

/// A footer with the file it came from.
final class LakeFooter: Sendable {
  let parquet: ParquetFile
  let input: LakeInput

  init(_ file: LakeFile) throws {
    input = LakeInput(file)
    parquet = try ParquetFile.open(input)
  }
}

/// Footers by path, size and modification time; the least recently used go first.
final class FooterCache: Sendable {
  private struct Entry {
    var size: Int
    var modified: Int
    var footer: LakeFooter
    var used: Int
    var weight: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var clock = 0
    var weight = 0
  }

  private let state = Mutex(State())
  /// Column chunks described by all footers together.
  private let limit: Int

  init(limit: Int = 2_000_000) { self.limit = limit }

  func footer(_ file: LakeFile) throws -> LakeFooter {
    let known = state.withLock { state -> LakeFooter? in
      guard let entry = state.entries[file.path], entry.size == file.size, entry.modified == file.modified else { return nil }
      state.clock += 1
      state.entries[file.path]?.used = state.clock
      return entry.footer
    }
    if let known { return known }
    let footer = try LakeFooter(file)
    let weight = 100 + footer.parquet.rowGroupCount * footer.parquet.leaves.count
    state.withLock { state in
      state.clock += 1
      state.weight += weight - (state.entries[file.path]?.weight ?? 0)
      state.entries[file.path] = Entry(size: file.size, modified: file.modified, footer: footer, used: state.clock, weight: weight)
      if state.weight > limit {
        // a quarter at once, so that a large table does not sort the cache for every file
        for (path, entry) in state.entries.sorted(by: { $0.value.used < $1.value.used }) {
          if state.weight <= limit / 4 * 3 { break }
          state.entries[path] = nil
          state.weight -= entry.weight
        }
      }
    }
    return footer
  }
}
