import Glibc
import Values

/// Numbers as text, both ways.
public enum NumberText {
  /// `[+-]digits`, nothing else; nil also where it does not fit.
  public static func integer(_ text: Bytes) -> Int64? { text.withCursor { integer(&$0) } }

  /// The same between blanks.
  public static func integer(trimmed text: Bytes) -> Int64? {
    text.withCursor { cursor in
      var inner = cursor.trimmed()
      return integer(&inner)
    }
  }

  @inline(__always)
  private static func integer(_ cursor: inout ByteCursor) -> Int64? {
    let isNegative = cursor.take(0x2D)
    if !isNegative { _ = cursor.take(0x2B) }
    guard !cursor.isAtEnd else { return nil }
    // accumulated below zero, where there is room for the smallest number
    var value: Int64 = 0
    while !cursor.isAtEnd {
      let digit = cursor.next &- 0x30
      guard digit < 10 else { return nil }
      let (times, over) = value.multipliedReportingOverflow(by: 10)
      let (next, under) = times.subtractingReportingOverflow(Int64(digit))
      if over || under { return nil }
      value = next
      cursor.at += 1
    }
    if isNegative { return value }
    return value == Int64.min ? nil : -value
  }

  /// `[+-]digits[.digits][e[+-]digits]` as a scaled integer, rounded half up; nil: not a number, or more digits than `precision`.
  public static func decimal(_ text: Bytes, precision: Int, scale: Int) -> Int128? {
    text.withCursor { cursor in
      var cursor = cursor.trimmed()
      let isNegative = cursor.take(0x2D)
      if !isNegative { _ = cursor.take(0x2B) }
      // digits as one whole number, `places` of them after the point
      var value: Int128 = 0
      var places = 0, digits = 0, dropped = 0
      var firstDropped: UInt8 = 0
      var sawPoint = false
      while !cursor.isAtEnd {
        let byte = cursor.next
        if byte == 0x2E && !sawPoint {
          sawPoint = true
        } else {
          let digit = byte &- 0x30
          guard digit < 10 else { break }
          digits += 1
          if value > Int128.max / 10 - 1 {
            // only rounding can still see these
            if dropped == 0 { firstDropped = digit }
            dropped += 1
            if !sawPoint { places -= 1 }
          } else {
            value = value * 10 + Int128(digit)
            if sawPoint { places += 1 }
          }
        }
        cursor.at += 1
      }
      guard digits > 0 else { return nil }
      if cursor.take(0x65) || cursor.take(0x45) {
        let isDown = cursor.take(0x2D)
        if !isDown { _ = cursor.take(0x2B) }
        guard let exponent = cursor.digits(6) else { return nil }
        places += isDown ? exponent : -exponent
      }
      guard cursor.isAtEnd else { return nil }
      if dropped > 0 && places <= scale && firstDropped >= 5 { value += 1 }
      if isNegative { value = -value }
      guard let scaled = Decimal.rescaled(value, from: places, to: scale), Decimal.fits(scaled, precision: precision) else { return nil }
      return scaled
    }
  }

  /// As Java reads them: blanks around, `NaN`, `Infinity`, an exponent.
  public static func double(_ text: Bytes) -> Double? {
    text.withCursor { cursor in
      var cursor = cursor.trimmed()
      let start = cursor.at
      // a letter of Java's at the end of a number
      if cursor.end - start > 1, [0x64, 0x44, 0x66, 0x46].contains(cursor.bytes[cursor.end - 1]),
        cursor.bytes[cursor.end - 2] &- 0x30 < 10 || cursor.bytes[cursor.end - 2] == 0x2E
      {
        cursor.end -= 1
      }
      let isNegative = cursor.take(0x2D)
      if !isNegative { _ = cursor.take(0x2B) }
      // up to 15 digits and a small power of ten are exact in one division
      var mantissa: Int64 = 0
      var digits = 0, places = 0
      while let digit = cursor.digits(1) {
        mantissa = mantissa &* 10 &+ Int64(digit)
        digits += 1
      }
      if cursor.take(0x2E) {
        while let digit = cursor.digits(1) {
          mantissa = mantissa &* 10 &+ Int64(digit)
          digits += 1
          places += 1
        }
      }
      if cursor.isAtEnd && digits > 0 && digits <= 15 && places <= 22 {
        let value = places == 0 ? Double(mantissa) : Double(mantissa) / powersOfTen[places]
        return isNegative ? -value : value
      }
      if digits == 0 {
        switch cursor.rest {
        case "NaN": return .nan
        case "Infinity": return isNegative ? -.infinity : .infinity
        default: return nil
        }
      }
      cursor.at = start
      // the rest may only be digits, a point and an exponent: no hexadecimals, no words
      for i in start..<cursor.end {
        switch cursor.bytes[i] {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue
        default: return nil
        }
      }
      return Double(cursor.rest.hasSuffix(".") ? cursor.rest + "0" : cursor.rest)
    }
  }

  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// A decimal as the nearest double.
  public static func double(_ value: Int128, scale: Int) -> Double {
    if value.magnitude < 1 << 53 && scale <= 22 { return Double(Int64(value)) / powersOfTen[scale] }
    var writer = TextWriter(capacity: 64)
    write(decimal: value, scale: scale, &writer)
    return String(decoding: writer.written, as: UTF8.self).withCString { strtod($0, nil) }
  }

  // MARK: Writing

  /// Exactly `scale` digits after the point.
  public static func write(decimal value: Int128, scale: Int, _ out: inout TextWriter) {
    if value < 0 { out.write(0x2D) }
    let magnitude = value.magnitude
    if let small = Int(exactly: magnitude), scale == 0 { return out.write(number: small) }
    var digits: [UInt8] = []
    var rest = magnitude
    while rest > UInt128(UInt64.max) {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10_000_000_000_000_000_000)
      var low = UInt64(remainder)
      for _ in 0..<19 {
        digits.append(UInt8(truncatingIfNeeded: 0x30 + low % 10))
        low /= 10
      }
      rest = quotient
    }
    var low = UInt64(rest)
    while low > 0 {
      digits.append(UInt8(truncatingIfNeeded: 0x30 + low % 10))
      low /= 10
    }
    while digits.count <= scale { digits.append(0x30) }
    for i in stride(from: digits.count - 1, through: 0, by: -1) {
      out.write(digits[i])
      if i == scale && scale > 0 { out.write(0x2E) }
    }
  }

  /// As Java's `Double.toString` shows a number: `1.0`, `1.0E10`, `NaN`, `-Infinity`. What clients print.
  public static func write(shown value: Double, _ out: inout TextWriter) { write(ShortestDigits(value), scientificOnly: false, &out) }
  public static func write(shown value: Float, _ out: inout TextWriter) { write(ShortestDigits(value), scientificOnly: false, &out) }

  /// As CAST to varchar writes a number: always `d.ddE±x`.
  public static func write(cast value: Double, _ out: inout TextWriter) { write(ShortestDigits(value), scientificOnly: true, &out) }
  public static func write(cast value: Float, _ out: inout TextWriter) { write(ShortestDigits(value), scientificOnly: true, &out) }

  private static func write(_ number: ShortestDigits, scientificOnly: Bool, _ out: inout TextWriter) {
    if let word = number.word { return out.write(word) }
    if number.isNegative { out.write(0x2D) }
    let digits = number.digits, exponent = number.exponent
    if !scientificOnly && (digits == [0x30] || (exponent >= -3 && exponent < 7)) {
      if exponent < 0 {
        out.write("0.")
        out.write(repeating: 0x30, count: -exponent - 1)
        digits.forEach { out.write($0) }
        return
      }
      for i in 0...max(exponent, 0) { out.write(i < digits.count ? digits[i] : 0x30) }
      out.write(0x2E)
      if digits.count > exponent + 1 { digits[(exponent + 1)...].forEach { out.write($0) } } else { out.write(0x30) }
      return
    }
    out.write(digits[0])
    out.write(0x2E)
    if digits.count > 1 { digits[1...].forEach { out.write($0) } } else { out.write(0x30) }
    out.write(0x45)
    out.write(number: exponent)
  }
}

/// The fewest digits that read back as the same number: d.ddd × 10^exponent.
struct ShortestDigits {
  var word: StaticString?
  var isNegative = false
  var digits: [UInt8] = []
  var exponent = 0

  init(_ value: Double) {
    if value.isNaN {
      word = "NaN"
    } else if value.isInfinite {
      word = value < 0 ? "-Infinity" : "Infinity"
    } else {
      read(value.description)
    }
  }

  init(_ value: Float) {
    if value.isNaN {
      word = "NaN"
    } else if value.isInfinite {
      word = value < 0 ? "-Infinity" : "Infinity"
    } else {
      read(value.description)
    }
  }

  /// Takes Swift's text apart: `-12.5`, `1e-07`, `5e+22`.
  private mutating func read(_ text: String) {
    var places = 0
    var sawPoint = false, scientific = 0
    var bytes = Array(text.utf8)[...]
    if let mark = bytes.firstIndex(of: 0x65) {
      scientific = Int(String(decoding: bytes[(mark + 1)...].filter { $0 != 0x2B }, as: UTF8.self)) ?? 0
      bytes = bytes[..<mark]
    }
    for byte in bytes {
      switch byte {
      case 0x2D: isNegative = true
      case 0x2E: sawPoint = true
      default:
        digits.append(byte)
        if !sawPoint { places += 1 }
      }
    }
    let leading = digits.prefix { $0 == 0x30 }.count
    if leading == digits.count {
      digits = [0x30]
      return
    }
    digits.removeFirst(leading)
    while digits.last == 0x30 { digits.removeLast() }
    exponent = places - leading - 1 + scientific
  }
}
