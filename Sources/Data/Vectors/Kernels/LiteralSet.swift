import CVectors

/// Literals looked for all at once, in one pass over a text.
public final class LiteralSet: @unchecked Sendable {
  public static let most = 64

  private let set: OpaquePointer

  /// nil: none, more than `most`, or an empty one.
  public init?(_ literals: [[UInt8]]) {
    let made = literals.flatMap { $0 }.withUnsafeBufferPointer { bytes in
      literals.map { UInt32(clamping: $0.count) }.withUnsafeBufferPointer { lengths in
        mp_literals_create(bytes.baseAddress, lengths.baseAddress, UInt32(clamping: literals.count))
      }
    }
    guard let made else { return nil }
    set = made
  }

  deinit { mp_literals_free(set) }

  /// Whether any of them is in the text, which may be read 32 bytes past its end.
  @inline(__always)
  public func occurs(in text: UnsafePointer<UInt8>, count: Int) -> Bool {
    var which: UInt64 = 0
    return mp_literals_find(set, text, count, 0, &which) >= 0
  }

  /// Whether any is in a text of which only its own bytes may be read.
  public func occurs(in text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
    // longer texts lie in buffers with readable bytes behind them; inline ones may be a copy of a view
    if text.count > 12 { return occurs(in: base, count: text.count) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { copy in
      guard let start = copy.baseAddress else { return false }
      start.update(from: base, count: text.count)
      return occurs(in: UnsafePointer(start), count: text.count)
    }
  }

  /// Of the texts of a word those in which one of them seems to begin, and, in `places`, where it first does.
  @inline(__always)
  func likely(_ texts: TextWord, _ places: UnsafeMutablePointer<UInt32>) -> UInt64 {
    let slots = UnsafeRawPointer(texts.slots).assumingMemoryBound(to: mp_bytes.self)
    return mp_literals_likely(set, slots, texts.step, UInt32(truncatingIfNeeded: texts.count), texts.known, places)
  }

  /// Those at a place, a bit for each. The text may be read 32 bytes past its end.
  @inline(__always)
  func at(_ place: Int, of text: UnsafePointer<UInt8>, count: Int) -> UInt64 { mp_literals_at(set, text, count, place) }

  /// The first place at or after `start` where some are; one bit of `which` for each.
  @inline(__always)
  func first(in text: UnsafePointer<UInt8>, count: Int, from start: Int, _ which: inout UInt64) -> Int? {
    let at = mp_literals_find(set, text, count, start, &which)
    return at < 0 ? nil : at
  }
}
