import HTTPTypes

/// Whose client asks: Presto's and Trino's protocols differ in the first word of their headers and in a few fields.
enum ClientDialect: String, Sendable, CaseIterable {
  case presto = "X-Presto-"
  case trino = "X-Trino-"
}

/// The headers of the client protocol, named once for both dialects.
enum ProtocolHeader: String, CaseIterable, Sendable {
  // requests
  case user = "User"
  case originalUser = "Original-User"
  case source = "Source"
  case catalog = "Catalog"
  case schema = "Schema"
  case path = "Path"
  case timeZone = "Time-Zone"
  case language = "Language"
  case traceToken = "Trace-Token"
  case session = "Session"
  case role = "Role"
  case preparedStatement = "Prepared-Statement"
  case transactionID = "Transaction-Id"
  case clientInfo = "Client-Info"
  case clientTags = "Client-Tags"
  case clientCapabilities = "Client-Capabilities"
  case resourceEstimate = "Resource-Estimate"
  case extraCredential = "Extra-Credential"
  case queryDataEncoding = "Query-Data-Encoding"
  // responses
  case setCatalog = "Set-Catalog"
  case setSchema = "Set-Schema"
  case setSession = "Set-Session"
  case clearSession = "Clear-Session"
  case addedPrepare = "Added-Prepare"
  case deallocatedPrepare = "Deallocated-Prepare"
  case startedTransactionID = "Started-Transaction-Id"
  case clearTransactionID = "Clear-Transaction-Id"

  func name(_ dialect: ClientDialect) -> HTTPField.Name {
    let names = dialect == .presto ? ProtocolHeader.prestoNames : ProtocolHeader.trinoNames
    return names[self] ?? .connection
  }

  private static let prestoNames = names(.presto)
  private static let trinoNames = names(.trino)

  private static func names(_ dialect: ClientDialect) -> [ProtocolHeader: HTTPField.Name] {
    Dictionary(
      allCases.compactMap { header in HTTPField.Name(dialect.rawValue + header.rawValue).map { (header, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

extension HTTPFields {
  /// The header in a dialect; nil also for an empty one.
  func value(_ header: ProtocolHeader, _ dialect: ClientDialect) -> String? {
    guard let value = self[header.name(dialect)], !value.isEmpty else { return nil }
    return value
  }

  mutating func append(_ header: ProtocolHeader, _ dialect: ClientDialect, _ value: String) {
    append(HTTPField(name: header.name(dialect), value: value))
  }
}
