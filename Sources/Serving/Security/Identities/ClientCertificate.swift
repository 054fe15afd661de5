import CSecurity

/// The certificate of a client, whose chain TLS has checked already.
package struct ClientCertificate: Sendable {
  /// `CN=ana, OU=sales, O=acme`
  package let subject: String

  /// nil: no certificate, or one without a subject.
  package init?(der: [UInt8]) {
    var text = [CChar](repeating: 0, count: 4096)
    let length = unsafe mp_certificate_subject(der, der.count, &text, text.count)
    guard length > 0, length <= text.count else { return nil }
    subject = String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
