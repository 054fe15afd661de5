/// One value outside a vector: literals, statistics, bounds, bound arguments. Never used per row.
///
/// Every integer-like layout up to 64 bits (integers, short decimals, dates, timestamps, intervals) is `.integer`, 128-bit ones are
/// `.wide`, text and binary are `.bytes`. Arrays and rows are sequences; a map is a sequence of two-element sequences.
public enum Constant: Hashable, Sendable, Codable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case wide(Int128)
  case real(Float)
  case double(Double)
  case bytes([UInt8])
  case sequence([Constant])

  public static func text(_ string: String) -> Constant { .bytes(Array(string.utf8)) }

  public var isNull: Bool { if case .null = self { true } else { false } }

  /// Text of a `.bytes` value; nil for every other.
  public var text: String? { if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil } }

  /// `.integer` or `.wide` as a number.
  public var wideValue: Int128? {
    switch self {
    case .integer(let value): Int128(value)
    case .wide(let value): value
    case .null, .boolean, .real, .double, .bytes, .sequence: nil
    }
  }
}
