/// DELTA_BINARY_PACKED: whole numbers as differences, packed per miniblock.
///
///     header   varint block size │ varint miniblocks per block │ varint value count │ zigzag first value
///     block    zigzag least difference │ one width byte per miniblock │ miniblocks
///
/// Arithmetic wraps, as the format says. Sources are readable 64 bytes past their end.
struct DeltaBinaryPacked {
  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>

  init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    next = start
    self.end = end
  }

  /// How many bytes were read by `decode`.
  func consumed(since start: UnsafePointer<UInt8>) -> Int { next - start }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      guard next < end else { throw Malformed("delta-encoded values end early") }
      let byte = next.pointee
      next += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw Malformed("a delta-encoded value has more than 64 bits")
  }

  private mutating func zigzag() throws(Malformed) -> Int64 {
    let raw = try varint()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// All values, at most `limit`, through `reserve`, which is told their number and gives the memory for them (and 8 more).
  mutating func decode<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _: Value.Type, limit: Int, _ reserve: (Int) -> UnsafeMutablePointer<Value>
  ) throws(Malformed) -> Int {
    let blockSize = try varint()
    let miniblocks = try varint()
    let total = try varint()
    var value = Value(truncatingIfNeeded: try zigzag())
    guard blockSize > 0, blockSize <= 1 << 24, blockSize % 8 == 0, miniblocks > 0, miniblocks <= blockSize, blockSize % miniblocks == 0,
      (blockSize / miniblocks) % 8 == 0
    else { throw Malformed("delta-encoded values in blocks of \(blockSize) values and \(miniblocks) parts") }
    guard total <= UInt64(limit) else { throw Malformed("\(total) delta-encoded values where at most \(limit) belong") }
    let count = Int(total)
    let perMiniblock = Int(blockSize / miniblocks)
    let out = reserve(count)
    if count == 0 { return 0 }
    out[0] = value
    var done = 1
    while done < count {
      let least = Value(truncatingIfNeeded: try zigzag())
      guard end - next >= Int(miniblocks) else { throw Malformed("delta-encoded values end early") }
      let widths = next
      next += Int(miniblocks)
      var part = 0
      while part < Int(miniblocks) && done < count {
        let width = Int(widths[part])
        guard width <= 64 else { throw Malformed("delta-encoded values of \(width) bits") }
        let n = min(perMiniblock, count - done)
        let bytes = (perMiniblock * width) >> 3
        // the last miniblock may lack its padding
        guard end - next >= (n * width + 7) >> 3 else { throw Malformed("delta-encoded values end early") }
        value = accumulate(width, n, least, value, into: out + done)
        done += n
        next += min(bytes, end - next)
        part += 1
      }
    }
    return count
  }

  @inline(__always)
  private func accumulate<Value: FixedWidthInteger & SignedInteger>(
    _ width: Int, _ count: Int, _ least: Value, _ start: Value, into out: UnsafeMutablePointer<Value>
  ) -> Value {
    var value = start
    let source = UnsafeRawPointer(next)
    if width == 0 {
      for i in 0..<count {
        value = value &+ least
        out[i] = value
      }
    } else if width <= 56 {
      let mask: UInt64 = (1 << UInt64(width)) - 1
      var bit = 0
      for i in 0..<count {
        let word = (source + bit >> 3).loadUnaligned(as: UInt64.self) >> UInt64(bit & 7)
        value = value &+ least &+ Value(truncatingIfNeeded: word & mask)
        out[i] = value
        bit &+= width
      }
    } else {
      let mask: UInt64 = width == 64 ? ~0 : (1 << UInt64(width)) - 1
      var bit = 0
      for i in 0..<count {
        let low = (source + bit >> 3).loadUnaligned(as: UInt64.self) >> UInt64(bit & 7)
        let high = bit & 7 == 0 ? 0 : UInt64((source + bit >> 3 + 8).load(as: UInt8.self)) << UInt64(64 - bit & 7)
        value = value &+ least &+ Value(truncatingIfNeeded: (low | high) & mask)
        out[i] = value
        bit &+= width
      }
    }
    return value
  }
}
