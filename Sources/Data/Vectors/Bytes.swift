import Glibc

/// A view of a text or binary value: 16 bytes.
///
///     0        4        8                16
///     ├ length ┼ first 4┼ bytes 4…11     ┤   up to 12 bytes: all inline, zero-padded
///     ├ length ┼ first 4┼ pointer        ┤   longer: address of the whole value, kept alive by the vector's heap
///
/// Equality of short values is two integer comparisons; hashing inline values touches no other memory.
@frozen public struct Bytes: BitwiseCopyable, Sendable {
  public var head: UInt64
  public var tail: UInt64

  @inlinable public init(head: UInt64, tail: UInt64) {
    self.head = head
    self.tail = tail
  }

  @inlinable public static var empty: Bytes { Bytes(head: 0, tail: 0) }

  /// Longest value held inline.
  @inlinable public static var inlineCapacity: Int { 12 }

  /// A view of `count` bytes at `source`. Values past 12 bytes are pointed at, not copied. Lengths are below 2^31, bounded by the caller.
  @inlinable public init(_ source: UnsafeRawPointer, count: Int) {
    if count > 12 {
      head = UInt64(UInt32(truncatingIfNeeded: count)) | UInt64(source.loadUnaligned(as: UInt32.self)) << 32
      tail = UInt64(UInt(bitPattern: source))
      return
    }
    // Two loads that overlap cover four to twelve bytes and none beyond; what both have is shifted out of the later one.
    var first: UInt64, rest: UInt64 = 0
    if count >= 8 {
      first = UInt64(source.loadUnaligned(as: UInt32.self))
      rest = source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) &>> UInt64(truncatingIfNeeded: (12 &- count) &* 8)
    } else if count >= 4 {
      first = UInt64(source.loadUnaligned(as: UInt32.self))
      rest = UInt64(source.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)) &>> UInt64(truncatingIfNeeded: (8 &- count) &* 8)
    } else if count > 0 {
      let middle = count / 2, last = count &- 1
      first = UInt64(source.load(as: UInt8.self))
      first |= UInt64(source.load(fromByteOffset: middle, as: UInt8.self)) &<< UInt64(truncatingIfNeeded: middle &* 8)
      first |= UInt64(source.load(fromByteOffset: last, as: UInt8.self)) &<< UInt64(truncatingIfNeeded: last &* 8)
    } else {
      first = 0
    }
    head = UInt64(truncatingIfNeeded: count) | first &<< 32
    tail = rest
  }

  @inlinable public var count: Int { Int(truncatingIfNeeded: head & 0xFFFF_FFFF) }
  @inlinable public var isInline: Bool { count <= 12 }

  /// The first four bytes as a big-endian number, so that numbers order as text does.
  @inlinable public var prefix: UInt32 { UInt32(truncatingIfNeeded: head >> 32).byteSwapped }

  /// Calls with the bytes, wherever they are. The pointer is valid inside only.
  @inlinable @inline(__always)
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let n = count
    if n > 12 { return try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: UInt(tail)), count: n)) }
    var copy = self
    return try withUnsafeBytes(of: &copy) { raw in try body(UnsafeRawBufferPointer(rebasing: raw[4..<4 + n])) }
  }

  /// Address of the bytes of a value stored at `slot`: inline values are read where the view itself lies.
  @inlinable @inline(__always)
  public static func address(of slot: UnsafePointer<Bytes>) -> UnsafePointer<UInt8> {
    if slot.pointee.count > 12, let p = UnsafePointer<UInt8>(bitPattern: UInt(slot.pointee.tail)) { return p }
    return UnsafeRawPointer(slot).assumingMemoryBound(to: UInt8.self) + 4
  }

  public var array: [UInt8] { withBytes { [UInt8]($0) } }
  public var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  @inlinable public static func == (a: Bytes, b: Bytes) -> Bool {
    if a.head != b.head { return false }
    if a.tail == b.tail { return true }
    if a.count <= 12 { return false }
    guard let x = UnsafeRawPointer(bitPattern: UInt(a.tail)), let y = UnsafeRawPointer(bitPattern: UInt(b.tail)) else { return false }
    return memcmp(x + 4, y + 4, a.count - 4) == 0
  }

  /// Unsigned byte order, as varchar and varbinary compare. Negative, zero or positive.
  @inlinable public static func compare(_ a: Bytes, _ b: Bytes) -> Int {
    let p = a.prefix, q = b.prefix
    if p != q { return p < q ? -1 : 1 }
    let n = min(a.count, b.count)
    if n > 4 {
      let order = a.withBytes { x in
        b.withBytes { y in
          guard let p = x.baseAddress, let q = y.baseAddress else { return Int32(0) }
          return memcmp(p, q, n)
        }
      }
      if order != 0 { return Int(order) }
    }
    return a.count - b.count
  }

  @inlinable public static func < (a: Bytes, b: Bytes) -> Bool { compare(a, b) < 0 }
}
