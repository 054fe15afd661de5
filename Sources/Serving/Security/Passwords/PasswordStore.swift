import Foundation
import Synchronization
import Values

/// The lines `user:hash` of a password file.
package struct PasswordFile: Sendable, Equatable {
  private var hashes: [String: PasswordHash] = [:]

  /// Throws CONFIGURATION_INVALID naming the line, never the hash.
  package init(parsing text: String, origin: String) throws {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      func failure(_ reason: String) -> PrestoError { PrestoError(.configurationInvalid, "\(origin):\(index + 1): \(reason)") }
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
        throw failure("Expected two parts for user and password")
      }
      let user = String(line[..<colon])
      if hashes[user] != nil { throw failure("Duplicate user: \(user)") }
      do { hashes[user] = try PasswordHash(String(line[line.index(after: colon)...])) } catch { throw failure(PrestoError(error).message) }
    }
  }

  package var userCount: Int { hashes.count }

  package func accepts(_ password: String, of user: String) -> Bool {
    guard let hash = hashes[user] else {
      _ = PasswordHash.nobody.matches(password)
      return false
    }
    return hash.matches(password)
  }
}

/// A password file that is read again when it changes, and what it said lately.
///
/// A bcrypt hash takes a tenth of a second and more, and clients send their password with every request: passwords that were right are remembered,
/// as signatures under a key that nobody else has, so that they cannot be read out of memory. Wrong ones are checked one after the other, which
/// bounds what guessing can cost.
package actor PasswordStore {
  private let path: String
  private let refresh: Duration
  private let remembered: Remembered
  private var file: PasswordFile
  private var changed: Date?
  private var checked = ContinuousClock.now

  /// Throws when the file cannot be read now; later it keeps what it had.
  package init(path: String, refresh: Duration = .seconds(5), cacheSize: Int = 1000) throws {
    self.path = path
    self.refresh = refresh
    remembered = Remembered(size: cacheSize)
    changed = PasswordStore.modification(path)
    file = try PasswordStore.read(path)
  }

  /// Whether this is the user's password.
  package nonisolated func accepts(_ password: String, of user: String) async -> Bool {
    if password.utf8.count > 4096 || user.utf8.count > 4096 { return false }
    await reload()
    if remembered.contains(user, password) { return true }
    return await verify(password, user)
  }

  private func verify(_ password: String, _ user: String) -> Bool {
    if remembered.contains(user, password) { return true }
    guard file.accepts(password, of: user) else { return false }
    remembered.insert(user, password)
    return true
  }

  private func reload() {
    let now = ContinuousClock.now
    guard checked.duration(to: now) >= refresh else { return }
    checked = now
    let found = PasswordStore.modification(path)
    guard found != changed, let fresh = try? PasswordStore.read(path) else { return }
    changed = found
    file = fresh
    remembered.removeAll()
  }

  private static func modification(_ path: String) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }

  private static func read(_ path: String) throws -> PasswordFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PrestoError(.configurationInvalid, "The password file '\(path)' cannot be read")
    }
    return try PasswordFile(parsing: String(decoding: data, as: UTF8.self), origin: path)
  }
}

/// Passwords that were right.
private final class Remembered: Sendable {
  private let size: Int
  private let key = Secrets.random(32)
  private let signatures = Mutex<(known: Set<[UInt8]>, order: [[UInt8]])>(([], []))

  init(size: Int) { self.size = size }

  private func signature(_ user: String, _ password: String) -> [UInt8] {
    Secrets.signature(Array("\(user.utf8.count):\(user)\(password)".utf8), key: key) ?? []
  }

  func contains(_ user: String, _ password: String) -> Bool {
    let signature = signature(user, password)
    return signatures.withLock { $0.known.contains(signature) }
  }

  func insert(_ user: String, _ password: String) {
    let signature = signature(user, password)
    guard size > 0, !signature.isEmpty else { return }
    signatures.withLock { state in
      guard state.known.insert(signature).inserted else { return }
      state.order.append(signature)
      if state.order.count > size { state.known.remove(state.order.removeFirst()) }
    }
  }

  func removeAll() { signatures.withLock { $0 = ([], []) } }
}
