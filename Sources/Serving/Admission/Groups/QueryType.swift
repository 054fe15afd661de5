import SQL

/// What kind of statement a text is, as selectors name it.
package enum QueryType: String, Sendable, CaseIterable {
  case select, insert, update, delete, merge, analyze, explain, describe
  case dataDefinition = "data_definition"

  /// Read off the first words: admission comes before parsing, and a text that does not parse is one that ends at once.
  /// - Parameter prepared: texts of prepared statements, for EXECUTE.
  package init?(of text: String, prepared: [String: String] = [:]) {
    self.init(Lexer.tokens(QueryType.beginning(text)), text, prepared, depth: 0)
  }

  /// The first words are near the beginning; a long text need not be read to its end.
  private static func beginning(_ text: String) -> String {
    text.utf8.count <= 4096 ? text : String(decoding: text.utf8.prefix(4096), as: UTF8.self)
  }

  private init?(_ tokens: [Token], _ text: String, _ prepared: [String: String], depth: Int) {
    let words = tokens.lazy.filter { $0.kind != .comment && $0.symbol != .openParenthesis }
    guard let first = words.first(where: { $0.kind == .word })?.keyword else { return nil }
    switch first {
    case .select, .with, .values, .table, .from: self = .select
    case .insert: self = .insert
    case .update: self = .update
    case .delete: self = .delete
    case .merge: self = .merge
    case .analyze: self = .analyze
    case .explain: self = .explain
    case .show, .describe, .desc: self = .describe
    case .create:
      let isTable = words.prefix(4).contains { $0.keyword == .table }
      self = isTable && tokens.contains { $0.keyword == .as } ? .insert : .dataDefinition
    case .execute:
      guard depth == 0, let name = words.dropFirst().first(where: { $0.kind == .word || $0.kind == .quotedWord }) else { return nil }
      let written = String(decoding: Array(text.utf8)[name.range], as: UTF8.self).lowercased()
      guard let inner = prepared[written.filter { $0 != "\"" }] else { return nil }
      self.init(Lexer.tokens(QueryType.beginning(inner)), inner, [:], depth: 1)
    default: self = .dataDefinition
    }
  }
}
