import SQL
import Testing
import Values

@Suite struct LexerTests {
  private func kinds(_ text: String) -> [Token.Kind] { Lexer.tokens(text).dropLast().map(\.kind) }
  private func texts(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return Lexer.tokens(text).dropLast().map { String(decoding: bytes[$0.range], as: UTF8.self) }
  }

  @Test func wordsAndKeywords() {
    let tokens = Lexer.tokens("select Foo _x1 \"a \"\"b\"\"\" Current_Timestamp `y` 1x")
    #expect(tokens.map(\.kind) == [.word, .word, .word, .quotedWord, .word, .backquotedWord, .digitWord, .end])
    #expect(tokens.map(\.keyword) == [.select, nil, nil, nil, .currentTimestamp, nil, nil, nil])
    #expect(Keyword(word: "sElEcT") == .select)
    #expect(Keyword(word: "selec") == nil)
    #expect(Keyword.allCases.allSatisfy { Keyword(word: $0.rawValue.lowercased()) == $0 })
  }

  @Test func numbers() {
    #expect(kinds("1 1_000 0xFf_0 0o17 0B11") == Array(repeating: .integer, count: 5))
    #expect(kinds("1.5 .5 1. 1_0.2_0") == Array(repeating: .decimal, count: 4))
    #expect(kinds("1e5 1.5E-3 .5e+2 1.e2") == Array(repeating: .double, count: 4))
    #expect(kinds("1__0 1_ 0x 0xG 1e 1e5x 12ab") == Array(repeating: .digitWord, count: 7))
    #expect(texts("a[1].b 1.x t.1") == ["a", "[", "1", "]", ".", "b", "1.", "x", "t", ".1"])
  }

  @Test func strings() {
    #expect(
      kinds("'a' 'it''s' '' U&'x' u&'y' X'00' x'' U & X 'a'") == [
        .string, .string, .string, .unicodeString, .unicodeString, .binaryString, .binaryString, .word, .unrecognized, .word, .string,
      ])
  }

  @Test func symbols() {
    let expected = Symbol.allCases.map(\.rawValue)
    #expect(texts(expected.joined(separator: " ")) == expected)
    #expect(Lexer.tokens("a!=b").map(\.symbol) == [nil, .notEqual, nil, nil])
    #expect(texts("a||b->c=>d::e<=f") == ["a", "||", "b", "->", "c", "=>", "d", "::", "e", "<=", "f"])
  }

  @Test func comments() {
    #expect(texts("a -- b\n/* c */ d /* ; */ --") == ["a", "d"])
    #expect(Lexer.tokens("a -- b\n/* c */", includesComments: true).map(\.kind) == [.word, .comment, .comment, .end])
    #expect(kinds("a /* b") == [.word, .unterminated])
    #expect(texts("1 - - 2 / * 3") == ["1", "-", "-", "2", "/", "*", "3"])
  }

  @Test func unterminatedAndUnknown() {
    #expect(kinds("'a") == [.unterminated])
    #expect(kinds("a \"b'c") == [.word, .unterminated])
    #expect(kinds("$ ä ~") == [.unrecognized, .unrecognized, .unrecognized])
  }

  @Test func placesCountScalars() {
    let tokens = Lexer.tokens("'ä😀' x\n\u{a0}\ty\r\n z")
    #expect(tokens.map(\.location) == [(1, 1), (1, 6), (2, 3), (3, 2), (3, 3)].map { SourceLocation(line: $0.0, column: $0.1) })
    #expect(tokens.map(\.range.lowerBound) == [0, 9, 14, 18, 19])
  }

  @Test func completeness() {
    #expect(Lexer.isComplete("SELECT 1;"))
    #expect(Lexer.isComplete("SELECT ';'; -- done\n /* ; */ "))
    #expect(Lexer.isComplete(""))
    #expect(Lexer.isComplete("-- only a comment"))
    #expect(!Lexer.isComplete("SELECT 1"))
    #expect(!Lexer.isComplete("SELECT 1; SELECT 2"))
    #expect(!Lexer.isComplete("SELECT ';"))
    #expect(!Lexer.isComplete("SELECT \";"))
    #expect(!Lexer.isComplete("SELECT 1 /* ;"))
    #expect(!Lexer.isComplete("SELECT 1 -- ;"))
  }

  @Test func splitting() {
    let script = "SELECT ';' -- one;\n;\n;; /* ; */ SELECT 2\n  FROM t;\nSELECT 3 "
    let fragments = Lexer.split(script)
    #expect(fragments.map(\.text) == ["SELECT ';'", "SELECT 2\n  FROM t", "SELECT 3"])
    #expect(fragments.map(\.isTerminated) == [true, true, false])
    #expect(fragments.map(\.location) == [(1, 1), (3, 12), (5, 1)].map { SourceLocation(line: $0.0, column: $0.1) })
    #expect(fragments.map { String(decoding: Array(script.utf8)[$0.range], as: UTF8.self) } == fragments.map(\.text))
    #expect(Lexer.split(" ;; -- nothing\n").isEmpty)
  }

  @Test func scripts() throws {
    let script = "USE a.b;\n\nSELECT 1;"
    let statements = try Parser.statements(script)
    #expect(statements.count == 2)
    #expect(statements.last?.statement.location == SourceLocation(line: 3, column: 1))
    let error = #expect(throws: PrestoError.self) { try Parser.statements("SELECT 1;\nSELECT FROM t;") }
    #expect(error?.message.hasPrefix("line 2:8: mismatched input 'FROM'") == true)
  }
}
