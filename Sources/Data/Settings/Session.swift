import Values

/// Who asks, from where, and how: travels with a query through every room.
public struct Session: Sendable {
  public var user: String
  public var source: String?
  /// What the client says of itself and of the query: for routing, limits and logs.
  public var clientInfo: String?
  public var clientTags: [String] = []
  /// What the user belongs to, and the roles he has taken on: for access rules and limits.
  public var groups: Set<String> = []
  public var roles: Set<String> = []
  public var catalog: String?
  public var schema: String?
  /// IANA name or offset.
  public var timeZone: String = "UTC"
  public var locale: String = "en_US"
  /// When the query started, microseconds since the epoch: `now()` is constant within a query.
  public var startMicros: Int64 = 0
  public var queryID: String = ""
  /// Prepared statements by name, their SQL texts.
  public var prepared: [String: String] = [:]
  private var overrides: [String: any PropertyValue] = [:]

  public init(user: String = "minipresto", catalog: String? = nil, schema: String? = nil) {
    self.user = user
    self.catalog = catalog
    self.schema = schema
  }

  public subscript<Value>(property: SessionProperty<Value>) -> Value { overrides[property.name] as? Value ?? property.standard }

  /// `SET SESSION name = text`. Throws `INVALID_SESSION_PROPERTY` for a text that does not fit the declared type.
  public mutating func set(_ property: AnySessionProperty, to text: String) throws {
    guard let value = property.parse(text) else {
      throw PrestoError(.invalidSessionProperty, "Value of session property '\(property.name)' is not a valid \(property.type): '\(text)'")
    }
    overrides[property.name] = value
  }

  public mutating func set<Value>(_ property: SessionProperty<Value>, to value: Value) { overrides[property.name] = value }

  public mutating func reset(_ name: String) { overrides[name] = nil }

  /// What was set, as texts by name.
  public var overriddenTexts: [String: String] { overrides.mapValues(\.propertyText) }
}
