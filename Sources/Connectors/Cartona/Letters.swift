import Values

/// A text being written. Kept from row to row, so that its memory is taken once.
struct Letters {
  private(set) var bytes: [UInt8] = []

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  @inline(__always) mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A number that is not negative, with leading zeros up to `digits`.
  mutating func put(_ number: Int, digits: Int = 1) {
    var rest = number, count = 0
    repeat {
      bytes.append(UInt8(truncatingIfNeeded: 48 + rest % 10))
      rest /= 10
      count += 1
    } while rest > 0 || count < digits
    bytes[(bytes.count - count)...].reverse()
  }

  mutating func put(hex bits: UInt64, from high: Int = 60, to low: Int = 0) {
    var shift = high
    while shift >= low {
      bytes.append(Letters.hexadecimal[Int(bits >> UInt64(shift) & 15)])
      shift -= 4
    }
  }

  /// A random (version 4) UUID: 8-4-4-4-12.
  mutating func put(uuid high: UInt64, _ low: UInt64) {
    let first = high & ~0xF000 | 0x4000, second = low & ~(3 << 62) | 1 << 63
    put(hex: first, from: 60, to: 32)
    bytes.append(45)
    put(hex: first, from: 28, to: 16)
    bytes.append(45)
    put(hex: first, from: 12, to: 0)
    bytes.append(45)
    put(hex: second, from: 60, to: 48)
    bytes.append(45)
    put(hex: second, from: 44, to: 0)
  }

  /// `2021-04-26`.
  mutating func put(date days: Int) {
    let (year, month, day) = Calendar.civil(days: days)
    put(year, digits: 4)
    put("-")
    put(month, digits: 2)
    put("-")
    put(day, digits: 2)
  }

  /// `2021-04-26T09:30:00Z`.
  mutating func put(instant micros: Int64) {
    let seconds = Int(micros / World.second)
    put(date: seconds / 86_400)
    put("T")
    put(seconds % 86_400 / 3600, digits: 2)
    put(":")
    put(seconds % 3600 / 60, digits: 2)
    put(":")
    put(seconds % 60, digits: 2)
    put("Z")
  }
}
