import Foundation
import SQL
import Testing
import Values

/// Damaged statements: whatever they are, the parser answers with a tree that prints back, or with a syntax error at a place of the text.
/// MINIPRESTO_FUZZ_SECONDS and MINIPRESTO_FUZZ_SEED make each of the tests go on for that long, from another seed (`make fuzz`).
@Suite struct FuzzTests {
  /// As many rounds as in `make test`, or for as long as was asked for.
  private func rounds(_ standard: Int) -> some Sequence<Int> {
    let seconds = ProcessInfo.processInfo.environment["MINIPRESTO_FUZZ_SECONDS"].flatMap(Double.init)
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    return sequence(first: 0) { $0 + 1 }.lazy.prefix { round in end.map { ContinuousClock.now < $0 } ?? (round < standard) }
  }

  private func generator(_ number: UInt64) -> SeededGenerator {
    let seed = ProcessInfo.processInfo.environment["MINIPRESTO_FUZZ_SEED"].flatMap(UInt64.init) ?? 0
    return SeededGenerator(state: seed << 8 | number)
  }

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
    var generator = self.generator(1)
    let corpus = Corpus.statements.map { Array($0.utf8) }
    let pieces: [[UInt8]] = corpus.flatMap { bytes in Lexer.tokens(bytes).dropLast().map { Array(bytes[$0.range]) } }
    for _ in rounds(3_000) {
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
    var generator = self.generator(2)
    let corpus = Corpus.statements.map { Array($0.utf8) }
    let alphabet = Array("'\"`()[]{}<>=!|-+*/%.,;:?@\\ \n\t_aexXuU&019".utf8) + [0x00, 0x7f, 0xc3, 0xa4, 0xe3, 0xf0, 0xff]
    for _ in rounds(3_000) {
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
    var generator = self.generator(3)
    let words = Keyword.allCases.map { Array($0.rawValue.utf8) } + Symbol.allCases.map { Array($0.rawValue.utf8) }
    let atoms = ["a", "1", "'x'", "\"q\"", "(", ")", ",", "SELECT", "FROM", "1.5"].map { Array($0.utf8) }
    for _ in rounds(2_000) {
      let tokens = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        (Bool.random(using: &generator) ? words : atoms).randomElement(using: &generator) ?? []
      }
      try check(Array(tokens.joined(separator: [0x20])))
    }
  }
}
