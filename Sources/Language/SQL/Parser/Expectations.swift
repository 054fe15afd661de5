/// What the grammar would have taken at each token: the notebook of the second pass.
final class Expectations {
  private var items: [Int: Set<String>] = [:]
  /// While a rule with a name of its own (`<expression>`) looks at its first token, what it tests there is not written down.
  var silencedAt = -1

  func note(_ item: String, at position: Int) {
    guard position != silencedAt else { return }
    items[position, default: []].insert(item)
  }

  /// In the order Presto shows them: by their bytes, so that `'…'` comes before `<…>`.
  func sorted(at position: Int) -> [String] {
    (items[position] ?? []).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}

extension Parser {
  /// Writes down that `item` could stand here.
  func note(_ item: String) { expectations?.note(item, at: position) }

  /// Writes down `item` for the current token, and nothing that `rule` tests for at the same token.
  mutating func named<Result>(_ item: String, _ rule: (inout Parser) throws -> Result) rethrows -> Result {
    guard let expectations else { return try rule(&self) }
    expectations.note(item, at: position)
    let outer = expectations.silencedAt
    expectations.silencedAt = position
    defer { expectations.silencedAt = outer }
    return try rule(&self)
  }
}
