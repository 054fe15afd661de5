import Foundation
import Testing
import Values

@testable import Security

func message(_ body: () throws -> Void) -> String {
  do { try body() } catch let error as PrestoError { return error.message } catch let error as AuthenticationError {
    return error.message
  } catch {
    return "\(error)"
  }
  return "no error"
}

@Suite struct PasswordTests {
  static let bcrypt = "$2y$08$abcdefghijklmnopqrstuuKxCcvB7KZ7.BpDoK0bh6qM7Dl1/xiJa"

  @Test func bcrypt() throws {
    // from the test suite of the first implementation
    #expect(PasswordHash.bcrypt("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW").matches("U*U"))
    let hash = try PasswordHash(Self.bcrypt)
    #expect(hash.matches("secret"))
    #expect(!hash.matches("Secret") && !hash.matches("") && !hash.matches("secret\0x") && !hash.matches("secret "))
  }

  @Test func pbkdf2() throws {
    let hash = try PasswordHash(TokenFixtures.pbkdf2)
    #expect(hash.matches("sëcret"))
    #expect(!hash.matches("secret") && !hash.matches(""))
  }

  @Test func nobodyHasAHashOfItsOwn() throws {
    guard case .bcrypt(let text) = PasswordHash.nobody else { return #expect(Bool(false)) }
    #expect(try PasswordHash(text) == PasswordHash.nobody)
    #expect(!PasswordHash.nobody.matches("secret"))
  }

  @Test(arguments: [
    ("$2y$07$abcdefghijklmnopqrstuuKxCcvB7KZ7.BpDoK0bh6qM7Dl1/xiJa", "Minimum cost of BCrypt password must be 8"),
    ("$2y$31$abcdefghijklmnopqrstuuKxCcvB7KZ7.BpDoK0bh6qM7Dl1/xiJa", "Maximum cost of BCrypt password is 20"),
    ("$2y$08$short", "Invalid BCrypt password"), ("999:aa:bb", "Minimum iterations of PBKDF2 password must be 1000"),
    ("1000:aa:xy", "Invalid PBKDF2 password"), ("1000:aa:+1", "Invalid PBKDF2 password"), ("1000:aa:", "Invalid PBKDF2 password"),
    ("99999999999:aa:bb", "Maximum iterations of PBKDF2 password is 100000000"),
    ("secret", "Password hashing algorithm cannot be determined"),
    ("$1$salt$hash", "Password hashing algorithm cannot be determined"),
  ])
  func refusedHashes(_ text: String, _ expected: String) { #expect(message { _ = try PasswordHash(text) } == expected) }

  @Test func file() throws {
    let file = try PasswordFile(parsing: "# users\n\nana:\(Self.bcrypt)\nben:\(TokenFixtures.pbkdf2)\n", origin: "f")
    #expect(file.userCount == 2)
    #expect(file.accepts("secret", of: "ana") && file.accepts("sëcret", of: "ben"))
    #expect(!file.accepts("secret", of: "ben") && !file.accepts("secret", of: "cyd"))
    #expect(message { _ = try PasswordFile(parsing: "ana", origin: "f") } == "f:1: Expected two parts for user and password")
    #expect(message { _ = try PasswordFile(parsing: "a:\(Self.bcrypt)\na:\(Self.bcrypt)", origin: "f") } == "f:2: Duplicate user: a")
    #expect(message { _ = try PasswordFile(parsing: "a:topsecret", origin: "f") } == "f:1: Password hashing algorithm cannot be determined")
  }

  @Test func storeRemembersAndReadsAgain() async throws {
    let path = NSTemporaryDirectory() + "passwords-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "ana:\(Self.bcrypt)\n".write(toFile: path, atomically: true, encoding: .utf8)
    let store = try PasswordStore(path: path, refresh: .zero, cacheSize: 1)
    for _ in 0..<3 { #expect(await store.accepts("secret", of: "ana")) }
    #expect(await !store.accepts("wrong", of: "ana"))
    #expect(await !store.accepts("secret", of: "ben"))
    try "ben:\(TokenFixtures.pbkdf2)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    #expect(await !store.accepts("secret", of: "ana"), "what was remembered is forgotten with the file")
    #expect(await store.accepts("sëcret", of: "ben"))
    // a file that is broken now does not lock everybody out
    try "nonsense".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(await store.accepts("sëcret", of: "ben"))
    #expect(throws: PrestoError.self) { _ = try PasswordStore(path: path + ".none") }
  }
}
