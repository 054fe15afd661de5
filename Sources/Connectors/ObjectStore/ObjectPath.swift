/// Texts that name files.
public enum ObjectPath {
  public static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The last part.
  public static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Everything before the last part; "" for a bare name, "/" at the top.
  public static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Private to whoever writes.
  public static func isHidden(_ name: some StringProtocol) -> Bool { name.hasPrefix(".") || name.hasPrefix("_") }

  /// Whether a text is one plain part: nothing that could leave its folder.
  public static func isPlainName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(47) && !name.utf8.contains(0)
  }
}

/// A path with wildcards: `*` and `?` within one part, `[a-z]` classes, `{a,b}` alternatives, `**` for any number of parts.
public struct ObjectPattern: Hashable, Sendable, Codable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public static func isPattern(_ text: String) -> Bool { text.utf8.contains { $0 == 42 || $0 == 63 || $0 == 91 || $0 == 123 } }

  /// Every pattern that the braces stand for.
  var alternatives: [String] { ObjectPattern.expanded(text) }

  private static func expanded(_ text: String) -> [String] {
    guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") else { return [text] }
    let before = text[..<open], after = String(text[text.index(after: close)...])
    return text[text.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false).flatMap { choice in
      expanded(String(before) + String(choice) + after)
    }
  }

  /// Files that match, sorted by path. Only folders that can hold a match are listed.
  public func files(in store: any ObjectStore) async throws -> [ObjectEntry] {
    var found: Set<ObjectEntry> = []
    for alternative in alternatives {
      if let address = S3Location(alternative) {
        let parts = address.key.split(separator: "/").map(String.init)
        try await collect(parts[...], under: S3Location(bucket: address.bucket, key: "").path, store, &found)
      } else {
        let parts = alternative.split(separator: "/").map(String.init)
        try await collect(parts[...], under: alternative.hasPrefix("/") ? "/" : "", store, &found)
      }
    }
    return found.sorted { $0.path < $1.path }
  }

  private func collect(_ parts: ArraySlice<String>, under folder: String, _ store: any ObjectStore, _ found: inout Set<ObjectEntry>)
    async throws
  {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    if !ObjectPattern.isPattern(part) {
      let path = ObjectPath.join(folder, part)
      if rest.isEmpty {
        if let entry = try await store.entry(path) { found.insert(entry) }
      } else {
        try await collect(rest, under: path, store, &found)
      }
      return
    }
    guard let level = try await store.level(folder.isEmpty ? "." : folder) else { return }
    if part == "**" {
      if rest.isEmpty {
        found.formUnion(level.files.map { named($0, folder) })
      } else {
        try await collect(rest, under: folder, store, &found)
      }
      for name in level.folders { try await collect(parts, under: ObjectPath.join(folder, name), store, &found) }
      return
    }
    if rest.isEmpty {
      for file in level.files where ObjectPattern.matches(part, ObjectPath.name(file.path)) { found.insert(named(file, folder)) }
    } else {
      for name in level.folders where ObjectPattern.matches(part, name) {
        try await collect(rest, under: ObjectPath.join(folder, name), store, &found)
      }
    }
  }

  /// Listing "." for a relative pattern names files `./x`; the pattern's own writing has no such prefix.
  private func named(_ file: ObjectEntry, _ folder: String) -> ObjectEntry {
    folder.isEmpty && file.path.hasPrefix("./")
      ? ObjectEntry(path: String(file.path.dropFirst(2)), size: file.size, modified: file.modified) : file
  }

  /// One part against one name. Backtracks only to the latest star, so it is linear times the pattern's length.
  static func matches(_ pattern: String, _ name: String) -> Bool {
    let p = Array(pattern.unicodeScalars), n = Array(name.unicodeScalars)
    var i = 0, j = 0, star = -1, resume = 0
    while j < n.count {
      if i < p.count, p[i] == "*" {
        star = i
        resume = j
        i += 1
      } else if i < p.count, let next = step(p, i, n[j]) {
        i = next
        j += 1
      } else if star >= 0 {
        resume += 1
        j = resume
        i = star + 1
      } else {
        return false
      }
    }
    while i < p.count, p[i] == "*" { i += 1 }
    return i == p.count
  }

  /// The place after the pattern element at `i` if it accepts the scalar.
  private static func step(_ p: [Unicode.Scalar], _ i: Int, _ scalar: Unicode.Scalar) -> Int? {
    if p[i] == "?" { return i + 1 }
    guard p[i] == "[", let close = p[(i + 1)...].dropFirst().firstIndex(of: "]") else { return p[i] == scalar ? i + 1 : nil }
    var k = i + 1
    let isNegated = p[k] == "!" || p[k] == "^"
    if isNegated { k += 1 }
    var isMember = false
    while k < close {
      if k + 2 < close, p[k + 1] == "-" {
        isMember = isMember || (p[k].value <= scalar.value && scalar.value <= p[k + 2].value)
        k += 3
      } else {
        isMember = isMember || p[k] == scalar
        k += 1
      }
    }
    return isMember != isNegated ? close + 1 : nil
  }
}
