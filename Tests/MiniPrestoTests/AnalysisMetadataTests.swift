import Analysis
import Plans
import SQL
import Settings
import Testing
import Values

/// SHOW, DESCRIBE, `information_schema`, views.
@Suite struct AnalysisMetadataTests {
  @Test func show() async throws {
    let fixture = try AnalysisFixture()
    #expect(try await fixture.columns("SHOW COLUMNS FROM u") == ["Column varchar", "Type varchar", "Extra varchar", "Comment varchar"])
    #expect(try await fixture.rows("SHOW CATALOGS") == [["mem"]])
    #expect(try await fixture.rows("SHOW TABLES") == [["t"], ["u"]])
    #expect(try await fixture.rows("SHOW TABLES FROM mem.d LIKE 'u%'") == [["u"]])
    #expect(try await fixture.rows("SHOW SCHEMAS").contains(["information_schema"]))
    #expect(try await fixture.rows("DESCRIBE u").map { $0[0] } == ["a", "e", "f"])
    #expect(try await fixture.rows("DESCRIBE u").map { $0[1] } == ["bigint", "integer", "varchar(20)"])
    #expect(try await fixture.rows("SHOW FUNCTIONS LIKE 'count_if'").map { $0[0] } == ["count_if"])
    #expect(try await fixture.rows("SHOW SESSION LIKE 'strict%'").map { $0[1] } == ["false"])
    #expect(try await fixture.rows("SHOW CREATE TABLE u") == [["CREATE TABLE mem.d.u (\n   a bigint,\n   e integer,\n   f varchar(20)\n)"]])
    #expect(await fixture.error("SHOW TABLES FROM nosuch") == "SCHEMA_NOT_FOUND: line 1:1: Schema 'nosuch' does not exist")
  }

  @Test func informationSchema() async throws {
    let fixture = try AnalysisFixture()
    let columns = try await fixture.rows(
      "SELECT * FROM information_schema.columns WHERE table_schema = 'd' AND table_name = 'u'")
    #expect(columns.map { $0[3] } == ["a", "e", "f"])
    #expect(columns.map { $0[4] } == ["1", "2", "3"])
    let tables = try await fixture.rows("SELECT * FROM mem.information_schema.tables WHERE 'd' = table_schema")
    #expect(tables == [["mem", "d", "t", "BASE TABLE"], ["mem", "d", "u", "BASE TABLE"]])
    #expect(await fixture.error("SELECT * FROM other.information_schema.tables").hasPrefix("CATALOG_NOT_FOUND"))
  }

  struct OneView: ViewResolver {
    var definition: ViewDefinition
    func view(_ name: ObjectName) async throws -> ViewDefinition? { name == definition.name ? definition : nil }
    func views(in catalog: String) async throws -> [ViewDefinition] { [definition] }
  }

  @Test func views() async throws {
    var fixture = try AnalysisFixture()
    func view(_ text: String, columns: [DataType.Field]? = nil) throws -> OneView {
      guard case .query(let query) = try Parser.statement(text) else { throw PrestoError(.genericUserError, "no query") }
      return OneView(
        definition: ViewDefinition(
          name: ObjectName(catalog: "mem", schema: "d", name: "v"), text: text, query: query, catalog: "mem", schema: "d", columns: columns)
      )
    }
    fixture.views = try view("SELECT e AS x FROM u", columns: [.init("x", .bigint)])
    fixture.context.session.schema = "elsewhere"
    #expect(try await fixture.columns("SELECT v.* FROM d.v") == ["x bigint"])
    fixture.views = try view("SELECT * FROM d.v")
    #expect(await fixture.error("SELECT * FROM d.v").contains("recursive view"))
    fixture.views = try view("SELECT nope FROM u")
    #expect(await fixture.error("SELECT * FROM d.v").hasPrefix("INVALID_VIEW: line 1:15: Failed analyzing stored view 'mem.d.v'"))
  }
}
