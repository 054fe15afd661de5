/// BIT_PACKED, the levels of the first files: values of `width` bits, most significant bit first, no header. Turned round into the order that
/// `HybridDecoder` reads.
func repackLegacyLevels(_ source: UnsafePointer<UInt8>, width: Int, count: Int, into out: UnsafeMutablePointer<UInt8>) {
  out.update(repeating: 0, count: (count * width + 7) >> 3)
  for i in 0..<count {
    for k in 0..<width {
      let from = i * width + k
      let bit = (source[from >> 3] >> UInt8(7 - from & 7)) & 1
      let to = i * width + (width - 1 - k)
      out[to >> 3] |= bit << UInt8(to & 7)
    }
  }
}
