import CSecurity
import Settings
import Values

/// The keys that tokens may be signed with: one of a PEM file, a shared secret in base 64, or several of a JWKS file.
package struct TokenKeys: Sendable {
  @safe final class PublicKey: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let kind: TokenAlgorithm.Family

    /// nil: no key, or one of a kind that tokens are not signed with.
    init?(_ pointer: UnsafeMutableRawPointer?) {
      guard let pointer = unsafe pointer else { return nil }
      switch unsafe mp_public_key_kind(pointer) {
      case 1: kind = .rsa
      case 2: kind = .ellipticCurve
      default:
        unsafe mp_public_key_free(pointer)
        return nil
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe mp_public_key_free(pointer) }

    func verify(_ signature: [UInt8], of data: [UInt8], bits: Int) -> Bool {
      unsafe mp_verify(pointer, Int32(bits), data, data.count, signature, signature.count) == 1
    }
  }

  private enum Key: Sendable {
    case secret([UInt8])
    case publicKey(PublicKey)
  }

  private var keys: [(id: String?, key: Key)] = []

  /// Reads a key file: PEM, JWKS, or base 64.
  package init(parsing text: String, origin: String) throws {
    let trimmed = text.trimmingSpace
    if trimmed.hasPrefix("{") {
      try readSet(try JSONValue(parsing: trimmed, origin: origin), origin)
    } else if trimmed.contains("-----BEGIN") {
      let bytes = Array(trimmed.utf8)
      guard let key = unsafe PublicKey(mp_public_key_pem(bytes, bytes.count)) else {
        throw PrestoError(.configurationInvalid, "\(origin) has no public key of RSA or of an elliptic curve")
      }
      keys = [(nil, .publicKey(key))]
    } else {
      guard let secret = Base64URL.decode(trimmed), secret.count >= 32 else {
        throw PrestoError(.configurationInvalid, "\(origin) is neither PEM nor JWKS, nor at least 32 bytes in base 64")
      }
      keys = [(nil, .secret(secret))]
    }
  }

  private mutating func readSet(_ set: JSONValue, _ origin: String) throws {
    guard let entries = set["keys"]?.elements else { throw PrestoError(.configurationInvalid, "\(origin): 'keys' must be an array") }
    for (index, entry) in entries.enumerated() {
      func number(_ name: String) throws -> [UInt8] {
        guard let text = entry[name]?.text, let bytes = Base64URL.decode(text), !bytes.isEmpty, bytes.count <= 2048 else {
          throw PrestoError(.configurationInvalid, "\(origin): keys[\(index + 1)]: '\(name)' is missing or wrong")
        }
        return bytes
      }
      if let use = entry["use"]?.text, use != "sig" { continue }
      var key: PublicKey?
      switch entry["kty"]?.text {
      case "RSA":
        let modulus = try number("n"), exponent = try number("e")
        key = unsafe PublicKey(mp_public_key_rsa(modulus, modulus.count, exponent, exponent.count))
      case "EC":
        guard let curve = entry["crv"]?.text, let size = ["P-256": 32, "P-384": 48, "P-521": 66][curve] else { continue }
        func padded(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: max(0, size - bytes.count)) + bytes }
        let point = [4] + padded(try number("x")) + padded(try number("y"))
        key = unsafe PublicKey(mp_public_key_ec(curve, point, point.count))
      default: continue
      }
      guard let key else { throw PrestoError(.configurationInvalid, "\(origin): keys[\(index + 1)] is no key") }
      keys.append((entry["kid"]?.text, .publicKey(key)))
    }
    if keys.isEmpty { throw PrestoError(.configurationInvalid, "\(origin) has no key of RSA or of an elliptic curve for signatures") }
  }

  /// Whether one of the keys made this signature. A key is used with algorithms of its own kind alone, whatever the token says of itself.
  func verify(_ signature: [UInt8], of data: [UInt8], _ algorithm: TokenAlgorithm, keyID: String?) -> Bool {
    for (id, key) in keys where id == nil || keyID == nil || id == keyID {
      switch key {
      case .secret(let secret):
        if algorithm.family == .secret, let expected = Secrets.signature(data, key: secret, bits: algorithm.bits),
          Secrets.areEqual(expected, signature)
        {
          return true
        }
      case .publicKey(let key):
        if algorithm.family == key.kind && key.verify(signature, of: data, bits: algorithm.bits) { return true }
      }
    }
    return false
  }
}

/// HS256 … ES512.
struct TokenAlgorithm: Sendable, Equatable {
  enum Family: Sendable { case secret, rsa, ellipticCurve }
  var family: Family
  var bits: Int

  /// nil: unknown, or `none`.
  init?(_ name: String) {
    switch name.prefix(2) {
    case "HS": family = .secret
    case "RS": family = .rsa
    case "ES": family = .ellipticCurve
    default: return nil
    }
    guard let bits = Int(name.dropFirst(2)), [256, 384, 512].contains(bits) else { return nil }
    self.bits = bits
  }
}

extension String {
  var trimmingSpace: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
