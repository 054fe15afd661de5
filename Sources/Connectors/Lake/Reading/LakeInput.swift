import Glibc
import ObjectStore
import Parquet
import Synchronization
import Values
import Vectors

/// A file as the format reads it: of this machine, or far away.
///
/// Footers are kept for long and there are many of them, so a local file is open only while something scans it. Of a remote file the ranges that a scan
/// will want are fetched ahead (`fetch`) and held as long as their `FetchedRanges` lives; a read that nobody foresaw waits for the network.
final class LakeInput: ParquetInput {
  let entry: ObjectEntry
  let isRemote: Bool
  private let store: any ObjectStore
  private let state = Mutex<(descriptor: Int32, users: Int)>((-1, 0))
  private let held = Mutex<[Int: [ObjectSegment]]>([:])
  private let number = Mutex(0)

  private let cache: RangeCache

  init(_ entry: ObjectEntry, _ store: any ObjectStore, _ cache: RangeCache) {
    self.entry = entry
    self.store = store
    self.cache = cache
    isRemote = store.isRemote(entry.path)
  }

  deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

  var name: String { entry.path }
  var size: Int { entry.size }
  var preferredReadSize: Int { 256 << 10 }

  /// Keeps the file open until as many calls of `release`.
  func retain() throws {
    if isRemote { return }
    try state.withLock { state in
      if state.users == 0 { state.descriptor = try opened() }
      state.users += 1
    }
  }

  func release() {
    if isRemote { return }
    state.withLock { state in
      state.users -= 1
      if state.users == 0 && state.descriptor >= 0 {
        close(state.descriptor)
        state.descriptor = -1
      }
    }
  }

  /// Fetches what lies in the file of some ranges; reads within them cost nothing while the answer lives. Nothing for local files.
  /// `memory`: where the bytes are accounted.
  func fetch(_ ranges: [Range<Int>], _ memory: MemoryPool? = nil) async throws -> FetchedRanges? {
    let wanted = ranges.map { $0.clamped(to: 0..<size) }.filter { !$0.isEmpty }
    if !isRemote || wanted.isEmpty { return nil }
    let bytes = wanted.reduce(0) { $0 + $1.count }
    try memory?.reserve(bytes)
    do {
      let segments = try await segments(wanted)
      let key = number.withLock { number in
        number += 1
        return number
      }
      held.withLock { $0[key] = segments }
      return FetchedRanges(self, key, bytes, memory)
    } catch {
      memory?.release(bytes)
      throw error
    }
  }

  /// One for each range, ascending: as they were fetched before, or now, together.
  private func segments(_ wanted: [Range<Int>]) async throws -> [ObjectSegment] {
    var found: [ObjectSegment] = []
    var missing: [Range<Int>] = []
    for range in wanted {
      if let known = cache.segment(entry, range) { found.append(known) } else { missing.append(range) }
    }
    let fetched = try await store.read(entry, missing)
    for range in missing {
      let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { target, count in
        if let base = target.baseAddress, LakeInput.copy(range, of: fetched, into: UnsafeMutableRawPointer(base)) { count = range.count }
      }
      guard bytes.count == range.count else { throw PrestoError(.genericInternalError, "\(name): bytes \(range) were not fetched") }
      let segment = ObjectSegment(range: range, bytes: bytes)
      cache.add(segment, of: entry)
      found.append(segment)
    }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  fileprivate func drop(_ key: Int) { held.withLock { $0[key] = nil } }

  func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    if isRemote { return try readRemote(range, into: target) }
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
    // other bytes may have been written over the file while it was open
    try checkUnchanged(descriptor)
  }

  private func readRemote(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    for segments in held.withLock({ Array($0.values) }) where LakeInput.copy(range, of: segments, into: target) { return }
    let (entry, store) = (entry, store)
    let bytes = try BlockingRead.value { try await store.read(entry, range) }
    bytes.withUnsafeBytes { if let base = $0.baseAddress { target.copyMemory(from: base, byteCount: min(range.count, $0.count)) } }
  }

  /// false: the segments (ascending) do not hold all of the range.
  private static func copy(_ range: Range<Int>, of segments: [ObjectSegment], into target: UnsafeMutableRawPointer) -> Bool {
    var place = range.lowerBound
    for segment in segments where segment.range.contains(place) {
      let end = min(segment.range.upperBound, range.upperBound), start = place - segment.range.lowerBound
      segment.bytes.withUnsafeBytes { raw in
        if let base = raw.baseAddress { (target + (place - range.lowerBound)).copyMemory(from: base + start, byteCount: end - place) }
      }
      place = end
      if place == range.upperBound { return true }
    }
    return range.isEmpty
  }

  /// Another file under the same name does not fit the footer read before.
  private func opened() throws -> Int32 {
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PrestoError(.parquetCannotOpen, "Cannot open \(name): \(String(cString: strerror(errno)))") }
    do { try checkUnchanged(descriptor) } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private func checkUnchanged(_ descriptor: Int32) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) == size,
      Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec) == entry.modified
    else { throw PrestoError(.parquetCannotOpen, "\(name) changed while it was read", hint: "Run the query again.") }
  }
}

/// Bytes of a remote file that are here; gone with the last reference.
final class FetchedRanges: Sendable {
  let byteCount: Int
  private let input: LakeInput
  private let key: Int
  private let memory: MemoryPool?

  fileprivate init(_ input: LakeInput, _ key: Int, _ byteCount: Int, _ memory: MemoryPool?) {
    self.input = input
    self.key = key
    self.byteCount = byteCount
    self.memory = memory
  }

  deinit {
    input.drop(key)
    memory?.release(byteCount)
  }
}
