/// Little-endian numbers out of bytes that may be anything: nil where they end too early.
struct SketchBytes {
  private let bytes: UnsafeRawBufferPointer
  private(set) var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var left: Int { bytes.count - at }

  mutating func number<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> T? {
    guard left >= MemoryLayout<T>.size else { return nil }
    defer { at += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: T.self))
  }

  mutating func part(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, count <= left else { return nil }
    defer { at += count }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<at + count])
  }

  mutating func skip(to place: Int) { at = min(max(place, at), bytes.count) }
}

extension [UInt8] {
  mutating func put<T: FixedWidthInteger>(_ number: T) { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
}
