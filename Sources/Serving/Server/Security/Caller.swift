import Analysis
import Foundation
import HTTPTypes
import Hummingbird
import MiniPresto
import NIOCore
import NIOSSL
import Security
import Values

/// Who makes a request.
struct Caller: Sendable {
  /// nil: nobody is asked to show who he is, and this one did not say.
  var shown: AuthenticatedUser?
  let service: ServerService

  static let unknown = Refusal(.unauthorized, "Basic authentication or X-Trino-User or X-Presto-User must be sent")

  /// The user a request acts as: the one of its header, where the caller may be that one.
  func identity(actingAs name: String?) throws -> Identity {
    let control = service.engine.configuration.accessControl
    guard let shown else {
      guard let name else { throw Caller.unknown }
      return service.identity(of: name)
    }
    let user = name ?? shown.user
    do {
      if user != shown.user {
        let own = service.identity(of: shown.user)
        // whom rules do not let be another one is not; without rules nobody is
        guard control.isRestricting, control.allows(.impersonate(user), for: own) else {
          throw AccessRequest.impersonate(user).denial(for: own)
        }
      }
      let identity = service.identity(of: user)
      try Access(control: control, identity: identity).check(.setUser(principal: shown.principal, user: user))
      return identity
    } catch { throw Refusal(.forbidden, PrestoError(error).message) }
  }

  /// What the caller may do who names himself with `headers`.
  func access(_ headers: HTTPFields) throws -> Access {
    let named = ClientRequest.namedUser(headers, isChecked: shown != nil)
    if shown == nil && named == nil && !service.engine.configuration.accessControl.isRestricting {
      return Access(control: AllowAll(), identity: Identity(user: ""))
    }
    return Access(control: service.engine.configuration.accessControl, identity: try identity(actingAs: named))
  }
}

extension Access {
  /// Refuses whoever may not know how the server is.
  func checkSystemInformation() throws {
    if !allows(.readSystemInformation) { throw Refusal(.forbidden, AccessRequest.readSystemInformation.denial(for: identity).message) }
  }
}

extension ServerService {
  func identity(of user: String) -> Identity { Identity(user: user, groups: configuration.security.groups?.groups(of: user) ?? []) }

  /// Checks what the client shows. Throws a refusal with the challenge: 401, and 403 where credentials came over plain HTTP.
  func caller(_ request: Request, _ context: ServerContext) async throws -> Caller {
    guard let authenticator = configuration.security.authenticator else { return Caller(shown: nil, service: self) }
    let isSecure = request.head.scheme == "https"
    var certificate: ClientCertificate?
    if isSecure && authenticator.asksForCertificates, let found = try? await context.channel.nioSSL_peerCertificate().get() {
      certificate = (try? found.toDERBytes()).flatMap { ClientCertificate(der: $0) }
    }
    let credentials = ShownCredentials(
      authorization: request.headers[.authorization], certificate: certificate,
      isSecure: isSecure || (configuration.isForwarded && ClientAddress.scheme(request.head) == "https"))
    do {
      let now = Int64(Date().timeIntervalSince1970)
      return Caller(shown: try await authenticator.authenticate(credentials, now: now), service: self)
    } catch {
      var refusal = Refusal(error.challenge == nil ? .forbidden : .unauthorized, error.message)
      if error.challenge != nil {
        for challenge in authenticator.challenges { refusal.headers.append(HTTPField(name: .wwwAuthenticate, value: challenge)) }
      }
      throw refusal
    }
  }
}
