import Values

extension Lexer {
  /// One statement of a script as a text.
  public struct Fragment: Hashable, Sendable {
    /// The statement from its first to its last token, without the semicolon. Comments before and after it are left out.
    public var text: String
    /// UTF-8 offsets of the text in the script.
    public var range: Range<Int>
    /// Where the first token stands in the script.
    public var location: SourceLocation
    /// Whether a semicolon followed.
    public var isTerminated: Bool
  }

  /// The statements of a script, split at semicolons outside of quotes and comments. Empty statements are left out.
  public static func split(_ script: String) -> [Fragment] {
    let bytes = Array(script.utf8)
    return statements(tokens(bytes)).map { statement in
      let start = Int(statement.tokens.first?.start ?? 0)
      let end = Int(statement.tokens.dropLast().last?.end ?? 0)
      return Fragment(
        text: String(decoding: bytes[start..<max(start, end)], as: UTF8.self), range: start..<max(start, end),
        location: statement.tokens.first?.location ?? SourceLocation(line: 1, column: 1), isTerminated: statement.isTerminated)
    }
  }

  /// The tokens of each statement, each list closed by an `end` where its semicolon was.
  static func statements(_ tokens: [Token]) -> [(tokens: [Token], isTerminated: Bool)] {
    var result: [(tokens: [Token], isTerminated: Bool)] = []
    var statement: [Token] = []
    for token in tokens {
      let isSemicolon = token.symbol == .semicolon
      guard isSemicolon || token.kind == .end else {
        statement.append(token)
        continue
      }
      if !statement.isEmpty {
        var end = token
        end.kind = .end
        end.symbol = nil
        end.end = end.start
        statement.append(end)
        result.append((statement, isSemicolon))
        statement = []
      }
    }
    return result
  }

  /// Whether a text typed so far can be sent: it has no open string, quoted identifier or comment, and its last token is a semicolon.
  /// A text of blanks and comments alone is complete too: there is nothing to wait for.
  public static func isComplete(_ text: String) -> Bool {
    let tokens = tokens(text)
    guard let last = tokens.dropLast().last else { return true }
    return last.symbol == .semicolon
  }
}
