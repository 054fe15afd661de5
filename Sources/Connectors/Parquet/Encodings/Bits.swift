extension UnsafeMutablePointer where Pointee == UInt64 {
  /// Sets or clears `count` bits from bit `start` on.
  func fillBits(_ start: Int, _ count: Int, with value: Bool) {
    var bit = start
    let end = start + count
    while bit < end {
      let offset = bit & 63
      let n = Swift.min(64 - offset, end - bit)
      let ones: UInt64 = n == 64 ? ~0 : (1 << UInt64(n)) - 1
      let mask = ones << UInt64(offset)
      if value { self[bit >> 6] |= mask } else { self[bit >> 6] &= ~mask }
      bit += n
    }
  }

  /// Copies bits that lie least significant first, up to 56 at a time: 8 bytes are loaded wherever they start. Says how many are set.
  func copyBits(from source: UnsafePointer<UInt8>, at from: Int, to: Int, count: Int) -> Int {
    var done = 0
    var set = 0
    while done < count {
      let target = to + done
      let offset = target & 63
      let n = Swift.min(Swift.min(56, 64 - offset), count - done)
      let mask: UInt64 = (1 << UInt64(n)) - 1
      let bit = from + done
      let word = (UnsafeRawPointer(source + bit >> 3).loadUnaligned(as: UInt64.self) >> UInt64(bit & 7)) & mask
      set += word.nonzeroBitCount
      self[target >> 6] = (self[target >> 6] & ~(mask << UInt64(offset))) | (word << UInt64(offset))
      done += n
    }
    return set
  }
}

/// Set bits among `count` from bit `start` on.
func countBits(_ source: UnsafePointer<UInt8>, at start: Int, count: Int) -> Int {
  var done = 0
  var set = 0
  while done < count {
    let n = min(56, count - done)
    let bit = start + done
    let word = UnsafeRawPointer(source + bit >> 3).loadUnaligned(as: UInt64.self) >> UInt64(bit & 7)
    set += (word & ((1 << UInt64(n)) - 1)).nonzeroBitCount
    done += n
  }
  return set
}

/// Moves `source`'s values to the rows whose bit is set, from bit `start` on; rows between repeat the next value. Returns nothing: the caller
/// knows how many bits are set. `source` is readable one value past those.
@inline(__always)
func spread<Slot: BitwiseCopyable>(
  _ source: UnsafePointer<Slot>, into out: UnsafeMutablePointer<Slot>, _ words: UnsafePointer<UInt64>, at start: Int, count: Int
) {
  var row = 0
  var from = 0
  while row < count {
    let bit = start + row
    let n = min(64 - bit & 63, count - row)
    var word = words[bit >> 6] >> UInt64(bit & 63)
    let all: UInt64 = n == 64 ? ~0 : (1 << UInt64(n)) - 1
    if word & all == all {
      (out + row).update(from: source + from, count: n)
      from += n
    } else {
      let target = out + row
      for i in 0..<n {
        target[i] = source[from]
        from &+= Int(truncatingIfNeeded: word & 1)
        word >>= 1
      }
    }
    row += n
  }
}
