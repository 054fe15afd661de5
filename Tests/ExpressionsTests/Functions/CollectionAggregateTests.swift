import Expressions
import Foundation
import Functions
import Testing
import Values
import Vectors

@Suite struct CollectionAggregateTests {
  private func sorted(_ value: Constant) -> [String] {
    if case .sequence(let entries) = value { entries.map { "\($0)" }.sorted() } else { [] }
  }

  @Test func arrays() throws {
    let agg = try AggregateRun("array_agg", [.varchar])
    #expect(try agg(texts("a", nil, "b"), groups: [1, 1, 0], count: 3) == [.sequence(texts("b")), .sequence(texts("a", nil)), .null])
    let set = try AggregateRun("set_agg", [.bigint])
    #expect(try set(integers(2, 1, 2, nil, nil)) == .sequence(integers(2, 1, nil)))
    let union = try AggregateRun("set_union", [.array(.bigint)])
    #expect(try union([.sequence(integers(1, 2)), .null, .sequence(integers(2, 3))]) == .sequence(integers(1, 2, 3)))
    #expect(try union([.null]) == .sequence([]))
  }

  @Test func maps() throws {
    let map = try AggregateRun("map_agg", [.varchar, .bigint])
    #expect(
      try map([[.text("a"), .integer(1)], [.null, .integer(2)], [.text("a"), .integer(3)], [.text("b"), .null]])
        == .sequence([.sequence([.text("a"), .integer(1)]), .sequence([.text("b"), .null])]))
    let multi = try AggregateRun("multimap_agg", [.varchar, .bigint])
    #expect(
      try multi([[.text("a"), .integer(1)], [.text("b"), .integer(2)], [.text("a"), .integer(3)]])
        == .sequence([.sequence([.text("a"), .sequence(integers(1, 3))]), .sequence([.text("b"), .sequence(integers(2))])]))
    let union = try AggregateRun("map_union", [.map(key: .bigint, value: .bigint)])
    let one = Constant.sequence([.sequence(integers(1, 10))]),
      two = Constant.sequence([.sequence(integers(1, 20)), .sequence(integers(2, 30))])
    #expect(try union([one, two, .null]) == .sequence([.sequence(integers(1, 10)), .sequence(integers(2, 30))]))
    #expect(try union([.null]) == .null)
    #expect(try union([.sequence([])]) == .sequence([]))
  }

  @Test func histograms() throws {
    let histogram = try AggregateRun("histogram", [.varchar])
    #expect(
      sorted(try histogram(texts("a", "b", "a", nil)))
        == sorted(.sequence([.sequence([.text("a"), .integer(2)]), .sequence([.text("b"), .integer(1)])])))
    #expect(try AggregateRun("mode", [.varchar])(texts("x", "y", "y", nil)) == .text("y"))
    let frequent = try AggregateRun("approx_most_frequent", [.bigint, .varchar, .bigint])
    let rows: [[Constant]] = texts("A", "B", "A", "C", "A", "B", "C", "D", "E").map { [.integer(3), $0, .integer(15)] }
    // Presto's documentation of approx_most_frequent
    #expect(
      try frequent(rows)
        == .sequence([.sequence([.text("A"), .integer(3)]), .sequence([.text("B"), .integer(2)]), .sequence([.text("C"), .integer(2)])]))
    let numeric = try AggregateRun("numeric_histogram", [.bigint, .double])
    #expect(
      try numeric(doubles(1, 1, 10).map { [.integer(2), $0] }) == .sequence([.sequence(doubles(1, 2)), .sequence(doubles(10, 1))]))
  }

  @Test func listing() throws {
    let list = try AggregateRun("listagg", [.varchar, .varchar])
    #expect(try list([[.text("a"), .text(",")], [.null, .text(",")], [.text("b"), .text(",")]]) == .text("a,b"))
    #expect(try list([[.null, .text(",")]]) == .null)
  }

  @Test func quantiles() throws {
    let percentile = try AggregateRun("approx_percentile", [.bigint, .double])
    #expect(try percentile((1...5).map { [.integer($0), .double(0.5)] }) == .integer(3))
    #expect(try percentile([[.null, .double(0.5)]]) == .null)
    let several = try AggregateRun("approx_percentile", [.double, .array(.double)])
    let p = Constant.sequence(doubles(0, 0.5, 1))
    #expect(try several(doubles(3, 1, 2).map { [$0, p] }) == .sequence(doubles(1, 2, 3)))
    #expect(throws: PrestoError.self) { try percentile([[.integer(1), .double(1.5)]]) }
    #expect(try AggregateRun("median", [.double])(doubles(4, 1, 3, 2)) == .double(2.5))
    #expect(try AggregateRun("quantile_disc", [.varchar, .double])(texts("b", "a", "c").map { [$0, .double(0.5)] }) == .text("b"))
  }

  /// Selection agrees with sorting: many duplicates, signs, infinities and NaN, which is the largest.
  @Test func exactQuantiles() throws {
    let quantile = try AggregateRun("quantile_cont", [.double, .double])
    let shapes: [(Int) -> Double] = [
      { Double($0 * 48_271 % 1009) }, { Double($0 % 3) }, { Double(-$0) }, { $0 % 7 == 0 ? .nan : Double($0 % 50) - 25 },
      { $0 % 2 == 0 ? .infinity : -0.0 },
    ]
    for (number, shape) in shapes.enumerated() {
      for count in [1, 2, 3, 10, 1000] {
        let values = (0..<count).map(shape)
        let sorted = values.sorted { $1.isNaN ? !$0.isNaN : $0 < $1 }
        for q in [0, 0.25, 0.5, 0.75, 1] {
          let place = q * Double(count - 1), below = Int(place), share = place - Double(below)
          let low = sorted[below], high = sorted[min(below + 1, count - 1)]
          let expected = share == 0 ? low : low + (high - low) * share
          guard case .double(let found) = try quantile(values.map { [.double($0), .double(q)] }) else { return #expect(Bool(false)) }
          #expect(found == expected || found.isNaN && expected.isNaN, "shape \(number), \(count) values, \(q)")
        }
      }
    }
  }

  /// 100,000 values in a scrambled order: the rank of the answer is within 1 % of what was asked.
  @Test func quantilesOfMany() throws {
    let n: Int64 = 100_000
    let state = try AggregateRun("approx_percentile", [.double, .array(.double)]).make()
    state.resize(to: 1)
    let asked = [0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999]
    let p = vector([.sequence(asked.map { .double($0) })], .array(.double))
    for start in stride(from: 0, to: n, by: 8192) {
      let rows = (start..<min(n, start + 8192)).map { Constant.double(Double($0 * 48_271 % n)) }
      try state.updateSingle([vector(rows, .double), Vector.constant(p, count: rows.count)], count: rows.count)
    }
    guard case .sequence(let found) = try state.results(0..<1).constant(at: 0) else { return #expect(Bool(false), "no array") }
    for (q, value) in zip(asked, found) {
      if case .double(let x) = value { #expect(abs(x / Double(n) - q) < 0.01 * max(q * (1 - q), 0.01) * 4) }
    }
  }
}
