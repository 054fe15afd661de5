/// BYTE_STREAM_SPLIT: the first bytes of all values, then the second bytes, … Puts them together again.
func joinByteStreams(_ source: UnsafePointer<UInt8>, width: Int, count: Int, into out: UnsafeMutablePointer<UInt8>) {
  switch width {
  case 4:
    let target = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt32.self)
    let a = source, b = source + count, c = source + 2 * count, d = source + 3 * count
    for i in 0..<count { target[i] = UInt32(a[i]) | UInt32(b[i]) << 8 | UInt32(c[i]) << 16 | UInt32(d[i]) << 24 }
  case 8:
    let target = UnsafeMutableRawPointer(out).assumingMemoryBound(to: UInt64.self)
    for i in 0..<count { target[i] = UInt64(source[i]) }
    for k in 1..<8 {
      let stream = source + k * count
      let shift = UInt64(k * 8)
      for i in 0..<count { target[i] |= UInt64(stream[i]) << shift }
    }
  default:
    for k in 0..<width {
      let stream = source + k * count
      for i in 0..<count { out[i * width + k] = stream[i] }
    }
  }
}
