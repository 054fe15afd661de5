import SQL
import Testing
import Values

@Suite struct RoundTripTests {
  @Test func theCorpusIsThere() {
    #expect(Corpus.statements.count > 300)
  }

  @Test(arguments: Corpus.statements) func printsToAnEqualTree(_ text: String) throws {
    let tree = try Parser.statement(text)
    for style in [Formatter.Style.line, .indented] {
      let printed = Formatter.format(tree, style: style)
      let again = try Parser.statement(printed)
      #expect(again == tree)
      #expect(again.hashValue == tree.hashValue)
      #expect(Formatter.format(again, style: style) == printed)
    }
  }

  @Test func otherSuitesRoundTripWhereTheyParse() throws {
    for text in Corpus.others {
      guard let tree = try? Parser.statement(text) else { continue }
      #expect(try Parser.statement(Formatter.format(tree)) == tree)
    }
  }

  /// Equality must see every field: no two different statements of the corpus are equal.
  @Test func differentStatementsDiffer() throws {
    let distinct = Set(Corpus.statements)
    let trees = try distinct.map(Parser.statement)
    let printed = Set(trees.map { Formatter.format($0).lowercased() })
    #expect(Set(trees).count >= printed.count)
  }
}
