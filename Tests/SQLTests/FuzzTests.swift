import SQL
import Testing
import Values

/// Damaged statements: whatever they are, the parser answers with a tree that prints back, or with a syntax error at a place of the text.
@Suite struct FuzzTests {
  private func check(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    _ = Lexer.isComplete(text)
    do {
      let tree = try Parser.statement(bytes)
      let printed = Formatter.format(tree)
      do {
        #expect(try Parser.statement(printed) == tree, "\(text)\n\(printed)")
      } catch let error as PrestoError {
        // Printing adds parentheses, which may lift a tree over the limit.
        #expect(error.message.contains("too large"), "\(text)\n\(printed)\n\(error)")
      }
    } catch let error as PrestoError {
      #expect(error.code == .syntaxError)
      let location = try #require(error.location)
      let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(location.line >= 1 && location.line <= lines.count, "\(text)\n\(error)")
      #expect(location.column >= 1 && location.column <= lines[location.line - 1].count + 1, "\(text)\n\(error)")
    }
  }

  @Test func damagedTokens() throws {
    var generator = SeededGenerator(state: 1)
    let corpus = Corpus.statements.map { Array($0.utf8) }
    let pieces: [[UInt8]] = corpus.flatMap { bytes in Lexer.tokens(bytes).dropLast().map { Array(bytes[$0.range]) } }
    for _ in 0..<3_000 {
      let bytes = corpus.randomElement(using: &generator) ?? []
      var tokens = Lexer.tokens(bytes).dropLast().map { Array(bytes[$0.range]) }
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !tokens.isEmpty {
        let index = Int.random(in: tokens.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: tokens.remove(at: index)
        case 1: tokens.insert(pieces.randomElement(using: &generator) ?? [], at: index)
        case 2: tokens[index] = pieces.randomElement(using: &generator) ?? []
        default: tokens.swapAt(index, Int.random(in: tokens.indices, using: &generator))
        }
      }
      try check(Array(tokens.joined(separator: [0x20])))
    }
  }

  @Test func damagedBytes() throws {
    var generator = SeededGenerator(state: 2)
    let corpus = Corpus.statements.map { Array($0.utf8) }
    let alphabet = Array("'\"`()[]{}<>=!|-+*/%.,;:?@\\ \n\t_aexXuU&019".utf8) + [0x00, 0x7f, 0xc3, 0xa4, 0xe3, 0xf0, 0xff]
    for _ in 0..<3_000 {
      var bytes = corpus.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &generator)
        let byte = alphabet.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(byte, at: index)
        case 2: bytes[index] = byte
        default: bytes.removeSubrange(index...)
        }
      }
      try check(bytes)
    }
  }

  @Test func randomTokens() throws {
    var generator = SeededGenerator(state: 3)
    let words = Keyword.allCases.map { Array($0.rawValue.utf8) } + Symbol.allCases.map { Array($0.rawValue.utf8) }
    let atoms = ["a", "1", "'x'", "\"q\"", "(", ")", ",", "SELECT", "FROM", "1.5"].map { Array($0.utf8) }
    for _ in 0..<2_000 {
      let tokens = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        (Bool.random(using: &generator) ? words : atoms).randomElement(using: &generator) ?? []
      }
      try check(Array(tokens.joined(separator: [0x20])))
    }
  }
}
