import Settings
import Values

/// Makes a user's name of a principal: `ana@EXAMPLE.COM` or `CN=ana, OU=sales` becomes `ana`.
package struct UserMapping: Sendable, Equatable {
  struct Rule: Sendable, Equatable {
    enum Case: String, Sendable, CaseIterable { case keep, lower, upper }

    var pattern: TextPattern
    /// `$1` is the first group.
    var user = "$1"
    var isAllowed = true
    var letters = Case.keep
  }

  private var rules: [Rule]

  /// Everybody is called as he is.
  package static let identity = UserMapping(rules: [])

  private init(rules: [Rule]) { self.rules = rules }

  /// `….user-mapping.pattern`: the first group is the user.
  package init(pattern: String) throws {
    rules = [Rule(pattern: try TextPattern(pattern))]
  }

  /// `….user-mapping.file`: `{"rules": [{"pattern": "(.*)@example.com", "user": "$1", "allow": true, "case": "lower"}]}`.
  package init(parsing text: String, origin: String) throws {
    let file = try ConfigurationObject(try JSONValue(parsing: text, origin: origin), origin: origin)
    try file.check(keys: ["rules"])
    guard let objects = try file.objects("rules") else { throw file.failure("'rules' is missing") }
    rules = try objects.map { object in
      try object.check(keys: ["pattern", "user", "allow", "case"])
      guard let pattern = try object.pattern("pattern") else { throw object.failure("'pattern' is missing") }
      return Rule(
        pattern: pattern, user: try object.text("user") ?? "$1", isAllowed: try object.boolean("allow") ?? true,
        letters: try object.choice("case", of: Rule.Case.self) ?? .keep)
    }
  }

  package func user(of principal: String) throws(AuthenticationError) -> String {
    if rules.isEmpty { return principal }
    for rule in rules {
      guard let match = try? rule.pattern.match(principal) else { continue }
      let denied = AuthenticationError("Access Denied: Principal is not allowed")
      guard rule.isAllowed, let user = Template.expand(rule.user, match), !user.isEmpty else { throw denied }
      switch rule.letters {
      case .keep: return user
      case .lower: return user.lowercased()
      case .upper: return user.uppercased()
      }
    }
    throw AuthenticationError("Access Denied: No user mapping patterns match the principal")
  }
}

/// Java's replacement texts: `$1` is what the first group caught.
enum Template {
  /// nil: a group that is not there or took no part.
  static func expand(_ template: String, _ match: TextPattern.Match) -> String? {
    var result = "", rest = template[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let digits = rest[rest.index(after: dollar)...].prefix { $0.isASCII && $0.isNumber }.prefix(3)
      guard let number = Int(digits), number < match.groups.count, let text = match.groups[number] else { return nil }
      result += text
      rest = rest[digits.endIndex...]
    }
    return result + rest
  }
}
