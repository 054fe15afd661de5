import Analysis
import HTTPTypes
import MiniPresto
import Settings
import Values

/// A request that HTTP itself refuses: a status and a sentence.
struct Refusal: Error {
  var status: HTTPResponse.Status
  var message: String
  var headers = HTTPFields()

  init(_ status: HTTPResponse.Status, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// What the headers of a statement say: who asks, in which dialect, with which session.
struct ClientRequest: Sendable {
  var dialect: ClientDialect
  var session: Session
  /// The client's transaction; nil: each statement is its own.
  var transaction: String?
  /// `X-…-Transaction-Id` was there: the client can take part in transactions.
  var knowsTransactions: Bool
  /// The client knows timestamps of any precision.
  var isParametric: Bool
  /// The client wants rows as segments, so encoded; nil: in the pages themselves.
  var dataEncoding: DataEncoding?
  /// An error in the headers that belongs to the query, not to HTTP: unknown session properties, wrong values.
  var error: PrestoError?

  /// - Parameter properties: session properties that there are.
  init(_ headers: HTTPFields, properties: [AnySessionProperty], caller: Caller? = nil) throws {
    let dialect = ClientRequest.dialect(headers)
    self.dialect = dialect
    let named = ClientRequest.namedUser(headers, isChecked: caller?.shown != nil)
    let identity = try caller?.identity(actingAs: named)
    guard let user = identity?.user ?? named else { throw Caller.unknown }
    var session = Session(
      user: user, catalog: headers.value(.catalog, dialect)?.lowercased(), schema: headers.value(.schema, dialect)?.lowercased())
    if session.schema != nil && session.catalog == nil { throw Refusal(.badRequest, "Schema is set but catalog is not") }
    session.groups = identity?.groups ?? []
    session.source = headers.value(.source, dialect) ?? headers[.userAgent]
    session.clientInfo = headers.value(.clientInfo, dialect)
    session.clientTags = ClientRequest.list(headers.value(.clientTags, dialect))
    if let language = headers.value(.language, dialect) { session.locale = language }
    let capabilities = ClientRequest.list(headers.value(.clientCapabilities, dialect)).map { $0.uppercased() }
    isParametric = dialect == .trino && capabilities.contains("PARAMETRIC_DATETIME")

    dataEncoding = dialect == .trino ? DataEncoding.accepted(headers.value(.queryDataEncoding, dialect)) : nil

    let transaction = headers.value(.transactionID, dialect)
    knowsTransactions = transaction != nil
    self.transaction = transaction?.uppercased() == "NONE" ? nil : transaction

    guard let prepared = URLEncoding.pairs(headers.value(.preparedStatement, dialect) ?? "", decodesNames: true) else {
      throw Refusal(.badRequest, "Invalid \(ProtocolHeader.preparedStatement.name(dialect)) header")
    }
    for (name, text) in prepared { session.prepared[name.lowercased()] = text }

    if let zone = headers.value(.timeZone, dialect) { try ClientRequest.set(zone: zone, &session, &error) }
    guard let settings = URLEncoding.pairs(headers.value(.session, dialect) ?? "") else {
      throw Refusal(.badRequest, "Invalid \(ProtocolHeader.session.name(dialect)) header")
    }
    for (name, value) in settings {
      if name == ClientRequest.timeZoneProperty {
        try ClientRequest.set(zone: value, &session, &error)
      } else if let property = properties.first(where: { $0.name == name.lowercased() }) {
        do { try session.set(property, to: value) } catch { self.error = PrestoError(error) }
      } else {
        error = PrestoError(
          .invalidSessionProperty, "Session property '\(name)' does not exist", hint: "SHOW SESSION lists the session properties")
      }
    }
    self.session = session
  }

  /// How SET TIME ZONE travels between client and server.
  static let timeZoneProperty = "time_zone_id"

  private static func set(zone: String, _ session: inout Session, _ error: inout PrestoError?) throws {
    if TimeZoneKey(known: zone) == nil {
      error = PrestoError(.invalidSessionProperty, "Time zone not supported: \(zone)")
    } else {
      session.timeZone = zone
    }
  }

  /// The dialect is that of the user's header; without one, that of any header.
  private static func dialect(_ headers: HTTPFields) -> ClientDialect {
    if headers.value(.user, .trino) != nil { return .trino }
    if headers.value(.user, .presto) != nil { return .presto }
    return headers.contains { $0.name.canonicalName.hasPrefix("x-presto-") } ? .presto : .trino
  }

  /// The user a request names: that of the header; where nobody's credentials are checked, that of basic authentication as well.
  static func namedUser(_ headers: HTTPFields, isChecked: Bool) -> String? {
    headers.value(.user, .trino) ?? headers.value(.user, .presto) ?? (isChecked ? nil : BasicCredentials(headers)?.user)
  }

  static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { String(URLEncoding.trim($0)) }.filter { !$0.isEmpty }
  }
}
