import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let system: [Function] = [
    .bound("typeof", "(T) -> varchar", "The name of an expression's type") { types, _ in
      let name = types[0].description
      return { _, rows, _ in .constant(.text(name), .varchar, count: rows) }
    },
    .vector("uuid", "() -> uuid", "A random UUID", isDeterministic: false) { _, rows, context in
      let builder = VectorBuilder(context.result, capacity: rows)
      for _ in 0..<rows {
        var high = UInt64.random(in: .min ... .max), low = UInt64.random(in: .min ... .max)
        // version 4, variant 1
        high = (high & ~0xF000) | 0x4000
        low = (low & ~(3 << 62)) | (2 << 62)
        let words = (high.bigEndian, low.bigEndian)
        withUnsafeBytes(of: words) { builder.append($0) }
      }
      return builder.finish()
    },
    .vector("version", "() -> varchar", "The version of the engine") { _, rows, _ in .constant(.text("minipresto"), .varchar, count: rows)
    },
    .vector("current_timezone", "() -> varchar", "The session's time zone") { _, rows, context in
      .constant(.text(context.timeZone), .varchar, count: rows)
    },
    .vector("current_groups", "() -> array(varchar)", "The groups of the user") { _, rows, context in
      .constant(.sequence([]), context.result, count: rows)
    },
    .vector("fail", "(varchar) -> unknown", "Fails with a message", isDeterministic: false) { arguments, rows, context in
      let messages = arguments[0].reader(as: Bytes.self)
      if rows > 0 { throw PrestoError(.genericUserError, messages.isValid(0) ? messages[0].string : "") }
      return Vector.nulls(context.result, count: rows)
    },
    .scalar("parse_presto_data_size", "Bytes of a size such as 2.3MB") { (x: Text) -> Int128 in try dataSize(x.string) },
    .scalar("parse_data_size", "Bytes of a size such as 2.3MB") { (x: Text) -> Int128 in try dataSize(x.string) },
    .scalar("format_number", "A number in short, as 1.23M") { (x: Double, out: inout TextWriter) in writeShort(x, &out) },
    .scalar("format_number", "A number in short, as 1.23M") { (x: Int64, out: inout TextWriter) in writeShort(Double(x), &out) },
    .scalar("human_readable_seconds", "Seconds as weeks, days, hours, minutes and seconds") { (x: Double, out: inout TextWriter) in
      if !x.isFinite { throw invalidArgument("Invalid argument found: \(spelled(x))") }
      out.write(readable(x))
    },
  ]
}

private func dataSize(_ text: String) throws -> Int128 {
  let broken = invalidArgument("Invalid data size: '\(text)'")
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
  let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }, unit = String(text.dropFirst(number.count))
  guard let power = units.firstIndex(of: unit), !number.isEmpty, !number.hasPrefix(".") else { throw broken }
  let parts = number.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count <= 2, let whole = Int128(String(parts[0])) else { throw broken }
  let factor = Int128(1) << Int128(10 * power)
  let (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
  var fraction: Int128 = 0
  if parts.count == 2 {
    let digits = String(parts[1].prefix(12))
    guard !digits.isEmpty, let value = Int128(digits) else { throw broken }
    let (product, tooLarge) = value.multipliedReportingOverflow(by: factor)
    fraction = tooLarge ? value * (factor / Decimals.power(digits.count)) : product / Decimals.power(digits.count)
  }
  let (sum, wide) = bytes.addingReportingOverflow(fraction)
  if overflow || wide || sum.magnitude >= Decimals.power(38).magnitude {
    throw PrestoError(.numericValueOutOfRange, "Value out of range: '\(text)' (\(unit))")
  }
  return sum
}

private func writeShort(_ x: Double, _ out: inout TextWriter) {
  let suffixes = ["", "K", "M", "B", "T", "Q"]
  var value = abs(x), power = 0
  while value >= 1000 && power < suffixes.count - 1 {
    value /= 1000
    power += 1
  }
  if x < 0 { out.write(0x2D) }
  // numbers below zero are below ten
  let places = value < 10 || x < 0 ? 2 : value < 100 ? 1 : 0
  let scale = pow(10, Double(places))
  // half even, as java.text.DecimalFormat
  let rounded = (value * scale).rounded(.toNearestOrEven) / scale
  if rounded == rounded.rounded(), abs(rounded) < 1e15 {
    out.write(number: Int(rounded))
  } else {
    out.write("\(rounded)")
  }
  out.write(suffixes[power])
}

private func readable(_ x: Double) -> String {
  var left = Int64(clamping: Int128(min(abs(x).rounded(.toNearestOrAwayFromZero), 9e18)))
  var parts: [String] = []
  for (size, name) in [(604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")] as [(Int64, String)] {
    let count = left / size
    left %= size
    if count > 0 { parts.append("\(count) \(name)\(count == 1 ? "" : "s")") }
  }
  if left > 0 || parts.isEmpty { parts.append("\(left) second\(left == 1 ? "" : "s")") }
  return parts.joined(separator: ", ")
}
