import Analysis
import Foundation
import MiniPresto
import Optimization
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// The 99 queries of TPC-DS over Parquet, every row against DuckDB's answers (`Scripts/tpcds` makes all of them).
@Suite(.serialized)
struct TPCDSTests {
  private static let data =
    (ProcessInfo.processInfo.environment["MINIPRESTO_TEST_DATA"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(".test").path) + "/tpcds-sf0.1"

  /// A cell as text, and how far it may be from another engine's: half a unit of its last digit where it is a decimal (DuckDB's averages and quotients
  /// of decimals are doubles), a millionth where it is a floating number.
  private struct Cell {
    var text: String
    var scale: Int?

    func agrees(with wanted: String) -> Bool {
      if text == wanted { return true }
      guard let mine = Double(text), let other = Double(wanted) else { return false }
      return abs(mine - other) <= max(scale.map { 0.500001 * pow(10, -Double($0)) } ?? 0, abs(other) * 1e-6)
    }
  }

  private static func rows(_ sql: String, _ engine: Engine, _ session: Session) async throws -> [[Cell]] {
    var rows: [[Cell]] = []
    for try await batch in try await engine.query(sql, session) {
      let scales = batch.columns.map { if case .decimal(_, let scale) = $0.type { scale } else { nil as Int? } }
      for row in 0..<batch.count { rows.append(zip(batch.columns, scales).map { Cell(text: $0.text(at: row) ?? "\\N", scale: $1) }) }
    }
    return rows
  }

  private static func agree(_ found: [Cell], _ wanted: [String]) -> Bool {
    found.count == wanted.count && zip(found, wanted).allSatisfy { $0.agrees(with: $1) }
  }

  private static func check(_ change: (inout Session) -> Void = { _ in }) async throws {
    let engine = try Engine(
      catalogs: .properties(["lake": Properties(["connector.name": "lake", "lake.location": "\(data)/lake"])]), connectors: .standard)
    var session = Session(catalog: "lake", schema: "tpcds")
    change(&session)
    for number in 1...99 {
      let name = number < 10 ? "q0\(number)" : "q\(number)"
      let sql = try String(contentsOfFile: "\(data)/queries/\(name).sql", encoding: .utf8)
      let wanted = try String(contentsOfFile: "\(data)/answers/\(name).tsv", encoding: .utf8).split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      let found: [[Cell]]
      do { found = try await rows(sql, engine, session) } catch {
        Issue.record("\(name): \(error)")
        continue
      }
      #expect(found.count == wanted.count, "\(name)")
      if zip(found, wanted).allSatisfy({ agree($0, $1) }) { continue }
      // rows that the query's order leaves equal may come either way
      var left = wanted
      for row in found {
        guard let index = left.firstIndex(where: { agree(row, $0) }) else {
          Issue.record("\(name): \(row.map(\.text)) is no row of the answer, whose first left over is \(left.first ?? [])")
          break
        }
        left.remove(at: index)
      }
    }
  }

  @Test("All 99 queries agree") func queries() async throws { try await Self.check() }

  @Test("They agree without pushdown, dynamic filters and shared queries")
  func plainly() async throws {
    try await Self.check {
      $0.set(.pushdown, to: false)
      $0.set(.dynamicFiltering, to: false)
      $0.set(.sharesQueries, to: false)
    }
  }
}
