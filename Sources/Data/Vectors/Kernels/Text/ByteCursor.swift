/// Reads a text byte by byte. Trivial: kept in registers by the parsers that hold one.
@frozen public struct ByteCursor {
  public let bytes: UnsafePointer<UInt8>
  public var end: Int
  public var at = 0

  @inlinable @inline(__always) public init(_ bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    end = count
  }

  @inlinable @inline(__always) public var isAtEnd: Bool { at >= end }
  /// The next byte, or 0 at the end.
  @inlinable @inline(__always) public var next: UInt8 { at < end ? bytes[at] : 0 }

  @inlinable @inline(__always) public mutating func take(_ byte: UInt8) -> Bool {
    guard at < end, bytes[at] == byte else { return false }
    at &+= 1
    return true
  }

  /// Leaves blanks at both ends out.
  @inlinable public mutating func trimmed() -> ByteCursor {
    var last = end
    while at < last, bytes[at] <= 0x20 { at &+= 1 }
    while last > at, bytes[last &- 1] <= 0x20 { last &-= 1 }
    var cursor = ByteCursor(bytes, count: last)
    cursor.at = at
    return cursor
  }

  @inlinable public mutating func skipBlanks() { while at < end, bytes[at] == 0x20 { at &+= 1 } }

  /// A run of at most `limit` digits; nil: none.
  @inlinable @inline(__always) public mutating func digits(_ limit: Int) -> Int? {
    let start = at
    var value = 0
    while at < end, at &- start < limit, bytes[at] &- 0x30 < 10 {
      value = value &* 10 &+ Int(bytes[at] &- 0x30)
      at &+= 1
    }
    return at == start ? nil : value
  }

  public var rest: String { String(decoding: UnsafeBufferPointer(start: bytes + at, count: end - at), as: UTF8.self) }
}

extension Bytes {
  /// Calls with a cursor over the bytes.
  @inlinable @inline(__always) public func withCursor<R>(_ body: (inout ByteCursor) throws -> R) rethrows -> R {
    try withBytes { raw in
      guard let base = raw.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
        var nothing: UInt8 = 0
        return try withUnsafePointer(to: &nothing) { pointer in
          var cursor = ByteCursor(pointer, count: 0)
          return try body(&cursor)
        }
      }
      var cursor = ByteCursor(base, count: raw.count)
      return try body(&cursor)
    }
  }
}
