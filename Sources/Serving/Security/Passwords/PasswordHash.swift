import CSecurity
import Values

/// A stored password: bcrypt as `htpasswd -B` writes it, or PBKDF2 as Presto and Trino read it (`iterations:salt:hash`, both in hexadecimal digits).
package enum PasswordHash: Sendable, Equatable {
  case bcrypt(String)
  case pbkdf2(iterations: Int, salt: [UInt8], hash: [UInt8])

  static let leastBcryptCost = 8
  static let leastIterations = 1000
  /// A cost of 2^31 would take weeks: nobody means that.
  static let greatestBcryptCost = 20
  static let greatestIterations = 100_000_000

  /// Throws CONFIGURATION_INVALID for a hash that is none, or too weak.
  package init(_ text: String) throws {
    func invalid(_ reason: String) -> PrestoError { PrestoError(.configurationInvalid, reason) }
    if ["$2y$", "$2a$", "$2b$"].contains(where: text.hasPrefix) {
      let parts = text.split(separator: "$")
      guard text.utf8.count == 60, parts.count == 3, let cost = Int(parts[1]) else { throw invalid("Invalid BCrypt password") }
      if cost < PasswordHash.leastBcryptCost {
        throw invalid("Minimum cost of BCrypt password must be \(PasswordHash.leastBcryptCost)")
      }
      if cost > PasswordHash.greatestBcryptCost { throw invalid("Maximum cost of BCrypt password is \(PasswordHash.greatestBcryptCost)") }
      self = .bcrypt(text)
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw invalid("Password hashing algorithm cannot be determined") }
    guard let iterations = Int(parts[0]), let salt = PasswordHash.bytes(parts[1]), let hash = PasswordHash.bytes(parts[2]), !hash.isEmpty
    else { throw invalid("Invalid PBKDF2 password") }
    if iterations < PasswordHash.leastIterations {
      throw invalid("Minimum iterations of PBKDF2 password must be \(PasswordHash.leastIterations)")
    }
    if iterations > PasswordHash.greatestIterations {
      throw invalid("Maximum iterations of PBKDF2 password is \(PasswordHash.greatestIterations)")
    }
    self = .pbkdf2(iterations: iterations, salt: salt, hash: hash)
  }

  private static func bytes(_ digits: Substring) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count % 2 == 0, digits.count <= 2048 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16), digits[index] != UInt8(ascii: "+")
      else {
        return nil
      }
      bytes.append(byte)
    }
    return bytes
  }

  /// Takes as long as the hash is strong: not for threads that must not wait.
  package func matches(_ password: String) -> Bool {
    switch self {
    case .bcrypt(let hash):
      // crypt(3) would stop at a zero byte
      if password.utf8.contains(0) { return false }
      return unsafe mp_crypt_matches(password, hash) == 1
    case .pbkdf2(let iterations, let salt, let hash):
      var result = [UInt8](repeating: 0, count: hash.count)
      let bytes = Array(password.utf8)
      guard unsafe mp_pbkdf2_sha1(bytes, bytes.count, salt, salt.count, Int32(iterations), &result, result.count) == 1 else { return false }
      return Secrets.areEqual(result, hash)
    }
  }

  /// Of no password: checked for users that do not exist, so that they take as long as those that do.
  static let nobody = PasswordHash.bcrypt("$2y$10$abcdefghijklmnopqrstuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu")
}
