/// Where the fields of a record begin, for all of them at once: the one byte that the header has for each becomes its length, and the lengths become
/// sums, eight bytes to a word.
///
///     header     length │ type of field 0 │ type of field 1 │ …        one byte each
///     lengths        0  │ of field 0      │ of field 1      │ …
///     sums           0  │ end of field 0 = beginning of field 1 │ …
///
/// Only for numbers and nulls (types 0…9) before the last field that is wanted: their sums stay below 256.
final class FieldOffsets {
  /// How many fields, the last one wanted among them.
  static let most = 15

  private let sums: UnsafeMutablePointer<UInt64>

  init() {
    sums = .allocate(capacity: 2)
    sums.initialize(repeating: 0, count: 2)
  }

  deinit { sums.deallocate() }

  /// From the beginning of the record's body. Field 0 begins there.
  @inline(__always)
  subscript(field: Int) -> Int { Int((UnsafeRawPointer(sums) + field).load(as: UInt8.self)) }

  /// Computes the offsets of the first `count` fields, which lie before `end`, the last one too; the beginning of the body. nil: a header that
  /// is not so simple, or a record that is too short. Reads 16 bytes from `start`.
  @inline(__always)
  func place(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ count: Int) -> UnsafePointer<UInt8>? {
    let headerLength = Int(start.pointee), lastType = Int(start[count])
    guard headerLength < 0x80, headerLength > count, lastType < 0x80 else { return nil }
    let header = UnsafeRawPointer(start)
    // the bytes of all fields but the last, those of the header's length and what follows cleared
    let low = header.loadUnaligned(as: UInt64.self) & FieldOffsets.mask(count) & ~0xFF
    var big = FieldOffsets.past9(low)
    sums[0] = FieldOffsets.lengths(low) &* FieldOffsets.ones
    if count > 8 {
      let high = header.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & FieldOffsets.mask(count &- 8)
      big |= FieldOffsets.past9(high)
      sums[1] = (FieldOffsets.lengths(high) &+ sums[0] &>> 56) &* FieldOffsets.ones
    }
    if big != 0 { return nil }
    let body = start + headerLength
    let left = (end - body) &- self[count &- 1] &- RecordDecoder.length(of: lastType)
    return left >= 0 ? body : nil
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// The first `count` bytes of a word.
  @inline(__always)
  private static func mask(_ count: Int) -> UInt64 { count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1 }

  /// Not 0 if a byte is above 9.
  @inline(__always)
  private static func past9(_ types: UInt64) -> UInt64 { (((types & ~tops) &+ 118 &* ones) | types) & tops }

  /// Of types 0…9, in each byte: 0 1 2 3 4 6 8 8 0 0.
  @inline(__always)
  private static func lengths(_ types: UInt64) -> UInt64 {
    // 1 in each byte that is at least `least`
    func ones(from least: UInt64) -> UInt64 { ((types &+ (128 &- least) &* FieldOffsets.ones) & tops) &>> 7 }
    let from8 = ones(from: 8)
    return (types &+ ones(from: 5) &+ ones(from: 6) &- ones(from: 7)) & ~(from8 &* 255)
  }
}
