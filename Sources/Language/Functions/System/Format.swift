import Expressions
import Glibc
import Values
import Vectors

extension Function {
  /// One declaration for each number of arguments, every one of a type of its own.
  static let format: [Function] = (0...12).map { count in
    let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"].prefix(count)
    return .vector("format", "(\((["varchar"] + names).joined(separator: ", "))) -> varchar", "Values in a pattern of java.util.Formatter")
    {
      arguments, rows, context in
      let patterns = arguments[0].reader(as: Bytes.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, arguments[0].rowValidity, context.result) { row, out in
          try JavaFormat(patterns[row]).write(Array(arguments.dropFirst()), row, &out)
        }
      }
    }
  }
}

/// `%[index$][flags][width][.precision]conversion`, as `java.util.Formatter` reads it.
private struct JavaFormat {
  private let text: [UInt8]

  init(_ pattern: Bytes) { text = pattern.array }

  private struct Specifier {
    var index: Int?, flags: Set<UInt8> = [], width: Int?, precision: Int?
    var isRelative = false
    var conversion: UInt8 = 0, suffix: UInt8 = 0
    func has(_ flag: Unicode.Scalar) -> Bool { flags.contains(UInt8(ascii: flag)) }
    var isUpper: Bool { conversion >= 65 && conversion <= 90 }
  }

  private func invalid(_ reason: String) -> PrestoError {
    invalidArgument("Invalid format string: \(String(decoding: text, as: UTF8.self)) (\(reason))")
  }

  func write(_ arguments: [Vector], _ row: Int, _ out: inout TextWriter) throws {
    var i = 0, ordinary = 0, last = -1
    while i < text.count {
      guard text[i] == UInt8(ascii: "%") else {
        out.write(text[i])
        i += 1
        continue
      }
      var specifier = try specifier(&i)
      if specifier.conversion == UInt8(ascii: "%") {
        write(padded: "%", specifier, &out)
        continue
      }
      if specifier.conversion == UInt8(ascii: "n") {
        out.write(0x0A)
        continue
      }
      if let index = specifier.index {
        last = index - 1
      } else if !specifier.isRelative {
        last = ordinary
        ordinary += 1
      }
      guard arguments.indices.contains(last) else {
        throw invalid("Format specifier '%\(Character(Unicode.Scalar(specifier.conversion)))'")
      }
      if specifier.conversion == UInt8(ascii: "S") { specifier.flags.insert(UInt8(ascii: "^")) }
      var shown = try shown(arguments[last], row, specifier)
      if specifier.isUpper { shown = shown.uppercased() }
      write(padded: shown, specifier, &out)
    }
  }

  private func specifier(_ i: inout Int) throws -> Specifier {
    let start = i
    func bad() -> PrestoError { invalid("Conversion = '%'") }
    i += 1
    var specifier = Specifier()
    func number() -> Int? {
      let first = i
      var value = 0
      while i < text.count, text[i] >= 48, text[i] <= 57, value < 10_000_000 {
        value = value * 10 + Int(text[i] - 48)
        i += 1
      }
      return i > first ? value : nil
    }
    if i < text.count, text[i] == UInt8(ascii: "<") {
      specifier.isRelative = true
      i += 1
    } else {
      let mark = i
      if i < text.count, text[i] != 48, let index = number(), i < text.count, text[i] == UInt8(ascii: "$") {
        specifier.index = index
        i += 1
      } else {
        i = mark
      }
    }
    while i < text.count, "-#+ 0,(".utf8.contains(text[i]) {
      specifier.flags.insert(text[i])
      i += 1
    }
    specifier.width = number()
    if i < text.count, text[i] == UInt8(ascii: ".") {
      i += 1
      guard let precision = number() else { throw bad() }
      specifier.precision = precision
    }
    guard i < text.count else { throw bad() }
    specifier.conversion = text[i]
    i += 1
    if specifier.conversion | 0x20 == UInt8(ascii: "t") {
      guard i < text.count else { throw bad() }
      specifier.suffix = text[i]
      i += 1
    }
    guard "bBhHsScCdoxXeEfgGaAtT%n".utf8.contains(specifier.conversion) else {
      throw invalid("Conversion = '\(Character(Unicode.Scalar(text[min(i - 1, text.count - 1)])))'")
    }
    if (specifier.width ?? 0) > 100_000 || (specifier.precision ?? 0) > 100_000 {
      throw invalid(String(decoding: text[start..<i], as: UTF8.self))
    }
    return specifier
  }

  private func write(padded shown: String, _ specifier: Specifier, _ out: inout TextWriter) {
    let missing = (specifier.width ?? 0) - shown.unicodeScalars.count
    if missing > 0 && !specifier.has("-") { out.write(repeating: 0x20, count: missing) }
    out.write(shown)
    if missing > 0 && specifier.has("-") { out.write(repeating: 0x20, count: missing) }
  }

  // MARK: Conversions

  private func shown(_ vector: Vector, _ row: Int, _ specifier: Specifier) throws -> String {
    let value = vector.constant(at: row), type = vector.type
    func cut(_ text: String) -> String { specifier.precision.map { String(text.prefix($0)) } ?? text }
    func mismatch() -> PrestoError { invalid("\(Character(Unicode.Scalar(specifier.conversion))) != \(type)") }
    switch specifier.conversion | 0x20 {
    case UInt8(ascii: "s"): return cut(value.isNull ? "null" : plain(vector, row))
    case UInt8(ascii: "b"):
      if case .boolean(let flag) = value { return cut("\(flag)") }
      return cut(value.isNull ? "false" : "true")
    case UInt8(ascii: "h"): return value.isNull ? "null" : String(UInt32(truncatingIfNeeded: plain(vector, row).hashValue), radix: 16)
    default: break
    }
    if value.isNull { return "null" }
    switch specifier.conversion | 0x20 {
    case UInt8(ascii: "c"):
      if case .integer(let code) = value, type.isInteger, let scalar = UInt32(exactly: code).flatMap({ Unicode.Scalar($0) }) {
        return String(Character(scalar))
      }
      throw mismatch()
    case UInt8(ascii: "d"):
      guard case .integer(let number) = value, type.isInteger else { throw mismatch() }
      return signed(String(number.magnitude), isNegative: number < 0, specifier)
    case UInt8(ascii: "x"), UInt8(ascii: "o"):
      guard case .integer(let number) = value, type.isInteger else { throw mismatch() }
      let bits = UInt64(bitPattern: number) & (type.layout.width == 8 ? ~0 : (1 << UInt64(type.layout.width * 8)) - 1)
      var digits = String(bits, radix: specifier.conversion | 0x20 == UInt8(ascii: "x") ? 16 : 8)
      if specifier.has("#") { digits = (specifier.conversion | 0x20 == UInt8(ascii: "x") ? "0x" : "0") + digits }
      if specifier.has("0"), let width = specifier.width, digits.count < width {
        digits = String(repeating: "0", count: width - digits.count) + digits
      }
      return digits
    case UInt8(ascii: "f"), UInt8(ascii: "e"), UInt8(ascii: "g"):
      guard let number = Digits(value, type) else { throw mismatch() }
      if let special = number.special {
        return special == "NaN" ? "NaN" : signed(special, isNegative: number.isNegative, specifier, isNumber: false)
      }
      let precision = specifier.precision ?? 6
      switch specifier.conversion | 0x20 {
      case UInt8(ascii: "e"): return signed(number.scientific(precision), isNegative: number.isNegative, specifier)
      case UInt8(ascii: "g"):
        let places = max(precision, 1), rounded = number.rounded(toSignificant: places)
        if rounded.isZero || (rounded.exponent > -4 && rounded.exponent <= places) {
          return signed(number.fixed(max(0, places - (rounded.isZero ? 1 : rounded.exponent))), isNegative: number.isNegative, specifier)
        }
        return signed(number.scientific(places - 1), isNegative: number.isNegative, specifier)
      default: return signed(number.fixed(precision), isNegative: number.isNegative, specifier)
      }
    case UInt8(ascii: "t"):
      guard let (moment, zone, offset) = JavaText.moment(vector, row) else { throw mismatch() }
      let patterns: [Unicode.Scalar: String] = [
        "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "e": "%e", "H": "%H", "I": "%I", "k": "%k", "l": "%l", "M": "%i", "S": "%S", "j": "%j",
        "B": "%M", "b": "%b", "h": "%b", "A": "%W", "a": "%a", "p": "%p", "F": "%Y-%m-%d", "T": "%T", "R": "%H:%i", "D": "%m/%d/%y",
        "r": "%r",
      ]
      var writer = TextWriter(capacity: 32)
      if specifier.suffix == UInt8(ascii: "L") {
        writer.write(number: Int(moment.picos / Moments.milli % 1000), width: 3)
      } else if specifier.suffix == UInt8(ascii: "N") {
        writer.write(number: Int(moment.picos / 1000 % 1_000_000_000), width: 9)
      } else {
        guard var pattern = patterns[Unicode.Scalar(specifier.suffix)] else { throw mismatch() }
        try pattern.withUTF8 { bytes in
          guard let base = bytes.baseAddress else { return }
          try MomentFormat(mysql: Bytes(UnsafeRawPointer(base), count: bytes.count)).write(moment, zone: zone, offset: offset, &writer)
        }
      }
      return String(decoding: UnsafeRawBufferPointer(writer.written), as: UTF8.self)
    default: throw mismatch()
    }
  }

  /// Sign, grouping, zeros: what all numbers share.
  private func signed(_ digits: String, isNegative: Bool, _ specifier: Specifier, isNumber: Bool = true) -> String {
    var body = digits
    if specifier.has(",") && isNumber {
      let whole = body.prefix { $0.isNumber }
      var grouped = ""
      for (place, digit) in whole.enumerated() {
        if place > 0 && (whole.count - place) % 3 == 0 { grouped.append(",") }
        grouped.append(digit)
      }
      body = grouped + body.dropFirst(whole.count)
    }
    let opening = isNegative ? (specifier.has("(") ? "(" : "-") : specifier.has("+") ? "+" : specifier.has(" ") ? " " : ""
    let closing = isNegative && specifier.has("(") ? ")" : ""
    if specifier.has("0") && isNumber, let width = specifier.width {
      let missing = width - opening.count - closing.count - body.count
      if missing > 0 { body = String(repeating: "0", count: missing) + body }
    }
    return opening + body + closing
  }

  private func plain(_ vector: Vector, _ row: Int) -> String {
    if let text = JavaText.text(vector, row) { return text }
    var writer = TextWriter(capacity: 64)
    TextForm.write(vector, row: row, &writer)
    return String(decoding: UnsafeRawBufferPointer(writer.written), as: UTF8.self)
  }
}

/// A number as decimal digits: 0.d1d2d3… · 10^exponent, so that rounding half up is what it is on paper.
private struct Digits {
  var digits: [UInt8]
  var exponent: Int
  var isNegative: Bool
  var special: String?

  var isZero: Bool { digits.allSatisfy { $0 == 0 } }

  init?(_ value: Constant, _ type: DataType) {
    func parts(_ description: String) -> (digits: [UInt8], exponent: Int, isNegative: Bool) {
      let isNegative = description.hasPrefix("-")
      let pieces = description.drop { $0 == "-" }.split(whereSeparator: { $0 == "e" || $0 == "E" })
      let mantissa = pieces.first.map(String.init) ?? "0", power = pieces.count > 1 ? Int(pieces[1]) ?? 0 : 0
      let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
      let whole = halves.first.map { Array($0.utf8) } ?? [], fraction = halves.count > 1 ? Array(halves[1].utf8) : []
      var all = (whole + fraction).map { $0 &- 48 }, exponent = whole.count + power
      while all.count > 1 && all[0] == 0 {
        all.removeFirst()
        exponent -= 1
      }
      return (all, exponent, isNegative)
    }
    switch (value, type) {
    case (.double(let x), _):
      special = x.isNaN ? "NaN" : x.isInfinite ? "Infinity" : nil
      (digits, exponent, isNegative) = special == nil ? parts("\(x)") : ([0], 0, x < 0)
    case (.real(let x), _):
      special = x.isNaN ? "NaN" : x.isInfinite ? "Infinity" : nil
      (digits, exponent, isNegative) = special == nil ? parts("\(x)") : ([0], 0, x < 0)
    case (_, .decimal(_, let scale)):
      guard let unscaled = value.wideValue else { return nil }
      (digits, exponent, isNegative) = parts("\(unscaled)e-\(scale)")
    default: return nil
    }
  }

  /// Half up at a number of digits of `digits`.
  private func rounded(at count: Int) -> Digits {
    if count >= digits.count { return self }
    var result = self
    if count < 0 {
      result.digits = [0]
      return result
    }
    let isUp = digits[count] >= 5
    result.digits = Array(digits[..<count])
    if isUp {
      var i = count - 1
      while i >= 0 && result.digits[i] == 9 {
        result.digits[i] = 0
        i -= 1
      }
      if i >= 0 {
        result.digits[i] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.exponent += 1
      }
    }
    return result
  }

  func rounded(toSignificant count: Int) -> Digits { rounded(at: count) }

  func fixed(_ places: Int) -> String {
    let rounded = rounded(at: exponent + places)
    var out = ""
    if rounded.exponent <= 0 { out = "0" }
    for place in 0..<max(rounded.exponent, 0) { out += "\(place < rounded.digits.count ? rounded.digits[place] : 0)" }
    if places > 0 {
      out += "."
      for place in rounded.exponent..<rounded.exponent + places {
        out += "\(place >= 0 && place < rounded.digits.count ? rounded.digits[place] : 0)"
      }
    }
    return out
  }

  func scientific(_ places: Int) -> String {
    let rounded = rounded(at: places + 1)
    var out = "\(rounded.digits.first ?? 0)"
    if places > 0 {
      out += "."
      for place in 1...places { out += "\(place < rounded.digits.count ? rounded.digits[place] : 0)" }
    }
    let power = isZero ? 0 : rounded.exponent - 1
    return out + "e" + (power < 0 ? "-" : "+") + (abs(power) < 10 ? "0" : "") + "\(abs(power))"
  }
}

/// Dates and times as the text of the Java objects that stand for them.
enum JavaText {
  /// nil: not a type of the calendar.
  static func moment(_ vector: Vector, _ row: Int) -> (Moment, TimeZoneKey?, Int)? {
    var zones = ZoneOffsets()
    switch (vector.type, vector.constant(at: row)) {
    case (.date, .integer(let days)): return (Moment(days: days, picos: 0), nil, 0)
    case (.timestamp, .integer(let micros)): return (MicrosMoment.moment(micros, &zones), nil, 0)
    case (.timestamp, .wide(let picos)): return (PicosMoment.moment(picos, &zones), nil, 0)
    case (.timestampWithTimeZone, .wide(let bits)):
      let value = ZonedTimestamp(bits: bits), local = CalendarText.local(value)
      return (PicosMoment.moment(local, &zones), value.zone, Int((local - value.picoseconds) / Int128(Moments.second)))
    case (.time, .integer(let picos)): return (Moment(days: 0, picos: picos), nil, 0)
    default: return nil
    }
  }

  /// `2020-05-10T12:34:56.100+05:45[Asia/Kathmandu]`; nil where the SQL text will do.
  static func text(_ vector: Vector, _ row: Int) -> String? {
    switch vector.type {
    case .timestamp, .timestampWithTimeZone, .time: break
    default: return nil
    }
    guard let (exact, zone, offset) = moment(vector, row) else { return nil }
    // to whole nanoseconds, half up
    var none = ZoneOffsets()
    let total = Int128(exact.days) * Int128(Moments.day) + Int128(exact.picos)
    let moment = PicosMoment.moment(CalendarText.rounded(total, to: 1000), &none)
    var out = TextWriter(capacity: 64)
    if case .time = vector.type {
    } else {
      let year = Moments.civil(moment.days).year
      if year > 9999 { out.write(0x2B) }
      if year < 0 { out.write(0x2D) }
      out.write(number: abs(year), width: 4)
      out.write(0x2D)
      out.write(number: Moments.civil(moment.days).month, width: 2)
      out.write(0x2D)
      out.write(number: Moments.civil(moment.days).day, width: 2)
      out.write(UInt8(ascii: "T"))
    }
    let seconds = Int(moment.picos / Moments.second), nanos = Int(moment.picos / 1000 % 1_000_000_000)
    out.write(number: seconds / 3600, width: 2)
    out.write(0x3A)
    out.write(number: seconds / 60 % 60, width: 2)
    if seconds % 60 > 0 || nanos > 0 {
      out.write(0x3A)
      out.write(number: seconds % 60, width: 2)
    }
    if nanos > 0 {
      out.write(0x2E)
      let digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9
      out.write(number: nanos / (digits == 3 ? 1_000_000 : digits == 6 ? 1000 : 1), width: digits)
    }
    if let zone {
      if offset == 0 {
        out.write(UInt8(ascii: "Z"))
      } else {
        out.write(TimeZoneKey.offsetText(offset / 60))
        if offset % 60 != 0 {
          out.write(0x3A)
          out.write(number: abs(offset % 60), width: 2)
        }
      }
      if zone.fixedOffsetMinutes == nil || zone == .utc {
        out.write(0x5B)
        out.write(zone.name)
        out.write(0x5D)
      }
    }
    return String(decoding: UnsafeRawBufferPointer(out.written), as: UTF8.self)
  }
}
