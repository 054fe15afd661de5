import Vectors

/// PLAIN texts: u32 length, bytes, u32 length, bytes … A value, streamed.
struct PlainTextDecoder {
  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  /// The source is readable 64 bytes past `end`, and stays alive as long as the views.
  init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    next = start
    self.end = end
  }

  mutating func read(into out: UnsafeMutablePointer<Bytes>, count: Int) throws(Malformed) {
    var p = UnsafeRawPointer(next)
    let stop = UnsafeRawPointer(end)
    for i in 0..<count {
      guard stop - p >= 4 else { throw Malformed("texts end early") }
      // length and first four bytes in one load: the head of the view
      let head = p.loadUnaligned(as: UInt64.self)
      let length = Int(truncatingIfNeeded: head & 0xFFFF_FFFF)
      p += 4
      guard length <= stop - p else { throw Malformed("a text ends beyond its page") }
      if length > 12 {
        out[i] = Bytes(head: head, tail: UInt64(UInt(bitPattern: p)))
      } else {
        let kept = head & (UInt64.max >> UInt64(32 - min(length, 4) * 8))
        let rest = (p + 4).loadUnaligned(as: UInt64.self) & (UInt64.max >> UInt64(64 - max(length - 4, 0) * 8))
        out[i] = Bytes(head: kept, tail: rest)
      }
      p += length
    }
    next = p.assumingMemoryBound(to: UInt8.self)
  }

  mutating func skip(_ count: Int) throws(Malformed) {
    var p = UnsafeRawPointer(next)
    let stop = UnsafeRawPointer(end)
    for _ in 0..<count {
      guard stop - p >= 4 else { throw Malformed("texts end early") }
      let length = Int(truncatingIfNeeded: p.loadUnaligned(as: UInt32.self))
      p += 4
      guard length <= stop - p else { throw Malformed("a text ends beyond its page") }
      p += length
    }
    next = p.assumingMemoryBound(to: UInt8.self)
  }
}
