import CPostgres
import Settings
import Values

/// Where and as whom to connect, from a catalog's properties.
struct PostgresConfiguration: Sendable {
  var catalog: String
  /// libpq's connection parameters by keyword, the password among them: never printed.
  var parameters: [String: String]
  var poolSize: Int
  /// Milliseconds to wait for a free connection.
  var poolWait: Int
  /// How long a table is taken to be as it was last seen without asking the server.
  var metadataLifetime: Duration

  static let knownKeys = [
    "connection-url", "connection-user", "connection-password", "connection-pool.max-size", "connection-pool.wait-timeout-ms",
    "case-insensitive-name-matching", "metadata.cache-ttl",
  ]

  init(catalog: String, _ properties: Properties) throws {
    self.catalog = catalog
    let url = try properties.required("connection-url")
    parameters = try PostgresConfiguration.parameters(of: url, origin: properties.origin)
    if let user = properties["connection-user"] { parameters["user"] = user }
    if let password = properties["connection-password"] { parameters["password"] = password }
    parameters["application_name"] = parameters["application_name"] ?? "minipresto"
    parameters["client_encoding"] = "UTF8"
    parameters["connect_timeout"] = parameters["connect_timeout"] ?? "10"
    poolSize = try properties.value("connection-pool.max-size", default: 10)
    poolWait = try properties.value("connection-pool.wait-timeout-ms", default: 300_000)
    metadataLifetime = try properties.value("metadata.cache-ttl", default: .seconds(2))
    guard poolSize >= 1 else {
      throw PrestoError(.configurationInvalid, "\(properties.origin): 'connection-pool.max-size' must be at least 1")
    }
    guard try properties.value("case-insensitive-name-matching", default: true) else {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): 'case-insensitive-name-matching' cannot be false: names are always matched so")
    }
  }

  /// The parts of `postgresql://…` or `jdbc:postgresql://…`. Errors never show the URL, which may hold a password.
  static func parameters(of url: String, origin: String) throws -> [String: String] {
    var text = url
    if text.hasPrefix("jdbc:") { text = withoutDriverParameters(String(text.dropFirst(5))) }
    guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
      throw PrestoError(.configurationInvalid, "\(origin): 'connection-url' must begin with postgresql:// or jdbc:postgresql://")
    }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      defer { PQfreemem(message) }
      // libpq goes on to quote what it could not read, which may be the password
      let reason = message.map { String(cString: $0).prefix { $0 != "\"" } } ?? ""
      let shown = reason.isEmpty ? "" : ": " + String(reason).trimmed
      throw PrestoError(.configurationInvalid, "\(origin): 'connection-url' is not a valid PostgreSQL URL\(shown)")
    }
    defer { PQconninfoFree(options) }
    var parameters: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    // the rest of a password with an @ of its own: errors would name it as the host that does not answer
    guard !["host", "hostaddr", "port"].contains(where: { parameters[$0]?.contains("@") ?? false }) else {
      throw PrestoError(
        .configurationInvalid, "\(origin): 'connection-url' has more than one @ before its host",
        hint: "Write an @ of the password as %40, or set connection-password.")
    }
    return parameters
  }

  /// The JDBC driver's own parameters in libpq's words; those that have none are left out.
  private static func withoutDriverParameters(_ url: String) -> String {
    guard let mark = url.firstIndex(of: "?") else { return url }
    var kept: [String] = []
    for entry in url[url.index(after: mark)...].split(separator: "&") {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "ssl": if parts[1] == "true" { kept.append("sslmode=require") }
      case "ApplicationName": kept.append("application_name=" + parts[1])
      case "connectTimeout", "loginTimeout": kept.append("connect_timeout=" + parts[1])
      case "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey", "options": kept.append(String(entry))
      default: break
      }
    }
    return url[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
  }
}

extension String {
  /// Without blanks and line ends around it.
  var trimmed: String {
    var slice = self[...]
    while let first = slice.unicodeScalars.first, first.properties.isWhitespace { slice = slice.dropFirst() }
    while let last = slice.unicodeScalars.last, last.properties.isWhitespace { slice = slice.dropLast() }
    return String(slice)
  }
}
