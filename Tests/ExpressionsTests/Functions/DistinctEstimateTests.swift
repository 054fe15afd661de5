import Expressions
import Foundation
import Functions
import Testing
import Values
import Vectors

@Suite struct DistinctEstimateTests {
  @Test func distinctEstimates() throws {
    let distinct = try AggregateRun("approx_distinct", [.bigint])
    #expect(try distinct(integers(1, 2, 2, nil, 3), groups: [0, 0, 0, 0, 1], count: 3) == integers(2, 1, 0))
    for n in [200, 300, 1000, 5000, 20_000, 200_000] {
      let state = distinct.make()
      state.resize(to: 1)
      for start in stride(from: 0, to: n, by: 8192) {
        let rows = (start..<min(n, start + 8192)).map { Constant.integer(Int64($0)) }
        try state.updateSingle([vector(rows, .bigint)], count: rows.count)
      }
      guard case .integer(let estimate) = try state.results(0..<1).constant(at: 0) else { return #expect(Bool(false), "no number") }
      // three standard errors
      #expect(abs(Double(estimate) - Double(n)) <= Double(n) * 0.069, "\(n): \(estimate)")
      let travelled = distinct.make()
      travelled.resize(to: 1)
      var zero: UInt32 = 0
      try travelled.mergePartials(state.partials(0..<1), groups: &zero, count: 1)
      #expect(try travelled.results(0..<1).constant(at: 0) == .integer(estimate))
    }
    let error = #expect(throws: PrestoError.self) {
      try AggregateRun("approx_distinct", [.bigint, .double])([[.integer(1), .double(0.5)]])
    }
    #expect(error?.message == "Max standard error must be in [0.0040625, 0.26]: 0.5")
  }

  /// Short and long texts, numbers with few bits that differ: none of them may lean to one side.
  @Test(arguments: ["%d", "customer#%09d", "%d of a text that is longer than two words", "https://example.com/%d/index.html"])
  func distinctEstimatesOfTexts(_ format: String) throws {
    let distinct = try AggregateRun("approx_distinct", [.varchar])
    let sets = 20, n = 4000
    var sum = 0.0
    for set in 0..<sets {
      let texts = (0..<n).map { Constant.bytes(Array(String(format: format, set * n + $0).utf8)) }
      let flat = vector(texts, .varchar)
      let state = distinct.make()
      try state.updateSingle([flat], count: n)
      // the same values in another encoding add nothing
      let slots = Buffer(byteCount: n * 4)
      for row in 0..<n { slots.pointer(as: UInt32.self)[row] = UInt32(n - 1 - row) }
      let before = try state.results(0..<1).constant(at: 0)
      try state.updateSingle([.dictionary(flat, indices: slots, count: n)], count: n)
      try state.updateSingle([.constant(texts[7], .varchar, count: 10)], count: 10)
      let after = try state.results(0..<1).constant(at: 0)
      #expect(after == before)
      if case .integer(let estimate) = after { sum += Double(estimate) / Double(n) - 1 }
    }
    // three standard errors of a mean of so many
    #expect(abs(sum / Double(sets)) < 3 * 0.023 / Double(sets).squareRoot(), "\(format): \(sum / Double(sets))")
  }

  /// Groups of few and many values, each value several times: one state for all rows, two that are merged, and a sketch on its way agree, whatever forms
  /// the counters went through; few values are counted exactly.
  @Test func manyGroups() throws {
    let distinct = try AggregateRun("approx_distinct", [.bigint])
    // more groups than stay in the nearest cache; group g has 0 to 700 values
    let groupCount = 5000
    func valueCount(_ group: Int) -> Int { group % 50 == 0 ? group * 7 / 50 : group % 17 }
    var groups: [UInt32] = [], values: [Constant] = []
    for round in 0..<3 {
      for group in 0..<groupCount {
        for value in 0..<valueCount(group) where (value + group) % 3 <= round {
          groups.append(UInt32(group))
          values.append(.integer(Int64(group * 1000 + value)))
        }
      }
    }
    func state(_ rows: Range<Int>) throws -> any AggregateState {
      let state = distinct.make()
      state.resize(to: groupCount)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 8192) {
        let part = start..<min(start + 8192, rows.upperBound)
        let targets = Array(groups[part])
        try state.update([vector(Array(values[part]), .bigint)], groups: targets, count: part.count)
      }
      return state
    }
    func estimates(_ state: any AggregateState) throws -> [Constant] {
      let results = try state.results(0..<groupCount)
      return (0..<groupCount).map { results.constant(at: $0) }
    }
    let whole = try state(0..<values.count), merged = try state(0..<values.count / 3)
    let same = (0..<UInt32(groupCount)).map { $0 }
    try merged.merge(state(values.count / 3..<values.count), groups: same, count: groupCount)
    let travelled = distinct.make()
    travelled.resize(to: groupCount)
    try travelled.mergePartials(whole.partials(0..<groupCount), groups: same, count: groupCount)
    let found = try estimates(whole)
    #expect(try estimates(merged) == found)
    #expect(try estimates(travelled) == found)
    // every third group alone, of both halves
    let halves = try [state(0..<values.count / 2), state(values.count / 2..<values.count)].map { try #require($0 as? any SplittableState) }
    for first in 0..<3 {
      let chosen = same.filter { $0 % 3 == first }
      let parts = halves.map { $0.split(chosen, count: chosen.count) }
      try parts[0].merge(parts[1], groups: same, count: chosen.count)
      let results = try parts[0].results(0..<chosen.count)
      for (at, group) in chosen.enumerated() { #expect(results.constant(at: at) == found[Int(group)], "group \(group) split off") }
    }
    for group in 0..<groupCount {
      guard case .integer(let estimate) = found[group] else { return #expect(Bool(false), "no number") }
      let exact = valueCount(group)
      if exact <= 200 {
        #expect(estimate == exact, "group \(group)")
      } else {
        // of forty and some groups none is further away than four standard errors
        #expect(abs(Double(estimate) - Double(exact)) <= Double(exact) * 0.092, "group \(group): \(estimate) of \(exact)")
      }
    }
  }
}
