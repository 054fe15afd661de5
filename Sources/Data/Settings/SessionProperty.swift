// Settings: typed properties. Session properties a user may set per query, catalog properties a file sets once.
//
// In come texts (`SET SESSION`, client headers, `.properties` files); out go values of the type the declaring code asked for. A property is
// declared where it is used; lists of declarations are what `SHOW SESSION` prints.
import Values

/// A value that has a text form in properties files and `SET SESSION`.
public protocol PropertyValue: Sendable, Codable {
  /// nil: the text means nothing of this type.
  init?(propertyText: String)
  var propertyText: String { get }
  static var propertyType: DataType { get }
}

/// One setting with its name, default and help.
public struct SessionProperty<Value: PropertyValue>: Sendable {
  public let name: String
  public let standard: Value
  public let summary: String

  public init(_ name: String, _ standard: Value, _ summary: String) {
    self.name = name
    self.standard = standard
    self.summary = summary
  }
}

/// A session property without its Swift type: what lists and `SET SESSION` need.
public struct AnySessionProperty: Sendable {
  public let name: String
  public let summary: String
  public let type: DataType
  public let standardText: String
  let parse: @Sendable (String) -> (any PropertyValue)?

  public init<Value: PropertyValue>(_ property: SessionProperty<Value>) {
    name = property.name
    summary = property.summary
    type = Value.propertyType
    standardText = property.standard.propertyText
    parse = { Value(propertyText: $0) }
  }
}

extension Bool: PropertyValue {
  public init?(propertyText: String) {
    switch propertyText.lowercased() {
    case "true": self = true
    case "false": self = false
    default: return nil
    }
  }
  public var propertyText: String { self ? "true" : "false" }
  public static var propertyType: DataType { .boolean }
}
extension Int: PropertyValue {
  public init?(propertyText: String) { self.init(propertyText, radix: 10) }
  public var propertyText: String { String(self) }
  public static var propertyType: DataType { .bigint }
}
extension Double: PropertyValue {
  public init?(propertyText: String) { self.init(propertyText) }
  public var propertyText: String { "\(self)" }
  public static var propertyType: DataType { .double }
}
extension String: PropertyValue {
  public init?(propertyText: String) { self = propertyText }
  public var propertyText: String { self }
  public static var propertyType: DataType { .varchar }
}
