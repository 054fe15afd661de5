import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Testing
import Vectors

/// Plans of the queries in `Tests/Plans`, line by line, over TPC-H in PostgreSQL, SQLite and Parquet.
///
///     -- what the query is about
///     SELECT …;
///     --> - Output[…]
///     -->     - TableScan[…]
///
/// `DATA` stands for the folder of the fixtures. `UPDATE_GOLDENS=1 swift test --filter Plans` writes the plans that came out beneath the queries; the
/// difference is then to be read.
struct PlansTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Plans")
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".sql") }.sorted()
  private static let mark = "--> "

  /// A query of a file with what stands above and beneath it.
  struct Entry {
    var comments: [String] = []
    var query: [String] = []
    var plan: [String] = []
  }

  static func entries(_ text: String) -> [Entry] {
    var entries: [Entry] = []
    var entry = Entry()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if entry.query.last?.hasSuffix(";") ?? false {
        if line.hasPrefix(mark) {
          entry.plan.append(String(line.dropFirst(mark.count)))
          continue
        }
        entries.append(entry)
        entry = Entry()
      }
      if line.isEmpty { continue }
      if entry.query.isEmpty && line.hasPrefix("--") {
        entry.comments.append(line)
        continue
      }
      entry.query.append(line)
    }
    if entry.query.last?.hasSuffix(";") ?? false { entries.append(entry) }
    return entries
  }

  private static var data: String {
    ProcessInfo.processInfo.environment["MINIPRESTO_TEST_DATA"]
      ?? folder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".test").path
  }

  private static func engine() throws -> Engine {
    let postgres = try #require(
      ProcessInfo.processInfo.environment["MINIPRESTO_TEST_POSTGRES"], "run `make test`, which starts a PostgreSQL cluster")
    return try Engine(
      catalogs: .properties([
        "lake": Properties(["connector.name": "lake", "lake.location": "\(data)/tpch-sf0.01/lake"]),
        "sqlite": Properties(["connector.name": "sqlite", "sqlite.path": "\(data)/tpch-sf0.01/tpch.sqlite"]),
        "postgres": Properties(["connector.name": "postgresql", "connection-url": "\(postgres)tpch"]),
      ]), connectors: .standard)
  }

  /// The lines of EXPLAIN, without what is another machine's.
  static func plan(_ query: String, _ engine: Engine) async throws -> [String] {
    let session = Session(catalog: "lake", schema: "tpch")
    var text = ""
    let here = query.split(separator: "DATA/", omittingEmptySubsequences: false).joined(separator: data + "/")
    do {
      for try await batch in try await engine.query("EXPLAIN " + here, session) { text += batch.columns[0].text(at: 0) ?? "" }
    } catch { text = "\(error)" }
    return text.split(separator: "\n").map { $0.split(separator: data, omittingEmptySubsequences: false).joined(separator: "DATA") }
  }

  @Test("Plans are those beneath the queries", arguments: files)
  func goldens(_ file: String) async throws {
    let engine = try Self.engine()
    let url = Self.folder.appendingPathComponent(file)
    var entries = Self.entries(try String(contentsOf: url, encoding: .utf8))
    #expect(!entries.isEmpty, "\(file) has no queries")
    let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1"
    for index in entries.indices {
      let query = entries[index].query.joined(separator: "\n")
      let found = try await Self.plan(String(query.dropLast()), engine)
      if !isUpdating {
        #expect(
          found == entries[index].plan,
          "\(file): \(entries[index].comments.last ?? query)\n\(found.map { Self.mark + $0 }.joined(separator: "\n"))")
      }
      entries[index].plan = found
    }
    if isUpdating {
      let blocks = entries.map { ($0.comments + $0.query + $0.plan.map { Self.mark + $0 }).joined(separator: "\n") }
      try (blocks.joined(separator: "\n\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
    }
  }

  @Test("Planning the same query again and again, and at once, gives the same plan")
  func determinism() async throws {
    let query = """
      SELECT n.n_name, count(*), sum(l.l_extendedprice) FROM postgres.public.nation n
      JOIN postgres.public.customer c ON c.c_nationkey = n.n_nationkey JOIN orders o ON o.o_custkey = c.c_custkey
      JOIN lineitem l ON l.l_orderkey = o.o_orderkey JOIN sqlite.main.supplier s ON s.s_suppkey = l.l_suppkey AND s.s_nationkey = n.n_nationkey
      WHERE o.o_orderdate >= DATE '1994-01-01' AND EXISTS (SELECT 1 FROM sqlite.main.part p WHERE p.p_partkey = l.l_partkey AND p.p_size > 10)
      GROUP BY n.n_name ORDER BY 3 DESC LIMIT 5
      """
    let plans = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { try await Self.plan(query, Self.engine()) } }
      return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
    }
    #expect(plans.count == 1)
  }
}
