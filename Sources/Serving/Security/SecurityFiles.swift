import Analysis
import Foundation
import Settings
import Values

/// The files of an installation that say who may come in and what he may do, with the keys of Presto and Trino:
///
///     etc/config.properties                  http-server.authentication.…, internal-communication.shared-secret
///     etc/password-authenticator.properties  password-authenticator.name=file, file.password-file
///     etc/access-control.properties          access-control.name=file, security.config-file
///     etc/group-provider.properties          group-provider.name=file, file.group-file
package struct SecurityFiles: Sendable {
  /// nil: everybody is who he says.
  package var authenticator: Authenticator?
  package var accessControl: any AccessControl = AllowAll()
  package var groups: GroupFile?
  package var sharedSecret: SharedSecret?

  /// Keys of `config.properties` that are read here.
  package static let configurationKeys = ["http-server.authentication.", "internal-communication.shared-secret"]

  package init() {}

  /// - Parameters:
  ///   - directory: where the other files are, `etc`; nil: there are none.
  ///   - configuration: what `config.properties` says.
  /// - Throws: CONFIGURATION_INVALID naming file and key. A file that is there and wrong never counts as absent.
  package init(directory: String?, configuration: Properties, environment: (String) -> String?) throws {
    func file(_ name: String) throws -> Properties? {
      guard let directory else { return nil }
      let path = directory + "/" + name
      guard FileManager.default.fileExists(atPath: path) else { return nil }
      return try Properties(parsing: try SecurityFiles.text(path), origin: path, environment: environment)
    }
    authenticator = try SecurityFiles.authenticator(configuration, passwords: try file("password-authenticator.properties"))
    if let properties = try file("access-control.properties") { accessControl = try SecurityFiles.accessControl(properties) }
    if let properties = try file("group-provider.properties") {
      try SecurityFiles.check(properties, "group-provider.name", is: ["file"])
      let path = try properties.required("file.group-file")
      groups = try GroupFile(parsing: try SecurityFiles.text(path), origin: path)
    }
    sharedSecret = try configuration["internal-communication.shared-secret"].map { try SharedSecret($0) }
  }

  private static func text(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PrestoError(.configurationInvalid, "The file '\(path)' cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }

  @discardableResult
  private static func check(_ properties: Properties, _ key: String, is possible: [String]) throws -> String {
    let value = try properties.required(key)
    guard possible.contains(value) else {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): '\(key)' cannot be '\(value)'; possible are \(possible.joined(separator: ", "))")
    }
    return value
  }

  private static func accessControl(_ properties: Properties) throws -> any AccessControl {
    switch try check(properties, "access-control.name", is: ["file", "allow-all", "default"]) {
    case "file": return try AccessRules(file: try properties.required("security.config-file"))
    default: return AllowAll()
    }
  }

  private static func authenticator(_ configuration: Properties, passwords: Properties?) throws -> Authenticator? {
    let key = "http-server.authentication."
    guard let types = configuration[key + "type"], !types.isEmpty else { return nil }
    func mapping(_ kind: String) throws -> UserMapping {
      let pattern = configuration[key + kind + ".user-mapping.pattern"], path = configuration[key + kind + ".user-mapping.file"]
      if pattern != nil && path != nil {
        throw PrestoError(.configurationInvalid, "\(configuration.origin): '\(key)\(kind).user-mapping' has both a pattern and a file")
      }
      if let path { return try UserMapping(parsing: try text(path), origin: path) }
      return try pattern.map { try UserMapping(pattern: $0) } ?? .identity
    }
    let ways = try types.split(separator: ",").map { type -> Authenticator.Way in
      switch String(type).trimmingSpace.uppercased() {
      case "PASSWORD":
        guard let passwords else {
          throw PrestoError(.configurationInvalid, "Authentication type PASSWORD needs the file password-authenticator.properties")
        }
        try check(passwords, "password-authenticator.name", is: ["file"])
        return .password(
          try PasswordStore(
            path: try passwords.required("file.password-file"), refresh: try passwords.value("file.refresh-period", default: .seconds(5)),
            cacheSize: try passwords.value("file.auth-token-cache.max-size", default: 1000)), try mapping("password"))
      case "JWT":
        let path = try configuration.required(key + "jwt.key-file")
        return .token(
          TokenValidator(
            keys: try TokenKeys(parsing: try text(path), origin: path), issuer: configuration[key + "jwt.required-issuer"],
            audience: configuration[key + "jwt.required-audience"], principalField: configuration[key + "jwt.principal-field"] ?? "sub"),
          try mapping("jwt"))
      case "CERTIFICATE": return .certificate(try mapping("certificate"))
      case let other:
        throw PrestoError(
          .configurationInvalid, "\(configuration.origin): '\(key)type' cannot be '\(other)'; possible are PASSWORD, JWT, CERTIFICATE")
      }
    }
    return Authenticator(ways, allowsPlainHTTP: try configuration.value(key + "allow-insecure-over-http", default: false))
  }
}
