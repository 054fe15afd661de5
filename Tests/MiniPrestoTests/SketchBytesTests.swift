import Foundation
import MiniPresto
import Testing
import Values
import Vectors

/// Sketches come as bytes out of tables: whatever these are, the answer is a value, NULL or an error with a name.
@Suite struct SketchBytesTests {
  private static func run(_ sql: String) async throws -> [[String?]] {
    let engine = try Engine(configuration: EngineConfiguration(threads: 2, memoryLimit: 256 << 20))
    var rows: [[String?]] = []
    for try await batch in try await engine.query(sql) {
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.text(at: row) }) }
    }
    return rows
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// A type of sketch, how one is made, and what is asked of it.
  enum Kind: String, CaseIterable, Sendable {
    case tdigest = "tdigest(double)", qdigest = "qdigest(double)", hyperLogLog = "HyperLogLog"
    case setDigest = "SetDigest", theta = "varbinary", kll = "kllsketch(double)", kllTexts = "kllsketch(varchar)"

    var made: [String] {
      let values = "FROM UNNEST(sequence(1, %)) t (n)"
      let call =
        switch self {
        case .tdigest: "tdigest_agg(CAST(n AS double))"
        case .qdigest: "qdigest_agg(CAST(n AS double))"
        case .hyperLogLog: "approx_set(n)"
        case .setDigest: "make_set_digest(n)"
        case .theta: "sketch_theta(n)"
        case .kll: "sketch_kll_with_k(CAST(n AS double), 8)"
        case .kllTexts: "sketch_kll_with_k(CAST(n AS varchar), 8)"
        }
      return ["3", "500"].map { "SELECT to_hex(CAST(\(call) AS varbinary)) " + values.replacingOccurrences(of: "%", with: $0) }
    }

    var asked: [String] {
      switch self {
      case .tdigest:
        [
          "value_at_quantile(s, 0.3)", "quantile_at_value(s, 2.0)", "trimmed_mean(s, 0.1, 0.9)",
          "value_at_quantile(merge_tdigest(ARRAY[s, s]), 0.5)",
          "value_at_quantile(scale_tdigest(s, 2.0), 1.0)", "destructure_tdigest(s).count",
        ]
      case .qdigest: ["value_at_quantile(s, 0.3)", "quantile_at_value(s, 2.0)", "value_at_quantile(scale_qdigest(s, 2.0), 1.0)"]
      case .hyperLogLog: ["cardinality(s)", "cardinality(merge_hll(ARRAY[s, s]))"]
      case .setDigest: ["cardinality(s)", "jaccard_index(s, s)", "intersection_cardinality(s, s)", "cardinality(hash_counts(s))"]
      case .theta: ["sketch_theta_estimate(s)", "sketch_theta_summary(s).upper_bound_std", "sketch_theta_summary(s).lower_bound_std"]
      case .kll: ["sketch_kll_quantile(s, 0.3)", "sketch_kll_rank(s, 2.0, false)"]
      case .kllTexts: ["sketch_kll_quantile(s, 0.3)", "sketch_kll_rank(s, '2')"]
      }
    }
  }

  @Test(arguments: Kind.allCases) func damaged(_ kind: Kind) async throws {
    var generator = SeededNumbers(state: 7)
    let extremes: [[UInt8]] = [
      [0, 0, 0, 0, 0, 0, 0xF8, 0x7F], [0, 0, 0, 0, 0, 0, 0xF0, 0x7F], [0, 0, 0, 0, 0, 0, 0xF0, 0xFF], [UInt8](repeating: 0xFF, count: 8),
      [UInt8](repeating: 0, count: 8), [0xFF, 0xFF, 0xFF, 0x7F],
    ]
    for sql in kind.made {
      let hex = Array(try #require(try await Self.run(sql).first?.first ?? nil))
      let sound = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0..<$0 + 2]), radix: 16) }
      var damaged = [sound, [], Array(sound.dropLast()), sound + [0]]
      for _ in 0..<80 {
        var bytes = sound
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          // most of them in the head, where sizes and bounds are
          let at = Int.random(in: 0..<(Bool.random(using: &generator) ? min(64, bytes.count) : bytes.count), using: &generator)
          if Bool.random(using: &generator) {
            bytes[at] = UInt8.random(in: 0...255, using: &generator)
          } else if let extreme = extremes.randomElement(using: &generator) {
            for (index, byte) in extreme.enumerated() where at + index < bytes.count { bytes[at + index] = byte }
          }
        }
        damaged.append(bytes)
      }
      let rows = damaged.map { "X'" + Self.hex($0) + "'" }.joined(separator: ", ")
      let columns = kind.asked.enumerated().map { "TRY(CAST(\($1) AS varchar)) AS c\($0)" }.joined(separator: ", ")
      let answers = try await Self.run(
        "SELECT \(columns) FROM (SELECT TRY(CAST(b AS \(kind.rawValue))) AS s FROM UNNEST(ARRAY[\(rows)]) t (b)) u")
      #expect(answers.count == damaged.count, "\(kind)")
      #expect(answers.first?.allSatisfy { $0 != nil } == true, "what is sound is answered")
    }
  }
}
