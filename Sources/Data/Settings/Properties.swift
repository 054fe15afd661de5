import Values

/// Presto's `NAME.properties`: `key=value` lines, `#` comments, `${ENV:NAME}` replaced from the environment.
///
/// Reading keeps count of the keys asked for, so that a misspelt key is an error and not silently ignored: see `unusedKeys(known:)`.
public struct Properties: Sendable, Equatable {
  public private(set) var values: [String: String]
  /// The file or other origin, for error messages.
  public let origin: String

  public init(_ values: [String: String], origin: String = "properties") {
    self.values = values
    self.origin = origin
  }

  /// Throws `CONFIGURATION_INVALID` naming the line for a line that is no `key=value`, a key given twice, or an unset environment variable. The
  /// line itself is not shown: it may hold a password, as `connection-password: …` does.
  public init(parsing text: String, origin: String, environment: (String) -> String?) throws {
    var values: [String: String] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = Properties.trim(line)
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix("!") { continue }
      let equals = trimmed.firstIndex(of: "=") ?? trimmed.endIndex
      let key = Properties.trim(trimmed[..<equals])
      guard equals < trimmed.endIndex, !key.contains(where: { $0.isWhitespace || ":/@".contains($0) }) else {
        throw PrestoError(.configurationInvalid, "\(origin):\(index + 1): expected key=value")
      }
      if values[key] != nil { throw PrestoError(.configurationInvalid, "\(origin):\(index + 1): '\(key)' is given twice") }
      values[key] = try Properties.substitute(Properties.trim(trimmed[trimmed.index(after: equals)...]), environment: environment) {
        PrestoError(.configurationInvalid, "\(origin):\(index + 1): environment variable '\($0)' is not set")
      }
    }
    self.init(values, origin: origin)
  }

  public subscript(key: String) -> String? { values[key] }

  /// The value or `CONFIGURATION_INVALID` naming key and file.
  public func required(_ key: String) throws -> String {
    guard let value = values[key], !value.isEmpty else {
      throw PrestoError(.configurationInvalid, "\(origin): '\(key)' is missing")
    }
    return value
  }

  public func value<V: PropertyValue>(_ key: String, default standard: V) throws -> V {
    guard let text = values[key] else { return standard }
    guard let value = V(propertyText: text) else {
      throw PrestoError(.configurationInvalid, "\(origin): '\(key)' is not a valid \(V.propertyType)")
    }
    return value
  }

  /// Keys that are none of `known` (an entry ending in `.` stands for every key that begins with it).
  public func unknownKeys(known: [String]) -> [String] {
    values.keys.filter { key in !known.contains { $0 == key || ($0.hasSuffix(".") && key.hasPrefix($0)) } }.sorted()
  }

  private static func trim(_ text: some StringProtocol) -> String {
    var slice = text[...]
    while let first = slice.first, first == " " || first == "\t" || first == "\r" { slice = slice.dropFirst() }
    while let last = slice.last, last == " " || last == "\t" || last == "\r" { slice = slice.dropLast() }
    return String(slice)
  }

  private static func substitute(_ value: String, environment: (String) -> String?, missing: (String) -> PrestoError) throws -> String {
    var result = ""
    var rest = value[...]
    while let start = rest.range(of: "${ENV:") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
      let name = String(rest[start.upperBound..<end])
      guard let found = environment(name) else { throw missing(name) }
      result += found
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

extension Substring {
  /// First place of a literal, without Foundation.
  fileprivate func range(of literal: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(literal) { return start..<index(start, offsetBy: literal.count) }
      start = index(after: start)
    }
    return nil
  }
}
