import RemoteSQL
import Values

/// Values written into the text of a COPY statement, which takes no parameters: the one place where a value becomes part of a text.
///
/// Every literal carries its type, so that the server never guesses. Text is quoted with doubled quotes; where it holds a backslash it is an
/// `E''` string with doubled backslashes, which means the same whatever `standard_conforming_strings` says. A zero byte, which no server text
/// can hold, has no literal. The session's encoding is UTF-8 and the server refuses statements that are not valid UTF-8 before reading them.
enum PostgresLiteral {
  /// nil: the server has no such value.
  static func text(_ value: Constant, _ type: DataType) -> String? {
    switch value {
    case .null: return type.postgresName.map { "CAST(NULL AS \($0))" }
    case .boolean(let value): return type == .boolean ? (value ? "TRUE" : "FALSE") : nil
    case .integer(let value): return integer(Int128(value), type)
    case .wide(let value): return integer(value, type)
    case .real(let value): return type == .real ? "'\(float("\(value)"))'::float4" : nil
    case .double(let value): return type == .double ? "'\(float("\(value)"))'::float8" : nil
    case .bytes(let bytes): return self.bytes(bytes, type)
    case .sequence: return nil
    }
  }

  /// A string constant of the server's.
  static func quoted(_ text: String) -> String {
    var result = text.utf8.contains(UInt8(ascii: "\\")) ? " E'" : "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" || scalar == "\\" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "'"
  }

  private static func integer(_ value: Int128, _ type: DataType) -> String? {
    switch type {
    case .tinyint, .smallint: return typed(value, "int2")
    case .integer: return value >= 0 ? "\(value)" : typed(value, "int4")
    case .bigint: return value > Int128(Int32.max) ? "\(value)" : typed(value, "int8")
    case .decimal(_, let scale):
      let text = Decimals.text(value, scale: scale)
      return scale > 0 && value >= 0 ? text : "'\(text)'::numeric"
    case .date: return Int(exactly: value).flatMap { Instants.date(days: $0) }.map { "'\($0)'::date" }
    case .time(let precision):
      guard precision <= 6, value % 1_000_000 == 0, value >= 0, let micros = Int(exactly: value / 1_000_000), micros < 86_400_000_000 else {
        return nil
      }
      return "'\(Instants.time(micros: micros))'::time"
    case .timestamp(let precision):
      guard precision <= 6, let micros = Int(exactly: value) else { return nil }
      return Instants.timestamp(micros: micros).map { "'\($0)'::timestamp" }
    case .timestampWithTimeZone:
      let picos = value >> 16
      guard picos % 1_000_000 == 0, let micros = Int(exactly: picos / 1_000_000) else { return nil }
      return Instants.timestamp(micros: micros).map { "'\($0)+00'::timestamptz" }
    default: return nil
    }
  }

  private static func typed(_ value: Int128, _ name: String) -> String { value < 0 ? "'\(value)'::\(name)" : "\(value)::\(name)" }

  private static func bytes(_ bytes: [UInt8], _ type: DataType) -> String? {
    switch type {
    case .varchar, .char:
      // Repaired text would be another value.
      guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return nil }
      if case .char = type { return quoted(text) + "::bpchar" }
      return quoted(text) + "::text"
    case .varbinary: return "decode('\(Hex.text(bytes))', 'hex')"
    case .uuid: return bytes.count == 16 ? "'\(Hex.text(bytes))'::uuid" : nil
    default: return nil
    }
  }

  private static func float(_ text: String) -> String {
    switch text {
    case "inf": "Infinity"
    case "-inf": "-Infinity"
    case "nan", "-nan": "NaN"
    default: text
    }
  }
}

enum Hex {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Texts of dates and times that the server reads back without loss. Years 1 to 200000, which both sides hold.
enum Instants {
  static func date(days: Int) -> String? {
    guard (-719_162...72_329_000).contains(days) else { return nil }
    let (year, month, day) = Calendar.civil(days: days)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  static func time(micros: Int) -> String {
    let seconds = micros / 1_000_000
    return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(micros % 1_000_000, 6))"
  }

  static func timestamp(micros: Int) -> String? {
    let perDay = 86_400_000_000
    let days = micros >= 0 ? micros / perDay : -((-(micros + 1)) / perDay) - 1
    return date(days: days).map { "\($0) \(time(micros: micros - days * perDay))" }
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
