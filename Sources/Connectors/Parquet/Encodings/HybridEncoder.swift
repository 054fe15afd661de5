extension ByteSink {
  /// Writes values as the RLE / bit-packed hybrid that `HybridDecoder` reads: eight equal values and more become a run.
  mutating func append(hybrid values: UnsafePointer<UInt32>, count: Int, width: Int) {
    var packedFrom = 0
    var at = 0
    while at < count {
      var run = 1
      while at + run < count && values[at + run] == values[at] { run += 1 }
      let pending = (at - packedFrom) & 7
      if run >= 8 + (pending == 0 ? 0 : 8 - pending) {
        // a group of eight that is under way is filled up from the run
        let start = at + (pending == 0 ? 0 : 8 - pending)
        pack(values + packedFrom, count: start - packedFrom, width: width)
        let length = at + run - start
        append(varint: UInt64(length) << 1)
        var value = values[start]
        for _ in 0..<(width + 7) >> 3 {
          append(byte: UInt8(truncatingIfNeeded: value))
          value >>= 8
        }
        packedFrom = at + run
      }
      at += run
    }
    pack(values + packedFrom, count: count - packedFrom, width: width)
  }

  /// A bit-packed run; the last group is filled with zeros.
  private mutating func pack(_ values: UnsafePointer<UInt32>, count: Int, width: Int) {
    if count == 0 { return }
    let groups = (count + 7) >> 3
    append(varint: UInt64(groups) << 1 | 1)
    let target = reserve(groups * width + 8).assumingMemoryBound(to: UInt8.self)
    var word: UInt64 = 0
    var bits = 0
    var out = 0
    for i in 0..<groups * 8 {
      word |= UInt64(i < count ? values[i] : 0) << UInt64(bits)
      bits += width
      while bits >= 8 {
        target[out] = UInt8(truncatingIfNeeded: word)
        out += 1
        word >>= 8
        bits -= 8
      }
    }
    advance(groups * width)
  }
}
