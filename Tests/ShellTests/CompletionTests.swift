import MiniPresto
import Settings
import Shell
import StandardConnectors
import Testing

/// What Tab offers, over the generator's catalog.
struct CompletionTests {
  /// `|` is the cursor.
  private static func request(_ text: String) -> CompletionRequest {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let word = String(parts[0].reversed().prefix { !" \t\n,()[]'+-*/%<>=;".contains($0) }.reversed())
    return CompletionRequest(statement: parts.joined(), before: String(parts[0].dropLast(word.count)), word: word)
  }

  private static func words(_ text: String, _ session: Session = Session()) async throws -> [String] {
    let engine = try Engine(
      catalogs: .properties(["cartona": Properties(["connector.name": "cartona", "cartona.days": "1", "cartona.scale": "0.01"])]),
      connectors: .standard)
    return await CompletionWords(engine).find(request(text), session)
  }

  @Test("What the cursor's place wants") func places() {
    #expect(Self.request("SEL|").wanted == .anything)
    #expect(Self.request("SELECT * FROM or|").wanted == .relation)
    #expect(Self.request("SELECT * FROM a, or|").wanted == .relation)
    #expect(Self.request("SELECT a, or| FROM t").wanted == .anything)
    #expect(Self.request("USE cart|").wanted == .schema)
    #expect(Self.request("SHOW SCHEMAS FROM c|").wanted == .catalog)
    #expect(Self.request("SHOW TABLES FROM c|").wanted == .schema)
    #expect(Self.request("SET SESSION jo|").wanted == .property)
    #expect(Self.request("SELECT 1; DESCRIBE o|").wanted == .relation)
    #expect(Self.request("SELECT a FROM t ORDER BY a DESC nu|").wanted == .anything)
  }

  @Test("Relations and their aliases") func relations() {
    let request = Self.request(
      "WITH recent AS (SELECT * FROM x.y) SELECT r.|, o.id FROM cartona.orders.\"Orders\" AS o JOIN recent r ON r.id = o.id LIMIT 3")
    #expect(request.qualifier == ["r"] && request.prefix == "")
    #expect(request.namedQueries == ["recent"])
    #expect(
      request.relations == [
        .init(name: ["x", "y"], alias: nil), .init(name: ["cartona", "orders", "Orders"], alias: "o"), .init(name: ["recent"], alias: "r"),
      ])
    #expect(Self.request("SELECT * FROM t LIMIT |").relations == [.init(name: ["t"], alias: nil)])
  }

  @Test("In a string, files are completed") func strings() {
    #expect(CompletionRequest.openString("SELECT * FROM 'folder/a") == "folder/a")
    #expect(CompletionRequest.openString("SELECT 'a' FROM ") == nil)
    #expect(CompletionRequest.openString("SELECT * FROM \"Ord") == nil)
  }

  @Test("Keywords and functions, in the person's case") func keywords() async throws {
    #expect(try await Self.words("SELE|") == ["SELECT"])
    #expect(try await Self.words("sele|") == ["select"])
    #expect(try await Self.words("SELECT approx_dis|").contains("approx_distinct("))
    #expect(try await Self.words("SET SESSION join_|") == ["join_reordering"])
  }

  @Test("Catalogs, schemas, tables, columns") func names() async throws {
    #expect(try await Self.words("SELECT * FROM car|") == ["cartona."])
    #expect(try await Self.words("SELECT * FROM cartona.ord|") == ["cartona.orders."])
    #expect(try await Self.words("USE cartona.ord|") == ["cartona.orders"])
    #expect(try await Self.words("SELECT * FROM cartona.orders.retailers|") == ["cartona.orders.retailers"])
    #expect(try await Self.words("SELECT r.gov| FROM cartona.orders.retailers r") == ["r.governorate_id"])
    #expect(try await Self.words("SELECT gov| FROM cartona.orders.retailers r") == ["governorate_id"])
    let session = Session(catalog: "cartona", schema: "orders")
    #expect(try await Self.words("SELECT * FROM retailers|", session) == ["retailers"])
    #expect(try await Self.words("SELECT * FROM field.gov|", session) == ["field.governorates"])
    #expect(try await Self.words("SELECT retailers.gov| FROM retailers", session) == ["retailers.governorate_id"])
    #expect(try await Self.words("SELECT * FROM nowhere.|", session).isEmpty)
  }
}
