import Values

/// One object of a JSON configuration file, read key by key. Errors name the file, the object and the key; a key that nobody knows is an error, not
/// silently ignored.
public struct ConfigurationObject: Sendable {
  /// The file and where in it: `etc/rules.json: tables[3]`.
  public let origin: String
  private let members: [JSONValue.Member]

  public init(_ value: JSONValue, origin: String) throws {
    guard let members = value.members else { throw PrestoError(.configurationInvalid, "\(origin) must be an object, not \(value.kind)") }
    self.members = members
    self.origin = origin
  }

  /// The same object under another name for messages.
  public func named(_ origin: String) throws -> ConfigurationObject { try ConfigurationObject(.object(members), origin: origin) }

  public func failure(_ message: String) -> PrestoError { PrestoError(.configurationInvalid, "\(origin): \(message)") }

  public var keys: [String] { members.map(\.key) }

  public func has(_ key: String) -> Bool { self[key] != nil }

  /// The value; null counts as absent.
  public subscript(key: String) -> JSONValue? {
    guard let value = members.first(where: { $0.key == key })?.value, value != .null else { return nil }
    return value
  }

  /// Throws for keys that are none of these.
  public func check(keys: [String]) throws {
    for member in members where !keys.contains(member.key) {
      throw failure("unknown key '\(member.key)'; possible are \(keys.joined(separator: ", "))")
    }
  }

  public func text(_ key: String) throws -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.text else { throw failure("'\(key)' must be a text, not \(value.kind)") }
    return text
  }

  public func boolean(_ key: String) throws -> Bool? {
    guard let value = self[key] else { return nil }
    guard case .boolean(let boolean) = value else { throw failure("'\(key)' must be true or false, not \(value.kind)") }
    return boolean
  }

  public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = self[key] else { return nil }
    guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      let bounds = range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw failure("'\(key)' must be a whole number \(bounds)")
    }
    return number
  }

  /// A time, a size: whatever has a text form. `example` shows one.
  public func value<V: PropertyValue>(_ key: String, as type: V.Type, example: String) throws -> V? {
    guard let text = try text(key) else { return nil }
    guard !text.isEmpty, let value = V(propertyText: text) else { throw failure("'\(key)' cannot be '\(text)'; write it like \(example)") }
    return value
  }

  /// One of some words, whatever their case.
  public func choice<C: RawRepresentable & CaseIterable>(_ key: String, of type: C.Type) throws -> C? where C.RawValue == String {
    guard let text = try text(key) else { return nil }
    guard let choice = C(rawValue: text.lowercased()) else {
      throw failure("'\(key)' cannot be '\(text)'; possible are \(C.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  public func pattern(_ key: String) throws -> TextPattern? {
    guard let text = try text(key) else { return nil }
    do { return try TextPattern(text) } catch { throw failure("'\(key)': \(PrestoError(error).message)") }
  }

  public func texts(_ key: String) throws -> [String]? {
    guard let value = self[key] else { return nil }
    guard let elements = value.elements else { throw failure("'\(key)' must be an array of texts, not \(value.kind)") }
    return try elements.map { element in
      guard let text = element.text else { throw failure("'\(key)' must be an array of texts, but has \(element.kind)") }
      return text
    }
  }

  public func object(_ key: String) throws -> ConfigurationObject? {
    try self[key].map { try ConfigurationObject($0, origin: "\(origin): \(key)") }
  }

  /// Called `key[1]`, `key[2]` … in messages.
  public func objects(_ key: String) throws -> [ConfigurationObject]? {
    guard let value = self[key] else { return nil }
    guard let elements = value.elements else { throw failure("'\(key)' must be an array of objects, not \(value.kind)") }
    return try elements.enumerated().map { try ConfigurationObject($1, origin: "\(origin): \(key)[\($0 + 1)]") }
  }
}
