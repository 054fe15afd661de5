import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// EXPLAIN in its types and formats, and EXPLAIN ANALYZE, over the generator and tables in memory.
struct ExplainTests {
  private static func engine() throws -> Engine {
    try Engine(
      catalogs: .properties([
        "cartona": Properties(["connector.name": "cartona", "cartona.days": "1", "cartona.scale": "0.05"]),
        "memory": Properties(["connector.name": "memory"]),
      ]), connectors: .standard)
  }

  private static func text(_ query: String, _ engine: Engine) async throws -> String {
    let session = Session(catalog: "cartona", schema: "orders")
    var text = ""
    for try await batch in try await engine.query(query, session) { text += batch.columns[0].text(at: 0) ?? "" }
    return text
  }

  private static let query = "SELECT governorate_id, count(*) AS n FROM retailers WHERE id < 100 GROUP BY governorate_id"

  private static func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("JSON is a tree of nodes with Presto's keys") func json() async throws {
    let root = try Self.object(try await Self.text("EXPLAIN (FORMAT JSON) " + Self.query, Self.engine()))
    #expect(root["name"] as? String == "Output" && root["identifier"] as? String == "[governorate_id, n]")
    #expect((root["outputs"] as? [[String: String]])?.map { $0["type"] } == ["integer", "bigint"])
    var node = root
    var names: [String] = []
    while let child = (node["children"] as? [[String: Any]])?.first {
      names.append(try #require(child["name"] as? String))
      node = child
    }
    #expect(names.first == "Aggregate" && names.last == "TableScan")
    let estimate = try #require((node["estimates"] as? [[String: Double]])?.first)
    #expect((estimate["outputRowCount"] ?? 0) > 100 && (estimate["outputSizeInBytes"] ?? 0) > 100)
    let distributed = try Self.object(try await Self.text("EXPLAIN (TYPE DISTRIBUTED, FORMAT JSON) " + Self.query, Self.engine()))
    #expect(((distributed["0"] as? [String: Any])?["plan"] as? [String: Any])?["name"] as? String == "Output")
  }

  @Test("GRAPHVIZ names every node and every edge") func graphviz() async throws {
    let text = try await Self.text("EXPLAIN (FORMAT GRAPHVIZ) SELECT '<\"{|}\\>' FROM retailers WHERE id < 7", Self.engine())
    #expect(text.hasPrefix("digraph logical_plan {\n") && text.hasSuffix("}\n"))
    #expect(text.contains("plannode_0 [label=\"{Output|_col0\\l}\"") && text.contains("plannode_0 -> plannode_1;"))
    #expect(text.contains("(id \\< 7)") && text.contains("\\<\\\"\\{\\|\\}\\\\\\>"))
  }

  @Test("DISTRIBUTED has a fragment, VERBOSE estimates, VALIDATE an answer") func types() async throws {
    let engine = try Self.engine()
    let distributed = try await Self.text("EXPLAIN (TYPE DISTRIBUTED) " + Self.query, engine)
    #expect(distributed.hasPrefix("Fragment 0 [SINGLE]\n    Output layout: [governorate_id, "))
    #expect(distributed.contains("\n    - Output["))
    #expect(try await Self.text("EXPLAIN VERBOSE " + Self.query, engine).contains("estimated: "))
    #expect(try await !Self.text("EXPLAIN " + Self.query, engine).contains("estimated: "))
    #expect(try await Self.text("EXPLAIN (TYPE VALIDATE) " + Self.query, engine) == "true")
    await #expect(throws: PrestoError.self) { try await Self.text("EXPLAIN (TYPE VALIDATE) SELECT nobody FROM retailers", engine) }
    await #expect(throws: PrestoError.self) { try await Self.text("EXPLAIN (TYPE IO, FORMAT GRAPHVIZ) SELECT 1", engine) }
  }

  @Test("IO says which tables are read and written, and what of their columns") func inputsAndOutputs() async throws {
    let text = try await Self.text(
      """
      EXPLAIN (TYPE IO) CREATE TABLE memory.default.late AS SELECT o.id FROM orders o JOIN retailers r ON r.id = o.retailer_id
      WHERE o.id BETWEEN 3 AND 9 AND r.governorate_id IN (1, 4)
      """, Self.engine())
    let root = try Self.object(text)
    let inputs = try #require(root["inputTableColumnInfos"] as? [[String: Any]])
    let names = inputs.map { (($0["table"] as? [String: Any])?["schemaTable"] as? [String: String])?["table"] }
    #expect(names == ["orders", "retailers"])
    let constraints = inputs.map { ($0["constraint"] as? [String: Any])?["columnConstraints"] as? [[String: Any]] ?? [] }
    let order = try #require(constraints[0].first { $0["columnName"] as? String == "id" })
    let ranges = try #require((order["domain"] as? [String: Any])?["ranges"] as? [[String: [String: String]]])
    #expect(ranges == [["low": ["value": "3", "bound": "EXACTLY"], "high": ["value": "9", "bound": "EXACTLY"]]])
    #expect(constraints[1].contains { $0["columnName"] as? String == "governorate_id" })
    let output = try #require(root["outputTable"] as? [String: Any])
    #expect(
      output["catalog"] as? String == "memory" && (output["schemaTable"] as? [String: String]) == ["schema": "default", "table": "late"])
    #expect(((inputs[0]["estimate"] as? [String: Any])?["outputRowCount"] as? Double) ?? 0 > 0)
  }

  @Test("ANALYZE counts every operator's rows and bytes, its processor time, and each source's work") func analyze() async throws {
    let engine = try Self.engine()
    _ = try await Self.text("CREATE TABLE memory.default.few AS SELECT n FROM UNNEST(sequence(1, 10)) AS t (n)", engine)
    let text = try await Self.text(
      "EXPLAIN ANALYZE SELECT count(*) FROM retailers r JOIN memory.default.few f ON f.n = r.governorate_id CROSS JOIN memory.default.few g",
      engine)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(
      lines[0].hasPrefix("Planning ") && lines[0].contains(", running ") && lines[0].contains(", CPU ") && lines[0].contains("peak memory"))
    #expect(lines.contains { $0.hasPrefix("Source cartona: 1 scan, moved ") && !$0.contains("moved 0 rows") })
    #expect(lines.contains { $0.hasPrefix("Source memory: 2 scans, moved 20 rows") })
    // every operator has its line, and the result is of one row
    let operators = lines.filter { $0.drop { $0 == " " }.hasPrefix("- ") }.count
    let works = lines.filter { $0.contains("CPU ") && $0.contains("waiting ") && $0.contains("output: ") }
    #expect(works.count == operators)
    #expect(works[0].contains("output: 1 row, "))
    #expect(works.contains { $0.contains("output: 10 rows, ") })
    #expect(works.allSatisfy { !$0.contains("output: 0 rows") })
    // shares are of one whole
    let shares = works.compactMap { line in line.firstRange(of: "(").flatMap { Int(line[$0.upperBound...].prefix { $0 != " " }) } }
    #expect(shares.reduce(0, +) <= 100 && shares.contains { $0 > 0 })
    #expect(try Self.object(try await Self.text("EXPLAIN ANALYZE (FORMAT JSON) " + Self.query, engine))["name"] as? String == "Output")
  }

  @Test("SHOW STATS and SHOW CREATE") func show() async throws {
    let engine = try Self.engine()
    var rows: [[String?]] = []
    for try await batch in try await engine.query("SHOW STATS FOR cartona.orders.retailers") {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) }) }
    }
    let last = try #require(rows.last)
    #expect(last[0] == nil && Double(last[4] ?? "") ?? 0 > 100)
    #expect(rows.map { $0[0] }.contains("id") && rows.dropLast().allSatisfy { $0[4] == nil })
    #expect(try await Self.text("SHOW CREATE TABLE retailers", engine).hasPrefix("CREATE TABLE cartona.orders.retailers (\n   id bigint"))
    _ = try await Self.text("CREATE VIEW memory.default.v AS SELECT id AS n FROM retailers", engine)
    #expect(
      try await Self.text("SHOW CREATE VIEW memory.default.v", engine)
        == "CREATE VIEW memory.default.v AS\nSELECT id AS n FROM retailers")
  }
}
