/// What went wrong, as Presto and Trino name and number it. The set is open: connectors own ranges of their own.
public struct ErrorCode: Hashable, Sendable {
  public enum Kind: String, Sendable, Codable {
    case userError = "USER_ERROR"
    case internalError = "INTERNAL_ERROR"
    case insufficientResources = "INSUFFICIENT_RESOURCES"
    case external = "EXTERNAL"
  }

  /// Trino's number; `prestoNumber` where Presto counts differently.
  public let number: Int32
  public let prestoNumber: Int32
  public let name: String
  public let kind: Kind
  /// TRY turns these into NULL.
  public let isCaughtByTry: Bool

  public init(_ number: Int32, _ name: String, _ kind: Kind, presto: Int32? = nil, isCaughtByTry: Bool = false) {
    self.number = number
    self.prestoNumber = presto ?? number
    self.name = name
    self.kind = kind
    self.isCaughtByTry = isCaughtByTry
  }
}
