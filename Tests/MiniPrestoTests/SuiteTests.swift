import Foundation
import MiniPresto
import Optimization
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// Every `.slt` file of `Tests/Suites`, statement by statement, against the rows or the error name written beneath it. A file's statements share one
/// engine and one session, with an empty `memory` catalog; the files run side by side.
struct SuiteTests {
  @Test(arguments: try SuiteFile.all())
  func suite(_ file: SuiteFile) async throws { try await check(file) { _ in } }

  @Test("They answer the same without the optimizer's optional phases, pushdown and adaptive aggregation", arguments: try SuiteFile.all())
  func withoutOptimizer(_ file: SuiteFile) async throws {
    try await check(file) {
      $0.set(.disabledPhases, to: Optimizer.optionalPhases.joined(separator: ","))
      $0.set(.pushdown, to: false)
      $0.set(.adaptivePartialAggregation, to: false)
    }
  }

  private func check(_ file: SuiteFile, _ change: (inout Session) -> Void) async throws {
    let cases = try file.cases()
    #expect(!cases.isEmpty, "\(file) holds no cases")
    let engine = try Engine(
      catalogs: .properties(["memory": Properties(["connector.name": "memory"])]), connectors: .standard,
      configuration: EngineConfiguration(threads: 2))
    var session = Session(catalog: "memory", schema: "default")
    change(&session)
    for one in cases {
      session.timeZone = one.timeZone
      let answer = await answer(one.sql, engine, session)
      guard let difference = one.difference(from: answer) else { continue }
      Issue.record("\(file):\(one.line): \(one.sql)\n\(difference)")
    }
  }

  private func answer(_ sql: String, _ engine: Engine, _ session: Session) async -> Result<[[String]], PrestoError> {
    do {
      var rows: [[String]] = []
      for try await batch in try await engine.query(sql, session) {
        for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) ?? "NULL" }) }
      }
      return .success(rows)
    } catch { return .failure(PrestoError(error)) }
  }
}

/// A file of statements with what they must answer:
///
///     # Where the values come from.
///     @ timezone Pacific/Apia
///
///     SELECT 1, 'a'
///     ----
///     1<tab>a
///
///     SELECT 1 / 0
///     ---- error DIVISION_BY_ZERO
///
/// Rows come in any order; `---- ordered` says that theirs counts, `---- ok` that any will do. Cells are text as the command line shows it, with `\t`,
/// `\n` and `\\` for what would break a line, and NULL for null. A blank line ends a case.
struct SuiteFile: Sendable, CustomTestStringConvertible, CustomStringConvertible {
  let path: String

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Suites")

  var description: String { "Tests/Suites/\(path)" }
  var testDescription: String { path }

  static func all() throws -> [SuiteFile] {
    try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".slt") }.sorted().map { SuiteFile(path: $0) }
  }

  struct Case {
    enum Expectation {
      case rows([[String]], isOrdered: Bool)
      case error(String)
      case success
    }
    var line: Int
    var sql: String
    var timeZone: String
    var expectation: Expectation

    /// What is wrong with an answer; nil: nothing.
    func difference(from answer: Result<[[String]], PrestoError>) -> String? {
      switch (expectation, answer) {
      case (.success, .success): return nil
      case (.error(let name), .failure(let error)):
        return error.code.name == name ? nil : "failed with \(error.code.name) (\(error.message)), not \(name)"
      case (.error(let name), .success(let rows)): return "answered \(rows.prefix(3)), must fail with \(name)"
      case (.rows, .failure(let error)), (.success, .failure(let error)): return "failed with \(error.code.name): \(error.message)"
      case (.rows(let wanted, let isOrdered), .success(let rows)):
        guard rows.count == wanted.count else { return "\(rows.count) rows, not \(wanted.count)" }
        let pairs = isOrdered ? Array(zip(rows, wanted)) : Array(zip(rows.sorted(by: Case.precedes), wanted.sorted(by: Case.precedes)))
        guard let (got, want) = pairs.first(where: { !Case.agree($0, $1) }) else { return nil }
        return "a row is \(got), not \(want)"
      }
    }

    private static func precedes(_ a: [String], _ b: [String]) -> Bool { a.lexicographicallyPrecedes(b) }

    /// The same texts, or floating-point numbers alike to nine digits.
    private static func agree(_ a: [String], _ b: [String]) -> Bool {
      guard a.count == b.count else { return false }
      return zip(a, b).allSatisfy { x, y in
        if x == y { return true }
        guard x.contains(".") || y.contains("."), let p = Double(x), let q = Double(y) else { return false }
        return p == q || abs(p - q) <= 1e-9 * max(abs(p), abs(q))
      }
    }
  }

  func cases() throws -> [Case] {
    let text = try String(contentsOf: SuiteFile.root.appendingPathComponent(path), encoding: .utf8)
    var cases: [Case] = []
    var statement: [String] = []
    var current: Case?
    var timeZone = "UTC"
    func finish() {
      if let current { cases.append(current) }
      current = nil
      statement = []
    }
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if var one = current {
        if line.isEmpty {
          finish()
        } else if case .rows(var rows, let isOrdered) = one.expectation {
          rows.append(line.split(separator: "\t", omittingEmptySubsequences: false).map(SuiteFile.unescaped))
          one.expectation = .rows(rows, isOrdered: isOrdered)
          current = one
        }
      } else if line.hasPrefix("----") {
        let words = line.split(separator: " ").dropFirst().map(String.init)
        let expectation: Case.Expectation =
          switch words.first {
          case "error": .error(words.last ?? "")
          case "ok": .success
          default: .rows([], isOrdered: words.first == "ordered")
          }
        current = Case(line: number + 1, sql: statement.joined(separator: "\n"), timeZone: timeZone, expectation: expectation)
      } else if statement.isEmpty, line.hasPrefix("@ timezone ") {
        timeZone = String(line.dropFirst("@ timezone ".count))
      } else if !(statement.isEmpty && (line.isEmpty || line.hasPrefix("#"))) {
        statement.append(String(line))
      }
    }
    finish()
    if !statement.isEmpty, current == nil, cases.last?.sql != statement.joined(separator: "\n") {
      throw SuiteError(description: "\(self): the last statement has no `----`")
    }
    return cases
  }

  private static func unescaped(_ cell: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in cell {
      if isEscaped {
        if character != "0" { result.append(character == "t" ? "\t" : character == "n" ? "\n" : character) }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

struct SuiteError: Error, CustomStringConvertible { let description: String }
