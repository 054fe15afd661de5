import Values

/// Trino's file of groups: lines `group:ana,ben`.
package struct GroupFile: Sendable, Equatable {
  private var groups: [String: Set<String>] = [:]

  package init(parsing text: String, origin: String) throws {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = String(line).trimmingSpace
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
        throw PrestoError(.configurationInvalid, "\(origin):\(index + 1): Expected group:user,user")
      }
      let group = String(line[..<colon]).trimmingSpace
      for user in line[line.index(after: colon)...].split(separator: ",") {
        groups[String(user).trimmingSpace, default: []].insert(group)
      }
    }
  }

  package func groups(of user: String) -> Set<String> { groups[user] ?? [] }
}
