import Values

/// What a column's declared type means here. SQLite itself reads only an affinity out of it (https://www.sqlite.org/datatype3.html §3.1) and
/// lets every column hold anything; names that other databases share are taken at their word, so that dates are dates.
struct DeclaredType: Hashable, Sendable {
  enum Affinity: Hashable, Sendable { case integer, text, blob, real, numeric }

  let type: DataType
  let affinity: Affinity

  /// `text` may be empty: no declared type.
  init(_ text: String) {
    let (name, numbers) = DeclaredType.parts(text)
    affinity = DeclaredType.affinity(name)
    type = DeclaredType.type(name, numbers, affinity)
  }

  /// Upper-cased words before the parenthesis, and the numbers inside.
  private static func parts(_ text: String) -> (String, [Int]) {
    let upper = text.uppercased()
    guard let open = upper.firstIndex(of: "(") else { return (words(upper), []) }
    let close = upper[open...].firstIndex(of: ")") ?? upper.endIndex
    let numbers = upper[upper.index(after: open)..<close].split(separator: ",").compactMap { Int(words(String($0))) }
    let after = close < upper.endIndex ? String(upper[upper.index(after: close)...]) : ""
    return (words(String(upper[..<open]) + " " + after), numbers)
  }

  private static func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  private static func affinity(_ name: String) -> Affinity {
    if name.contains("INT") { return .integer }
    if name.contains("CHAR") || name.contains("CLOB") || name.contains("TEXT") { return .text }
    if name.isEmpty || name.contains("BLOB") { return .blob }
    if name.contains("REAL") || name.contains("FLOA") || name.contains("DOUB") { return .real }
    return .numeric
  }

  private static func type(_ name: String, _ numbers: [Int], _ affinity: Affinity) -> DataType {
    switch affinity {
    case .integer: return .bigint
    // without the length: SQLite does not enforce it, so promising it would be a lie
    case .text: return name == "DECIMAL_TEXT" ? decimal(numbers) ?? .varchar : .varchar
    case .blob: return name.isEmpty ? .varchar : .varbinary
    case .real: return .double
    case .numeric: break
    }
    switch name {
    case "BOOLEAN", "BOOL": return .boolean
    case "DATE": return .date
    case "DATETIME", "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE":
      return .timestamp(precision: numbers.first.flatMap { (0...6).contains($0) ? $0 : nil } ?? 6)
    case "DECIMAL", "NUMERIC", "DEC", "NUMBER":
      return decimal(numbers) ?? .double
    case "MONEY", "CURRENCY": return .double
    case "BINARY", "VARBINARY", "BYTEA", "IMAGE": return .varbinary
    // anything else may hold anything: text represents it all
    default: return .varchar
    }
  }

  /// nil: not of decimal(1…38, 0…precision).
  private static func decimal(_ numbers: [Int]) -> DataType? {
    guard let precision = numbers.first, precision >= 1, precision <= 38 else { return nil }
    let scale = numbers.count > 1 ? numbers[1] : 0
    return scale >= 0 && scale <= precision ? .decimal(precision: precision, scale: scale) : nil
  }
}
