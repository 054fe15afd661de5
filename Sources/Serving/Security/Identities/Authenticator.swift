import Foundation
import Settings
import Values

/// What a client shows with a request.
package struct ShownCredentials: Sendable {
  /// The header `Authorization`.
  package var authorization: String?
  package var certificate: ClientCertificate?
  /// The connection is TLS, or a proxy that is trusted says that the client's was.
  package var isSecure: Bool

  package init(authorization: String?, certificate: ClientCertificate? = nil, isSecure: Bool) {
    self.authorization = authorization
    self.certificate = certificate
    self.isSecure = isSecure
  }
}

/// Who has shown himself to be somebody.
package struct AuthenticatedUser: Sendable, Equatable {
  /// As the password file, the token or the certificate calls him.
  package var principal: String
  package var user: String
}

/// The ways in which clients may say who they are, in the order they are tried.
package struct Authenticator: Sendable {
  enum Way: Sendable {
    case password(PasswordStore, UserMapping)
    case token(TokenValidator, UserMapping)
    case certificate(UserMapping)
  }

  let ways: [Way]
  /// Credentials are taken over plain HTTP as well: behind a proxy that ends TLS, and for tests.
  let allowsPlainHTTP: Bool

  init(_ ways: [Way], allowsPlainHTTP: Bool = false) {
    self.ways = ways
    self.allowsPlainHTTP = allowsPlainHTTP
  }

  /// Whether clients are asked for certificates.
  package var asksForCertificates: Bool { ways.contains { if case .certificate = $0 { true } else { false } } }

  /// - Parameter now: seconds since the epoch.
  package func authenticate(_ shown: ShownCredentials, now: Int64) async throws(AuthenticationError) -> AuthenticatedUser {
    if !shown.isSecure && !allowsPlainHTTP {
      throw AuthenticationError("Access Denied: Credentials are not taken over plain HTTP; use HTTPS")
    }
    for way in ways {
      switch way {
      case .certificate(let mapping):
        guard let certificate = shown.certificate else { continue }
        return AuthenticatedUser(principal: certificate.subject, user: try mapping.user(of: certificate.subject))
      case .password(let store, let mapping):
        guard let (user, password) = Authenticator.basic(shown.authorization) else { continue }
        guard await store.accepts(password, of: user) else { throw refusal(.invalidCredentials) }
        return AuthenticatedUser(principal: user, user: try mapping.user(of: user))
      case .token(let validator, let mapping):
        guard let token = Authenticator.parameter(shown.authorization, of: "bearer") else { continue }
        let principal: String
        do { principal = try validator.principal(of: token, now: now) } catch { throw refusal(error) }
        return AuthenticatedUser(principal: principal, user: try mapping.user(of: principal))
      }
    }
    throw refusal(AuthenticationError("Unauthorized"))
  }

  private func refusal(_ error: AuthenticationError) -> AuthenticationError {
    AuthenticationError(error.message, challenge: challenges.first)
  }

  /// What `WWW-Authenticate` offers.
  package var challenges: [String] {
    ways.compactMap { way in
      switch way {
      case .password: #"Basic realm="Trino""#
      case .token: #"Bearer realm="Trino""#
      case .certificate: nil
      }
    }
  }

  /// What follows the scheme.
  private static func parameter(_ authorization: String?, of scheme: String) -> String? {
    guard let authorization, authorization.utf8.count <= 65_536, let space = authorization.firstIndex(of: " "),
      authorization[..<space].lowercased() == scheme
    else { return nil }
    let text = String(authorization[space...]).trimmingSpace
    return text.isEmpty ? nil : text
  }

  private static func basic(_ authorization: String?) -> (user: String, password: String)? {
    guard let text = parameter(authorization, of: "basic"), let bytes = Base64URL.decode(text),
      let pair = String(validating: bytes, as: UTF8.self), let colon = pair.firstIndex(of: ":"), colon != pair.startIndex
    else { return nil }
    return (String(pair[..<colon]), String(pair[pair.index(after: colon)...]))
  }
}
