// Makes a SQLite file and a Parquet file with the engine itself, joins them with a table made in code, and checks the answer.
import Federation
import Foundation
import Memory
import MiniPresto
import StandardConnectors
import Values

@main
enum Shop {
  static func main() async throws {
    guard CommandLine.arguments.count == 2, FileManager.default.changeCurrentDirectoryPath(CommandLine.arguments[1]) else {
      throw Wrong("usage: Shop FOLDER")
    }
    try "connector.name=sqlite\nsqlite.path=shop.sqlite\n".write(toFile: "Catalogs/shop.properties", atomically: true, encoding: .utf8)
    try "connector.name=lake\nlake.location=.\n".write(toFile: "Catalogs/lake.properties", atomically: true, encoding: .utf8)

    // an empty file is a SQLite database without tables
    _ = FileManager.default.createFile(atPath: "shop.sqlite", contents: nil)

    let engine = try Engine(catalogs: .directory("Catalogs"), connectors: .standard)
    let regions = try MemoryRows(
      "regions", [.init("name", .varchar), .init("region", .varchar)],
      rows: [[.text("Amal"), .text("Delta")], [.text("Nour"), .text("Cairo")], [.text("Fath"), .text("Delta")]])
    engine.add(Catalog("code", try MemoryConnector(tables: [regions])))

    _ = try await rows(
      engine, "CREATE TABLE shop.main.customers AS SELECT * FROM (VALUES (1, 'Amal'), (2, 'Nour'), (3, 'Fath')) AS t (id, name)")
    _ = try await rows(
      engine,
      """
      CREATE TABLE lake."default".orders AS
      SELECT * FROM (VALUES (1, 20.50), (1, 30.25), (2, 12.00), (3, 7.75)) AS t (customer, total)
      """)

    // SQLite, Parquet and memory in one query
    let answer = try await rows(
      engine,
      """
      SELECT r.region, count(*) AS orders, CAST(sum(o.total) AS double) AS total
      FROM shop.main.customers c
      JOIN 'orders/*.parquet' o ON o.customer = c.id
      JOIN code."default".regions r ON r.name = c.name
      GROUP BY r.region ORDER BY r.region
      """)
    let expected: [[Constant]] = [
      [.text("Cairo"), .integer(1), .double(12)], [.text("Delta"), .integer(3), .double(58.5)],
    ]
    guard answer == expected else { throw Wrong("expected \(expected), got \(answer)") }
    try await printOrders()

    // rows as a type of the program's own
    struct Region: Decodable, Equatable { var region: String, orderCount: Int, total: Foundation.Decimal? }
    let decoded = try await engine.query(
      """
      SELECT r.region, count(*) AS order_count, sum(o.total) AS total
      FROM lake."default".orders o JOIN shop.main.customers c ON c.id = o.customer JOIN code."default".regions r ON r.name = c.name
      GROUP BY r.region ORDER BY r.region
      """
    ).rows(as: Region.self)
    var regionRows: [Region] = []
    for try await region in decoded { regionRows.append(region) }
    guard regionRows == [Region(region: "Cairo", orderCount: 1, total: 12), Region(region: "Delta", orderCount: 3, total: 58.5)] else {
      throw Wrong("decoded \(regionRows)")
    }

    // an error has Presto's name and a place
    do {
      _ = try await rows(engine, "SELECT nobody FROM shop.main.customers")
      throw Wrong("a missing column went unnoticed")
    } catch let error as PrestoError {
      guard error.code.name == "COLUMN_NOT_FOUND" else { throw Wrong("\(error)") }
    }
    print("the library answers")
  }

  static func rows(_ engine: Engine, _ text: String) async throws -> [[Constant]] {
    var rows: [[Constant]] = []
    for try await batch in try await engine.query(text) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
    }
    return rows
  }
}

struct Wrong: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
