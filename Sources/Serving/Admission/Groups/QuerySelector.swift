import Settings
import Values

/// One line of the file's `selectors`: queries that fit all its conditions go to its group.
package struct QuerySelector: Sendable, Equatable {
  package var user: TextPattern?
  package var source: TextPattern?
  package var clientInfo: TextPattern?
  package var schema: TextPattern?
  package var userGroup: TextPattern?
  package var queryType: QueryType?
  /// All of them.
  package var clientTags: Set<String> = []
  /// Values of session properties that must have been set.
  package var sessionProperties: [String: TextPattern] = [:]
  /// Names as the file writes them, from the root: `global`, `${USER}`.
  package var group: [String]

  package init(group: [String]) { self.group = group }

  /// The values of the group's variables, or nil: the query does not fit.
  func variables(of query: QuerySubmission) throws -> [String: String]? {
    if let queryType, query.type != queryType { return nil }
    if !clientTags.isSubset(of: query.clientTags) { return nil }
    var variables = ["USER": query.user, "SOURCE": query.source]
    if let text = query.schema { variables["SCHEMA"] = text }
    for (pattern, text) in [(user, query.user), (source, query.source)] {
      guard let pattern else { continue }
      guard let match = try pattern.match(text) else { return nil }
      variables.merge(match.named) { _, last in last }
    }
    if let clientInfo, try !clientInfo.matches(query.clientInfo ?? "") { return nil }
    if let schema, try !schema.matches(query.schema ?? "") { return nil }
    if let userGroup, try !query.groups.contains(where: { try userGroup.matches($0) }) { return nil }
    for (name, pattern) in sessionProperties {
      guard let value = query.properties[name], try pattern.matches(value) else { return nil }
    }
    return variables
  }

  /// The names that variables of the group may have.
  var knownVariables: Set<String> {
    Set(["USER", "SOURCE", "SCHEMA"] + (user?.groupNames ?? []) + (source?.groupNames ?? []))
  }
}

/// A name with variables: `pipeline_${toolname}`.
enum GroupTemplate {
  /// The names of its variables; nil: a `${` without end.
  static func variables(_ template: String) -> [String]? {
    var names: [String] = []
    let isComplete = expand(template) { name in
      names.append(name)
      return ""
    }
    return isComplete == nil ? nil : names
  }

  /// nil: a variable without value, or a `${` without end.
  static func expand(_ template: String, value: (String) -> String?) -> String? {
    guard template.utf8.contains(UInt8(ascii: "$")) else { return template }
    var result = "", rest = template[...]
    while let dollar = rest.firstIndex(of: "$") {
      let after = rest.index(after: dollar)
      result += rest[..<dollar]
      guard after < rest.endIndex, rest[after] == "{" else {
        result += "$"
        rest = rest[after...]
        continue
      }
      guard let end = rest[after...].firstIndex(of: "}"), let text = value(String(rest[rest.index(after: after)..<end])) else { return nil }
      result += text
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
