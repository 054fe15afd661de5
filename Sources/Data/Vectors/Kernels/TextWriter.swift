import Glibc

/// Where a function writes its text result, byte by byte, straight into the result's heap. One writer serves all rows of a batch.
///
///     chunk   ├ row 1 ┼ row 2 ┼ row 3 …   free      ┤
///                             ^start  ^next         ^end
public struct TextWriter {
  @usableFromInline var chunks: [Buffer] = []
  @usableFromInline var start: UnsafeMutableRawPointer
  @usableFromInline var next: UnsafeMutableRawPointer
  @usableFromInline var end: UnsafeMutableRawPointer
  @usableFromInline var isNull = false

  /// `capacity`: bytes expected in all; it grows by itself.
  public init(capacity: Int = 1024) {
    let chunk = Buffer(byteCount: max(capacity, 64))
    chunks = [chunk]
    start = chunk.base
    next = start
    end = start + chunk.byteCount
  }

  /// Bytes written for the current row.
  @inlinable public var count: Int { next - start }

  /// The bytes written for the current row, to look back at or change.
  @inlinable public var written: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: start, count: next - start) }

  /// The row's result is null, whatever was written.
  @inlinable public mutating func writeNull() { isNull = true }

  @inlinable @inline(__always) public mutating func write(_ byte: UInt8) {
    if next == end { grow(1) }
    next.storeBytes(of: byte, as: UInt8.self)
    next += 1
  }

  @inlinable public mutating func write(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    write(source, count: bytes.count)
  }

  @inlinable @inline(__always) public mutating func write(_ source: UnsafeRawPointer, count: Int) {
    if end - next < count { grow(count) }
    memcpy(next, source, count)
    next += count
  }

  @inlinable @inline(__always) public mutating func write(_ view: Bytes) { view.withBytes { write($0) } }

  @inlinable public mutating func write(_ text: StaticString) { write(UnsafeRawPointer(text.utf8Start), count: text.utf8CodeUnitCount) }

  @inlinable public mutating func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  @inlinable public mutating func write(repeating byte: UInt8, count: Int) {
    guard count > 0 else { return }
    if end - next < count { grow(count) }
    memset(next, Int32(byte), count)
    next += count
  }

  /// Digits of a whole number, at least `width` of them.
  public mutating func write(number: Int, width: Int = 1) {
    var magnitude = number.magnitude
    if number < 0 { write(0x2D) }
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { room in
      var at = 24
      repeat {
        at -= 1
        room[at] = UInt8(truncatingIfNeeded: 48 + magnitude % 10)
        magnitude /= 10
      } while magnitude > 0
      if 24 - at < width { write(repeating: 48, count: width - (24 - at)) }
      write(UnsafeRawBufferPointer(rebasing: room[at..<24]))
    }
  }

  /// A Unicode scalar as UTF-8.
  public mutating func write(scalar: UInt32) {
    switch scalar {
    case 0..<0x80: write(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      write(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      write(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    default:
      write(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18 & 7))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      write(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }

  /// Makes room for `count` more bytes and says where: to be followed by `advance(_:)`.
  @inlinable public mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
    if end - next < count { grow(count) }
    return next
  }

  @inlinable public mutating func advance(_ count: Int) { next += count }

  /// Forgets what was written for the current row.
  @inlinable public mutating func rewind() {
    next = start
    isNull = false
  }

  /// Ends the row: a view of what was written; nil for a null.
  @inlinable @inline(__always) public mutating func finishRow() -> Bytes? {
    if isNull {
      rewind()
      return nil
    }
    let view = Bytes(start, count: next - start)
    // inline values need no room of their own
    if view.isInline { next = start } else { start = next }
    return view
  }

  /// What the views of finished rows point into.
  public var heap: [Buffer] { chunks }

  @usableFromInline mutating func grow(_ count: Int) {
    let used = next - start
    let last = chunks[chunks.count - 1]
    let size = max((used + count) * 2, min(last.byteCount * 2, 1 << 20))
    let chunk = Buffer(byteCount: size)
    chunk.base.copyMemory(from: start, byteCount: used)
    if last.base == start { chunks.removeLast() }
    chunks.append(chunk)
    start = chunk.base
    next = start + used
    end = start + chunk.byteCount
  }
}
