import Glibc
import Vectors

/// Least and greatest value of a page or chunk, by the order of the physical type.
struct Bounds {
  enum Order { case signed, float, double, text, decimal, none }

  let order: Order
  private(set) var hasValues = false
  private var lowNumber: Int64 = 0, highNumber: Int64 = 0
  private var lowReal = 0.0, highReal = 0.0
  private var lowText: [UInt8] = [], highText: [UInt8] = []

  init(_ order: Order) { self.order = order }

  mutating func add(numbers: UnsafePointer<UInt64>, _ count: Int) {
    switch order {
    case .signed:
      if count == 0 { return }
      var low = Int64(bitPattern: numbers[0]), high = low
      for i in 0..<count {
        let x = Int64(bitPattern: numbers[i])
        low = min(low, x)
        high = max(high, x)
      }
      lowNumber = hasValues ? min(lowNumber, low) : low
      highNumber = hasValues ? max(highNumber, high) : high
      hasValues = true
    case .float: for i in 0..<count { add(Double(Float(bitPattern: UInt32(truncatingIfNeeded: numbers[i])))) }
    case .double: for i in 0..<count { add(Double(bitPattern: numbers[i])) }
    case .text, .decimal, .none: break
    }
  }

  private mutating func add(_ x: Double) {
    if x.isNaN { return }
    lowReal = hasValues ? min(lowReal, x) : x
    highReal = hasValues ? max(highReal, x) : x
    hasValues = true
  }

  mutating func add(texts: UnsafePointer<Bytes>, _ count: Int) {
    if count == 0 { return }
    var low = texts[0], high = texts[0]
    for i in 1..<max(count, 1) {
      if Bounds.precedes(texts[i], low, order) { low = texts[i] }
      if Bounds.precedes(high, texts[i], order) { high = texts[i] }
    }
    add(low.array, high.array)
  }

  private mutating func add(_ low: [UInt8], _ high: [UInt8]) {
    if !hasValues || Bounds.precedes(low, lowText, order) { lowText = low }
    if !hasValues || Bounds.precedes(highText, high, order) { highText = high }
    hasValues = true
  }

  mutating func add(_ other: Bounds) {
    guard other.hasValues else { return }
    switch order {
    case .signed:
      lowNumber = hasValues ? min(lowNumber, other.lowNumber) : other.lowNumber
      highNumber = hasValues ? max(highNumber, other.highNumber) : other.highNumber
      hasValues = true
    case .float, .double:
      add(other.lowReal)
      add(other.highReal)
    case .text, .decimal: add(other.lowText, other.highText)
    case .none: break
    }
  }

  private static func precedes(_ a: Bytes, _ b: Bytes, _ order: Order) -> Bool {
    order == .decimal ? precedes(a.array, b.array, order) : Bytes.compare(a, b) < 0
  }

  private static func precedes(_ a: [UInt8], _ b: [UInt8], _ order: Order) -> Bool {
    if order == .decimal, let x = a.first, let y = b.first, (x ^ y) & 0x80 != 0 { return x & 0x80 != 0 }
    return a.lexicographicallyPrecedes(b)
  }

  /// PLAIN form of both bounds, without lengths. `size` is the physical width. Texts past 64 bytes are cut: still bounds, no longer values.
  func encoded(size: Int, isUTF8: Bool) -> (low: [UInt8]?, high: [UInt8]?, isLowExact: Bool, isHighExact: Bool) {
    guard hasValues else { return (nil, nil, false, false) }
    switch order {
    case .signed: return (Bounds.bytes(UInt64(bitPattern: lowNumber), size), Bounds.bytes(UInt64(bitPattern: highNumber), size), true, true)
    case .float:
      // zeroes are written so that both signs lie within
      let low = Float(lowReal == 0 ? -0.0 : lowReal), high = Float(highReal == 0 ? 0.0 : highReal)
      return (Bounds.bytes(UInt64(low.bitPattern), 4), Bounds.bytes(UInt64(high.bitPattern), 4), true, true)
    case .double:
      return (
        Bounds.bytes((lowReal == 0 ? -0.0 : lowReal).bitPattern, 8), Bounds.bytes((highReal == 0 ? 0.0 : highReal).bitPattern, 8), true,
        true
      )
    case .text:
      let low = lowText.count <= 64 ? lowText : Bounds.cut(lowText, isUTF8)
      let high = highText.count <= 64 ? highText : Bounds.successor(Bounds.cut(highText, isUTF8), isUTF8)
      return (low, high, lowText.count <= 64, highText.count <= 64)
    case .decimal: return (lowText, highText, true, true)
    case .none: return (nil, nil, false, false)
    }
  }

  private static func bytes(_ bits: UInt64, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: bits >> UInt64($0 * 8)) } }

  /// The first 64 bytes or a little fewer, so that no character is torn.
  private static func cut(_ text: [UInt8], _ isUTF8: Bool) -> [UInt8] {
    var end = 64
    if isUTF8 { while end > 0 && text[end] & 0xC0 == 0x80 { end -= 1 } }
    return Array(text[..<end])
  }

  /// Something greater than everything that starts so; nil if there is nothing simple.
  private static func successor(_ text: [UInt8], _ isUTF8: Bool) -> [UInt8]? {
    var result = text
    while let last = result.last {
      if isUTF8 ? last < 0x7F : last < 0xFF {
        result[result.count - 1] = last + 1
        return result
      }
      result.removeLast()
    }
    return nil
  }
}
