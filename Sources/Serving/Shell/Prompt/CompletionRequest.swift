import SQL

/// What a word under the cursor may become, read from the statement around it.
package struct CompletionRequest: Equatable, Sendable {
  /// A relation that the statement names, and what it calls it.
  package struct Relation: Equatable, Sendable {
    package var name: [String]
    package var alias: String?

    package init(name: [String], alias: String?) {
      self.name = name
      self.alias = alias
    }
  }

  package enum Wanted: Equatable, Sendable {
    /// After FROM, JOIN, INTO, DESCRIBE …
    case relation
    /// After USE, SHOW TABLES FROM …
    case schema
    /// After SHOW SCHEMAS FROM.
    case catalog
    /// The name of a session property.
    case property
    case anything
  }

  /// `["orders", "public"]` of `orders.public.ret`.
  package var qualifier: [String]
  /// `ret` of it.
  package var prefix: String
  package var wanted: Wanted
  /// Whose columns may be meant.
  package var relations: [Relation]
  /// Names that WITH gives.
  package var namedQueries: [String]

  /// `statement` is all that is typed, `before` its part up to the word.
  package init(statement: String, before: String, word: String) {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false).map { String($0.filter { $0 != "\"" }) }
    qualifier = parts.dropLast().map { $0.lowercased() }
    prefix = parts.last ?? ""
    wanted = CompletionRequest.wanted(CompletionRequest.words(before))
    (relations, namedQueries) = CompletionRequest.named(statement)
  }

  /// The letters after the quote, of a text that ends within a string; nil for another.
  package static func openString(_ text: String) -> String? {
    guard let last = Lexer.tokens(text).dropLast().last, last.kind == .unterminated else { return nil }
    let bytes = Array(text.utf8)[last.range]
    return bytes.first == 0x27 ? String(decoding: bytes.dropFirst(), as: UTF8.self) : nil
  }

  private static func words(_ text: String) -> [(token: Token, text: String)] {
    let bytes = Array(text.utf8)
    return Lexer.tokens(bytes).dropLast().map { ($0, String(decoding: bytes[$0.range], as: UTF8.self)) }
  }

  private static func wanted(_ tokens: [(token: Token, text: String)]) -> Wanted {
    let keywords = tokens.map { $0.token.keyword }
    let statement = Array(keywords[((tokens.lastIndex { $0.token.symbol == .semicolon } ?? -1) + 1)...])
    guard let first = statement.first ?? nil, let last = statement.last else { return .anything }
    switch (first, last) {
    case (.use, .use): return .schema
    case (.show, .from), (.show, .in):
      switch statement.dropFirst().first ?? nil {
      case .schemas, .catalogs: return .catalog
      case .tables, .functions: return .schema
      default: return .relation
      }
    case (.set, .session), (.reset, .session): return .property
    case (_, .from), (_, .join), (_, .into), (_, .table), (_, .view), (_, .describe), (_, .desc):
      return last == .desc && statement.count > 1 ? .anything : .relation
    case (_, nil) where tokens.last?.token.symbol == .comma: return isInFrom(statement) ? .relation : .anything
    default: return .anything
    }
  }

  /// Whether the last clause begun is FROM: `FROM a, b`.
  private static func isInFrom(_ keywords: [Keyword?]) -> Bool {
    let clauses: Set<Keyword> = [.select, .from, .where, .group, .having, .order, .limit, .on, .using, .values, .with]
    return keywords.last { $0.map(clauses.contains) ?? false } == .from
  }

  /// The relations after FROM, JOIN, INTO and commas between them, and the names that WITH gives.
  private static func named(_ statement: String) -> ([Relation], [String]) {
    let tokens = words(statement)
    var relations: [Relation] = []
    var queries: [String] = []
    var isInFrom = false
    var index = 0
    func isName(_ index: Int) -> Bool {
      guard tokens.indices.contains(index) else { return false }
      let token = tokens[index].token
      return token.kind == .quotedWord || (token.kind == .word && !(token.keyword?.isReserved ?? false))
    }
    func name(_ index: Int) -> String {
      tokens[index].token.kind == .quotedWord ? String(tokens[index].text.filter { $0 != "\"" }) : tokens[index].text.lowercased()
    }
    while index < tokens.count {
      let token = tokens[index].token
      switch token.keyword {
      case .from, .join, .into, .update, .describe: isInFrom = true
      case .where, .group, .order, .having, .limit, .on, .using, .select, .union: isInFrom = false
      case .as where isName(index - 1) && index + 1 < tokens.count && tokens[index + 1].token.symbol == .openParenthesis:
        queries.append(name(index - 1))
      default:
        let isStart = index > 0 && (tokens[index - 1].token.symbol == .comma || startsRelation(tokens[index - 1].token.keyword))
        guard isInFrom, isStart, isName(index) else { break }
        var parts = [name(index)]
        while index + 2 < tokens.count, tokens[index + 1].token.symbol == .dot, isName(index + 2) {
          parts.append(name(index + 2))
          index += 2
        }
        var after = index + 1
        if after < tokens.count, tokens[after].token.keyword == .as { after += 1 }
        let alias = isName(after) && !joining.contains(tokens[after].token.keyword) ? name(after) : nil
        relations.append(Relation(name: parts, alias: alias))
      }
      index += 1
    }
    return (relations, queries)
  }

  private static func startsRelation(_ keyword: Keyword?) -> Bool {
    switch keyword {
    case .from, .join, .into, .update, .describe: true
    default: false
    }
  }

  /// Words that may follow a relation and are no alias, though they are not reserved.
  private static let joining: Set<Keyword?> = [.limit, .offset, .fetch, .tablesample, .window, .qualify, .set]
}
