import Vectors

/// The distinct values of a chunk in order of appearance: 64-bit patterns or texts. Open addressing, linear probing, at most half full.
struct ValueDictionary {
  private(set) var numbers: [UInt64] = []
  private(set) var texts: [Bytes] = []
  private var arena = Arena()
  private var hashes: [UInt64] = []
  private var table = [UInt32](repeating: 0, count: 1024)
  /// Bytes of the texts.
  private(set) var textBytes = 0

  var count: Int { hashes.count }

  /// Index of a number, known or new.
  mutating func index(of number: UInt64) -> UInt32 {
    let wide = (number ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    let hash = wide.high ^ wide.low
    var slot = Int(truncatingIfNeeded: hash >> 32) & (table.count - 1)
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      if numbers[index] == number { return UInt32(index) }
      slot = (slot + 1) & (table.count - 1)
    }
    numbers.append(number)
    return insert(hash, slot)
  }

  mutating func index(of text: Bytes) -> UInt32 {
    let hash = ValueDictionary.hash(text)
    var slot = Int(truncatingIfNeeded: hash >> 32) & (table.count - 1)
    while table[slot] != 0 {
      let index = Int(table[slot]) - 1
      if hashes[index] == hash && texts[index] == text { return UInt32(index) }
      slot = (slot + 1) & (table.count - 1)
    }
    texts.append(arena.store(text))
    textBytes += text.count
    return insert(hash, slot)
  }

  private mutating func insert(_ hash: UInt64, _ slot: Int) -> UInt32 {
    hashes.append(hash)
    table[slot] = UInt32(truncatingIfNeeded: hashes.count)
    if hashes.count * 2 > table.count {
      var larger = [UInt32](repeating: 0, count: table.count * 2)
      for (index, hash) in hashes.enumerated() {
        var slot = Int(truncatingIfNeeded: hash >> 32) & (larger.count - 1)
        while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
        larger[slot] = UInt32(truncatingIfNeeded: index + 1)
      }
      table = larger
    }
    return UInt32(truncatingIfNeeded: hashes.count - 1)
  }

  private static func hash(_ text: Bytes) -> UInt64 {
    func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
      let wide = (a ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: b ^ 0xD6E8_FEB8_6659_FD93)
      return wide.high ^ wide.low
    }
    if text.isInline { return mixed(text.head, text.tail) }
    return text.withBytes { raw in
      var hash = UInt64(raw.count)
      var at = 0
      while raw.count - at >= 8 {
        hash = mixed(hash, raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      return mixed(hash, raw.loadUnaligned(fromByteOffset: raw.count - 8, as: UInt64.self))
    }
  }
}
