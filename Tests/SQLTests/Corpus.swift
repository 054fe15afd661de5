import Foundation
import SQL

/// The SQL texts under `Tests`.
enum Corpus {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The statements of `Tests/Suites/parser/*.sql`: all of them must parse.
  static let statements: [String] = files(under: "Suites/parser", suffix: ".sql").flatMap { Lexer.split($0) }.map(\.text)

  /// Whatever stands in other suites and plan goldens: some of it may be meant not to parse.
  static let others: [String] =
    files(under: "Suites", suffix: ".slt").flatMap(records) + files(under: "Plans", suffix: ".sql").flatMap { Lexer.split($0) }.map(\.text)

  private static func files(under folder: String, suffix: String) -> [String] {
    let root = tests.appendingPathComponent(folder)
    guard let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap({ $0 as? String }) else { return [] }
    return paths.filter { $0.hasSuffix(suffix) }.sorted().compactMap {
      try? String(contentsOf: root.appendingPathComponent($0), encoding: .utf8)
    }
  }

  /// The SQL of `query …` and `statement …` records: the lines up to `----` or a blank one.
  private static func records(_ text: String) -> [String] {
    var records: [String] = []
    var lines: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("query") || line.hasPrefix("statement") {
        lines = []
      } else if line.isEmpty || line.hasPrefix("----") {
        if let lines { records.append(lines.joined(separator: "\n")) }
        lines = nil
      } else {
        lines?.append(line)
      }
    }
    return records
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
