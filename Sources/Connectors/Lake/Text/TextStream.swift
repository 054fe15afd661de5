import ObjectStore
import Parquet
import Values

/// A file's text from front to back, a piece at a time, decompressed; the next piece of a remote file travels while this one is read.
final class TextStream {
  let entry: ObjectEntry
  private let store: any ObjectStore
  private let inflating: InflatingStream
  private var place = 0
  private var ahead: Task<[UInt8], any Error>?
  private let piece: Int

  /// `piece`: bytes of the file for one call of `fill`.
  init(_ entry: ObjectEntry, _ store: any ObjectStore, piece: Int = 1 << 20) throws {
    self.entry = entry
    self.store = store
    self.piece = store.isRemote(entry.path) ? max(piece, 4 << 20) : piece
    inflating = try InflatingStream(LakeFormat.codec(of: entry.path), name: entry.path)
  }

  deinit { ahead?.cancel() }

  /// Adds some more text; false: the file is at its end.
  func fill(_ buffer: inout [UInt8]) async throws -> Bool {
    guard place < entry.size else { return false }
    let bytes: [UInt8]
    if let ahead {
      bytes = try await ahead.value
      self.ahead = nil
    } else {
      bytes = try await store.read(entry, place..<min(place + piece, entry.size))
    }
    let isFirst = place == 0
    place += bytes.count
    if place < entry.size, store.isRemote(entry.path) {
      let (store, entry, next) = (store, entry, place..<min(place + piece, entry.size))
      ahead = Task { try await store.read(entry, next) }
    }
    // small steps: what is compressed may hold a thousand times as much
    for start in stride(from: 0, to: bytes.count, by: 64 << 10) {
      try inflating.feed(bytes[start..<min(start + 64 << 10, bytes.count)], into: &buffer)
    }
    if place == entry.size { try inflating.end() }
    if isFirst, buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
    return true
  }
}

/// What is wrong with a line, without the place.
struct BadRecord: Error {
  let message: String
}

/// One value of a row as the text has it.
struct TextValue {
  enum Kind { case null, text, word }

  var kind: Kind
  /// Without quotes and escapes.
  var bytes: ArraySlice<UInt8>

  static let null = TextValue(kind: .null, bytes: [])
}
