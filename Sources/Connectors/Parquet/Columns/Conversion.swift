import Vectors

/// Loops from physical values to slots. Sources are read unaligned; `out` is aligned for its slots.
///
/// Returns whether every value fitted.
func convertFixed(
  _ source: UnsafePointer<UInt8>, _ physicalLength: Int, _ conversion: SlotConversion, count: Int, into out: UnsafeMutableRawPointer
) -> Bool {
  let raw = UnsafeRawPointer(source)
  switch conversion {
  case .copy4: out.copyMemory(from: raw, byteCount: count * 4)
  case .copy8: out.copyMemory(from: raw, byteCount: count * 8)
  case .int32ToInt8: return widen(raw, Int32.self, Int8.self, count, out)
  case .int32ToInt16: return widen(raw, Int32.self, Int16.self, count, out)
  case .int32ToInt64: return widen(raw, Int32.self, Int64.self, count, out)
  case .int32ToInt128: return widen(raw, Int32.self, Int128.self, count, out)
  case .uint32ToInt64: return widen(raw, UInt32.self, Int64.self, count, out)
  case .uint64ToInt128: return widen(raw, UInt64.self, Int128.self, count, out)
  case .int32Scaled(let factor):
    let target = out.assumingMemoryBound(to: Int64.self)
    for i in 0..<count { target[i] = Int64((raw + i &* 4).loadUnaligned(as: Int32.self)) &* factor }
  case .int64Scaled(let factor):
    let target = out.assumingMemoryBound(to: Int64.self)
    let limit = Int64.max / factor
    var isOver = false
    for i in 0..<count {
      let value = (raw + i &* 8).loadUnaligned(as: Int64.self)
      isOver = isOver || value > limit || value < -limit
      target[i] = value &* factor
    }
    return !isOver
  case .int64ScaledWide(let factor):
    let target = out.assumingMemoryBound(to: Int128.self)
    for i in 0..<count { target[i] = Int128((raw + i &* 8).loadUnaligned(as: Int64.self)) &* factor }
  case .int96:
    // the Julian day of 1970-01-01 is 2,440,588
    let target = out.assumingMemoryBound(to: Int128.self)
    for i in 0..<count {
      let nanoseconds = (raw + i &* 12).loadUnaligned(as: Int64.self)
      let day = Int64((raw + (i &* 12 &+ 8)).loadUnaligned(as: UInt32.self)) &- 2_440_588
      target[i] = (Int128(day) &* 86_400_000_000_000 &+ Int128(nanoseconds)) &* 1_000
    }
  case .float16:
    let target = out.assumingMemoryBound(to: Float.self)
    for i in 0..<count { target[i] = float(half: (raw + i &* 2).loadUnaligned(as: UInt16.self)) }
  case .fixedTexts:
    let target = out.assumingMemoryBound(to: Bytes.self)
    for i in 0..<count { target[i] = Bytes(padded: source + i &* physicalLength, count: physicalLength) }
  case .fixedDecimal64:
    let target = out.assumingMemoryBound(to: Int64.self)
    if physicalLength <= 8 {
      let shift = Int64(64 - physicalLength * 8)
      for i in 0..<count { target[i] = Int64(bitPattern: (raw + i &* physicalLength).loadUnaligned(as: UInt64.self).byteSwapped) &>> shift }
      return true
    }
    var fits = true
    for i in 0..<count {
      let value = bigEndian(source + i &* physicalLength, physicalLength)
      let narrow = Int64(truncatingIfNeeded: value ?? 0)
      fits = fits && value == Int128(narrow)
      target[i] = narrow
    }
    return fits
  case .fixedDecimal128:
    let target = out.assumingMemoryBound(to: Int128.self)
    var fits = true
    for i in 0..<count {
      let value = bigEndian(source + i &* physicalLength, physicalLength)
      fits = fits && value != nil
      target[i] = value ?? 0
    }
    return fits
  case .nothing: out.initializeMemory(as: UInt8.self, repeating: 0, count: count)
  case .boolean:
    let target = out.assumingMemoryBound(to: UInt8.self)
    for i in 0..<count { target[i] = (source[i >> 3] &>> UInt8(i & 7)) & 1 }
  case .texts, .textDecimal64, .textDecimal128: return false
  }
  return true
}

/// Texts that hold big-endian numbers.
func convertTexts(_ views: UnsafePointer<Bytes>, _ conversion: SlotConversion, count: Int, into out: UnsafeMutableRawPointer) -> Bool {
  var fits = true
  for i in 0..<count {
    let value: Int128? = views[i].withBytes { raw in
      guard let start = raw.baseAddress else { return 0 }
      return bigEndianTail(start.assumingMemoryBound(to: UInt8.self), raw.count)
    }
    if conversion == .textDecimal64 {
      let narrow = Int64(truncatingIfNeeded: value ?? 0)
      fits = fits && value == Int128(narrow)
      out.assumingMemoryBound(to: Int64.self)[i] = narrow
    } else {
      fits = fits && value != nil
      out.assumingMemoryBound(to: Int128.self)[i] = value ?? 0
    }
  }
  return fits
}

@inline(__always)
private func widen<From: FixedWidthInteger & BitwiseCopyable, To: FixedWidthInteger>(
  _ raw: UnsafeRawPointer, _: From.Type, _: To.Type, _ count: Int, _ out: UnsafeMutableRawPointer
) -> Bool {
  let target = out.assumingMemoryBound(to: To.self)
  for i in 0..<count { target[i] = To(truncatingIfNeeded: (raw + i &* MemoryLayout<From>.size).loadUnaligned(as: From.self)) }
  return true
}

/// Two's complement, most significant byte first; the source is readable 16 bytes past its start. nil beyond 128 bits.
@inline(__always)
func bigEndian(_ source: UnsafePointer<UInt8>, _ length: Int) -> Int128? {
  if length > 16 { return bigEndianTail(source, length) }
  let raw = UnsafeRawPointer(source)
  let high = raw.loadUnaligned(as: UInt64.self).byteSwapped
  let low = (raw + 8).loadUnaligned(as: UInt64.self).byteSwapped
  return (Int128(Int64(bitPattern: high)) << 64 | Int128(low)) &>> Int128(128 - length * 8)
}

/// The same, byte by byte, for any length and without reading further.
func bigEndianTail(_ source: UnsafePointer<UInt8>, _ length: Int) -> Int128? {
  guard length > 0 else { return 0 }
  var value: Int128 = source[0] & 0x80 != 0 ? -1 : 0
  let sign = UInt8(truncatingIfNeeded: value)
  let skipped = max(length - 16, 0)
  for i in 0..<skipped where source[i] != sign { return nil }
  if skipped > 0 && (source[skipped] ^ sign) & 0x80 != 0 { return nil }
  for i in skipped..<length { value = value << 8 | Int128(source[i]) }
  return value
}

/// IEEE half precision.
@inline(__always)
func float(half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half >> 10) & 31
  let fraction = UInt32(half & 0x3FF)
  if exponent == 31 { return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13) }
  if exponent != 0 { return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13) }
  let small = Float(fraction) / 16_777_216
  return sign == 0 ? small : -small
}
