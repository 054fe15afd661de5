import ObjectStore
import Values

/// `key=value` folders, as Hive writes them.
enum PartitionValues {
  /// Keys and texts of the folders between a root and a file, in order. nil texts are nulls.
  static func parts(of path: String, under root: String) -> [(key: String, text: String?)] {
    let relative = path.hasPrefix(root) ? path.dropFirst(root.count) : path[...]
    return relative.split(separator: "/").dropLast().compactMap { part in pair(part) }
  }

  /// nil: not of the form `key=value`.
  static func pair(_ folder: some StringProtocol) -> (key: String, text: String?)? {
    guard let equals = folder.firstIndex(of: "="), equals > folder.startIndex else { return nil }
    let text = decoded(folder[folder.index(after: equals)...])
    return (decoded(folder[..<equals]), text == "__HIVE_DEFAULT_PARTITION__" ? nil : text)
  }

  /// The narrowest of date, bigint and varchar that all texts are.
  static func type(of texts: some Sequence<String?>) -> DataType {
    var isDate = true, isInteger = true, isEmpty = true
    for case let text? in texts {
      isEmpty = false
      if isDate && days(text) == nil { isDate = false }
      if isInteger && Int64(text) == nil { isInteger = false }
      if !isDate && !isInteger { return .varchar }
    }
    return isEmpty ? .varchar : isDate ? .date : isInteger ? .bigint : .varchar
  }

  /// Throws `HIVE_INVALID_PARTITION_VALUE` for a text that is none of the type's values.
  static func value(_ text: String?, _ type: DataType, _ path: String) throws -> Constant {
    guard let text else { return .null }
    let value: Constant? =
      switch type {
      case .date: days(text).map { .integer(Int64($0)) }
      case .bigint, .integer, .smallint, .tinyint: Int64(text).map { .integer($0) }
      case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
      case .varchar: .text(text)
      default: nil
      }
    guard let value else {
      throw PrestoError(.invalidPartitionValue, "\(path): partition value '\(text)' is not a value of type \(type)")
    }
    return value
  }

  /// How a value is written into a folder's name; nil: the type cannot partition.
  static func text(_ value: Constant, _ type: DataType) -> String? {
    if value.isNull { return "__HIVE_DEFAULT_PARTITION__" }
    switch (value, type) {
    case (.integer(let days), .date):
      let day = Calendar.civil(days: Int(days))
      guard day.year >= 0, day.year <= 9999 else { return nil }
      return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    case (.integer(let number), .bigint), (.integer(let number), .integer), (.integer(let number), .smallint),
      (.integer(let number), .tinyint):
      return String(number)
    case (.boolean(let value), _): return value ? "true" : "false"
    case (.bytes(let bytes), .varchar): return bytes.isEmpty ? nil : encoded(bytes)
    default: return nil
    }
  }

  static func isSupported(_ type: DataType) -> Bool {
    switch type {
    case .date, .bigint, .integer, .smallint, .tinyint, .boolean, .varchar: true
    default: false
    }
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  private static func days(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), month >= 1, month <= 12, day >= 1, day <= Calendar.daysIn(month: month, of: year)
    else { return nil }
    return Calendar.days(year: year, month: month, day: day)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard digit >= 48, digit <= 57 else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }

  /// `%3A` as `:`.
  private static func decoded(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(37) else { return String(text) }
    var result: [UInt8] = []
    var i = 0
    while i < bytes.count {
      if bytes[i] == 37, i + 2 < bytes.count, let high = hex(bytes[i + 1]), let low = hex(bytes[i + 2]) {
        result.append(high << 4 | low)
        i += 3
      } else {
        result.append(bytes[i])
        i += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What may not stand in a folder's name, or would be misread, is written `%3A`.
  private static func encoded(_ bytes: [UInt8]) -> String {
    let special = Set("\"#%'*/:=?\\{}[]^".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      if byte < 32 || byte == 127 || special.contains(byte) {
        result += [37, digit(byte >> 4), digit(byte & 15)]
      } else {
        result.append(byte)
      }
    }
    // a name that begins with . or _ would be hidden
    if let first = result.first, first == 46 || first == 95 {
      result.replaceSubrange(0..<1, with: [37, digit(first >> 4), digit(first & 15)])
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }

  private static func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

/// The codes of Presto's hive connector that folders and schemas cause; EXTERNAL, from 0x0100_0000 as there.
extension ErrorCode {
  public static let invalidPartitionValue = ErrorCode(0x0100_0011, "HIVE_INVALID_PARTITION_VALUE", .external)
  public static let partitionSchemaMismatch = ErrorCode(0x0100_0009, "HIVE_PARTITION_SCHEMA_MISMATCH", .external)
  public static let tooManyOpenPartitions = ErrorCode(0x0100_000E, "HIVE_TOO_MANY_OPEN_PARTITIONS", .userError)
  public static let pathAlreadyExists = ErrorCode(0x0100_0019, "HIVE_PATH_ALREADY_EXISTS", .external)
}
