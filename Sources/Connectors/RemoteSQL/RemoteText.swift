import Values

/// A rendered fragment: text with holes, and the values for them. Values never enter the text before it is written for the wire.
public struct RemoteText: Hashable, Sendable, Codable, CustomStringConvertible {
  public enum Part: Hashable, Sendable, Codable {
    case sql(String)
    case argument(Constant, DataType)
  }

  public private(set) var parts: [Part]
  public var type: DataType
  /// May stand anywhere without parentheses: a name, a placeholder, a call.
  public var isAtomic: Bool

  public init(_ sql: String = "", type: DataType = .unknown, isAtomic: Bool = false) {
    parts = sql.isEmpty ? [] : [.sql(sql)]
    self.type = type
    self.isAtomic = isAtomic
  }

  public init(argument: Constant, _ type: DataType) {
    parts = [.argument(argument, type)]
    self.type = type
    isAtomic = true
  }

  public mutating func append(_ sql: String) {
    if sql.isEmpty { return }
    if case .sql(let last)? = parts.last { parts[parts.count - 1] = .sql(last + sql) } else { parts.append(.sql(sql)) }
  }

  public mutating func append(_ other: RemoteText) {
    for part in other.parts {
      switch part {
      case .sql(let sql): append(sql)
      case .argument: parts.append(part)
      }
    }
  }

  /// Fit to be an operand.
  public var parenthesised: RemoteText {
    if isAtomic { return self }
    var result = RemoteText("(", type: type, isAtomic: true)
    result.append(self)
    result.append(")")
    return result
  }

  public static func joined(_ texts: [RemoteText], by separator: String) -> RemoteText {
    var result = RemoteText()
    for (index, text) in texts.enumerated() {
      if index > 0 { result.append(separator) }
      result.append(text)
    }
    return result
  }

  /// The values for the holes, in order.
  public var arguments: [(value: Constant, type: DataType)] {
    parts.compactMap { if case .argument(let value, let type) = $0 { (value, type) } else { nil } }
  }

  /// The whole text, each hole written by `hole` (which counts from 1).
  public func written(_ hole: (_ index: Int, _ value: Constant, _ type: DataType) throws -> String) rethrows -> String {
    var text = ""
    var index = 0
    for part in parts {
      switch part {
      case .sql(let sql): text += sql
      case .argument(let value, let type):
        index += 1
        text += try hole(index, value, type)
      }
    }
    return text
  }

  /// With the dialect's placeholders.
  public func written(_ dialect: some SQLDialect) -> String { written { index, _, type in dialect.placeholder(index, type) } }

  /// For people: values shown in place.
  public var description: String { written { _, value, type in value.shown(as: type) } }
}

extension Constant {
  /// Roughly as a SQL literal, for EXPLAIN only.
  func shown(as type: DataType) -> String {
    switch self {
    case .null: return "NULL"
    case .boolean(let value): return value ? "TRUE" : "FALSE"
    case .integer(let value):
      switch type {
      case .decimal(_, let scale): return Decimals.text(Int128(value), scale: scale)
      case .date:
        let day = Calendar.civil(days: Int(value))
        return "DATE '\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)-\(day.day < 10 ? "0" : "")\(day.day)'"
      default: return "\(value)"
      }
    case .wide(let value):
      if case .decimal(_, let scale) = type { return Decimals.text(value, scale: scale) }
      return "\(value)"
    case .real(let value): return "\(value)"
    case .double(let value): return "\(value)"
    case .bytes(let bytes):
      return "'" + String(decoding: bytes, as: UTF8.self).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        + "'"
    case .sequence(let values): return "(" + values.map { $0.shown(as: type) }.joined(separator: ", ") + ")"
    }
  }
}

/// Decimal text of scaled integers.
public enum Decimals {
  /// `-12.34` for -1234 at scale 2: exactly `scale` digits after the point.
  public static func text(_ value: Int128, scale: Int) -> String {
    let digits = String(value.magnitude)
    let sign = value < 0 ? "-" : ""
    if scale <= 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }

  /// 10^-scale: `0.01` for 2, `1` for 0.
  public static func unit(scale: Int) -> String { text(1, scale: scale) }
}
