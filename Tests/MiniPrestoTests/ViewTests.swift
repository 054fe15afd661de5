import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// Views of the engine, kept in a file.
struct ViewTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("minipresto-views-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appendingPathComponent("Catalogs"), withIntermediateDirectories: true)
    try "connector.name=memory\n".write(to: folder.appendingPathComponent("Catalogs/memory.properties"), atomically: true, encoding: .utf8)
    try "connector.name=cartona\ncartona.days=1\ncartona.scale=0.01\n".write(
      to: folder.appendingPathComponent("Catalogs/cartona.properties"), atomically: true, encoding: .utf8)
  }

  private func engine(_ configuration: EngineConfiguration = EngineConfiguration()) throws -> Engine {
    try Engine(catalogs: .directory(folder.path + "/Catalogs"), connectors: .standard, configuration: configuration)
  }

  private var file: URL { folder.appendingPathComponent("Catalogs.views.json") }

  @discardableResult
  private func run(_ text: String, _ engine: Engine, _ session: Session = Session(catalog: "memory", schema: "default")) async throws
    -> [[String]]
  {
    var rows: [[String]] = []
    for try await batch in try await engine.query(text, session) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }) }
    }
    return rows
  }

  @Test("A view outlives its engine, with the names and types it was made with") func outliving() async throws {
    var first: Engine? = try engine()
    let made = Session(catalog: "cartona", schema: "orders")
    try await run(
      "CREATE VIEW memory.default.people COMMENT 'it''s \"all\"' AS SELECT id AS n, 'a''b' AS t, CAST(1.5 AS decimal(5, 2)) AS d FROM retailers WHERE id < 3",
      try #require(first), made)
    first = nil
    let second = try engine()
    #expect(try await run("SELECT n, t, d FROM people ORDER BY n", second) == [["1", "a'b", "1.50"], ["2", "a'b", "1.50"]])
    #expect(try await run("DESCRIBE people", second).map { $0[1] } == ["bigint", "varchar(3)", "decimal(5,2)"])
    #expect(try await run("SHOW TABLES", second).contains(["people"]))
    #expect(try await run("SHOW CREATE VIEW people", second)[0][0].hasPrefix("CREATE VIEW memory.default.people AS\nSELECT"))
    try await run("DROP VIEW people", second)
    await #expect(throws: PrestoError.self) { try await run("SELECT * FROM people", engine()) }
  }

  @Test("Engines that share the file see each other's views at once") func sharing() async throws {
    let a = try engine(), b = try engine()
    try await run("CREATE VIEW v AS SELECT 1 AS n", a)
    #expect(try await run("SELECT * FROM v", b) == [["1"]])
    try await run("CREATE VIEW w AS SELECT n + 1 AS n FROM v", b)
    #expect(try await run("SELECT * FROM w", a) == [["2"]])
    try await run("CREATE OR REPLACE VIEW v AS SELECT 10 AS n", b)
    #expect(try await run("SELECT * FROM w", a) == [["11"]])
    await #expect(throws: PrestoError.self) { try await run("CREATE VIEW v AS SELECT 2 AS n", a) }
    try await run("CREATE VIEW IF NOT EXISTS v AS SELECT 2 AS n", a)
    #expect(try await run("SELECT * FROM v", a) == [["10"]])
    try await run("DROP VIEW v", a)
    await #expect(throws: PrestoError.self) { try await run("SELECT * FROM w", b) }
    await #expect(throws: PrestoError.self) { try await run("DROP VIEW v", b) }
    try await run("DROP VIEW IF EXISTS v", b)
  }

  @Test("Many at once lose none") func concurrency() async throws {
    let engines = try (0..<4).map { _ in try engine() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<24 { group.addTask { try await run("CREATE VIEW v\(index) AS SELECT \(index) AS n", engines[index % 4]) } }
      try await group.waitForAll()
    }
    #expect(try await run("SHOW TABLES LIKE 'v%'", engine()).count == 24)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(left == ["Catalogs", "Catalogs.views.json"])
  }

  @Test("The file may be elsewhere; one that is wrong says so and is left as it is") func files() async throws {
    let elsewhere = folder.appendingPathComponent("mine.json")
    try await run("CREATE VIEW v AS SELECT 1 AS n", engine(EngineConfiguration(viewsFile: elsewhere.path)))
    #expect(FileManager.default.fileExists(atPath: elsewhere.path) && !FileManager.default.fileExists(atPath: file.path))
    let wrong = ["{", "{\"version\": 2, \"views\": []}", "[]", "{\"version\": 1, \"views\": [{\"catalog\": \"m\"}]}"]
    for text in wrong {
      try text.write(to: file, atomically: true, encoding: .utf8)
      let error = await #expect(throws: PrestoError.self) { try await run("CREATE VIEW v AS SELECT 1 AS n", engine()) }
      #expect(error?.code == .configurationInvalid && error?.message.contains(file.path) ?? false)
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
  }

  @Test("Without a directory of catalogs views live as long as the engine") func memory() async throws {
    let engine = try Engine(catalogs: .properties(["memory": Properties(["connector.name": "memory"])]), connectors: .standard)
    try await run("CREATE VIEW v AS SELECT 1 AS n", engine)
    #expect(try await run("SELECT * FROM v", engine) == [["1"]])
  }
}
