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

  /// Whether any of them is in the text, which may be read `MP_PADDING` bytes past its end.
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

  /// One bit a row, set where `holds`, which is asked of texts in which one of them seems to be, and told where the first of those places is. Clear
  /// for nulls.
  @inline(__always)
  func bits(_ texts: Vector, _ rows: Int, _ holds: (UnsafePointer<UInt8>, _ count: Int, _ place: Int) throws -> Bool) rethrows -> Buffer {
    let room = Buffer(byteCount: 64 * 4)
    let places = room.pointer(as: UInt32.self)
    let result = try TextPredicate.bits(texts, rows) { word in
      let slots = UnsafeRawPointer(word.slots).assumingMemoryBound(to: mp_bytes.self)
      var left = mp_literals_likely(set, slots, word.step, UInt32(truncatingIfNeeded: word.count), word.known, places), bits: UInt64 = 0
      // where something seems to be is nearly always something: these branches are foreseen, those of a loop over all rows are not
      while left != 0 {
        let row = left.trailingZeroBitCount
        left &= left &- 1
        let slot = word.slot(row)
        let isMatch = try holds(Bytes.address(of: slot), slot.pointee.count, Int(places[row]))
        bits |= UInt64(truncatingIfNeeded: isMatch.bit) &<< UInt64(truncatingIfNeeded: row)
      }
      return bits
    }
    return withExtendedLifetime(room) { result }
  }

  /// Whether one of them is in each text and `holds` agrees.
  /// - Parameter validity: that of the result.
  public func vector(
    _ texts: Vector, _ rows: Int, validity: Bitmap?, _ holds: (UnsafeRawBufferPointer) throws -> Bool
  ) rethrows -> Vector {
    let found = try bits(texts, rows) { text, count, place in
      var which: UInt64 = 0
      return try (at(place, of: text, count: count) != 0 || first(in: text, count: count, from: place, &which) != nil)
        && holds(UnsafeRawBufferPointer(start: text, count: count))
    }
    return BooleanVectors.vector(found, rows, validity: validity)
  }

  /// Those at a place, a bit for each. The text may be read 8 bytes past its end.
  @inline(__always)
  func at(_ place: Int, of text: UnsafePointer<UInt8>, count: Int) -> UInt64 { mp_literals_at(set, text, count, place) }

  /// The first place at or after `start` where some are; one bit of `which` for each.
  @inline(__always)
  func first(in text: UnsafePointer<UInt8>, count: Int, from start: Int, _ which: inout UInt64) -> Int? {
    let at = mp_literals_find(set, text, count, start, &which)
    return at < 0 ? nil : at
  }
}
