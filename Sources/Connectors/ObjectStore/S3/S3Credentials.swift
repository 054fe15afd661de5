import Glibc
import Settings
import Values

/// Who signs. Never printed: not in errors, not in EXPLAIN, not by reflection.
package struct S3Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let accessKey: String
  let secretKey: String
  let sessionToken: String?

  package init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
  }

  package var description: String { "credentials" }
  package var debugDescription: String { "credentials" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A profile of the files that Amazon's tools share: `~/.aws/credentials` and `~/.aws/config`.
///
///     [name]                      [profile name] in config
///     aws_access_key_id = …
struct S3Profile {
  private var values: [String: String] = [:]

  /// Empty where files or profile are not there.
  init(named name: String, environment: (String) -> String?) {
    let home = environment("HOME") ?? ""
    let files = [
      environment("AWS_CONFIG_FILE") ?? ObjectPath.join(home, ".aws/config"),
      environment("AWS_SHARED_CREDENTIALS_FILE") ?? ObjectPath.join(home, ".aws/credentials"),
    ]
    for file in files {
      guard let text = S3Profile.text(of: file) else { continue }
      values.merge(S3Profile.section(name, of: text)) { _, later in later }
    }
  }

  subscript(key: String) -> String? { values[key] }

  static func section(_ name: String, of text: String) -> [String: String] {
    var found: [String: String] = [:]
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      let words = trimmed(line)
      if words.hasPrefix("["), let end = words.firstIndex(of: "]") {
        let title = words[words.index(after: words.startIndex)..<end].split(separator: " ").filter { $0 != "profile" }
        isInside = title.count == 1 && title[0] == name
      } else if isInside, !words.hasPrefix("#"), !words.hasPrefix(";"), let equals = words.firstIndex(of: "=") {
        found[trimmed(words[..<equals]).lowercased()] = trimmed(words[words.index(after: equals)...])
      }
    }
    return found
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var slice = text[...]
    while let first = slice.first, first == " " || first == "\t" { slice = slice.dropFirst() }
    while let last = slice.last, last == " " || last == "\t" { slice = slice.dropLast() }
    return String(slice)
  }

  /// nil: there is no such file, or one too large to be it.
  private static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let limit = 1 << 20
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
      count = 0
      while count < limit, let base = target.baseAddress {
        let got = Glibc.read(descriptor, base + count, limit - count)
        if got > 0 { count += got } else if got == 0 || errno != EINTR { break }
      }
    }
    return bytes.count < limit ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
