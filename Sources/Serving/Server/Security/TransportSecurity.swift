import Foundation
import NIOSSL
import Settings
import Values

/// TLS of the server: `http-server.https.…`.
public struct TransportSecurity: Sendable {
  public var port: Int
  /// PEM with the private key and the certificates, the server's own first.
  public var keyStore: String
  /// Of the private key; nil: it has none.
  public var passphrase: String?
  /// PEM with the certificates that clients' must be signed by; nil: clients need none.
  public var trustStore: String?

  /// nil: HTTPS is not enabled. Throws CONFIGURATION_INVALID.
  init?(_ properties: Properties) throws {
    guard try properties.value("http-server.https.enabled", default: false) else { return nil }
    port = try properties.value("http-server.https.port", default: 8443)
    guard (0...65_535).contains(port) else {
      throw PrestoError(.configurationInvalid, "\(properties.origin): 'http-server.https.port' is no port: \(port)")
    }
    keyStore = try properties.required("http-server.https.keystore.path")
    passphrase = properties["http-server.https.keystore.key"]
    trustStore = properties["http-server.https.truststore.path"]
    for path in [keyStore] + (trustStore.map { [$0] } ?? []) where !FileManager.default.isReadableFile(atPath: path) {
      throw PrestoError(.configurationInvalid, "\(properties.origin): the file '\(path)' cannot be read")
    }
  }

  static let keys = [
    "http-server.https.enabled", "http-server.https.port", "http-server.https.keystore.path", "http-server.https.keystore.key",
    "http-server.https.truststore.path",
  ]

  /// - Parameter asksForCertificates: clients may show one; it must then be signed by the trust store.
  func configuration(asksForCertificates: Bool) throws -> TLSConfiguration {
    func failure(_ path: String, _ error: any Error) -> PrestoError {
      PrestoError(.configurationInvalid, "'\(path)' cannot be used for TLS: \(error)")
    }
    let certificates: [NIOSSLCertificate], key: NIOSSLPrivateKey
    do {
      certificates = try NIOSSLCertificate.fromPEMFile(keyStore)
      let secret = passphrase
      key = try NIOSSLPrivateKey(file: keyStore, format: .pem) { give in give((secret ?? "").utf8) }
    } catch { throw failure(keyStore, error) }
    var result = TLSConfiguration.makeServerConfiguration(
      certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
    result.minimumTLSVersion = .tlsv12
    if let trustStore, asksForCertificates {
      do { result.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(trustStore)) } catch { throw failure(trustStore, error) }
      // a client without certificate may still have a password
      result.certificateVerification = .optionalVerification
    }
    return result
  }
}
