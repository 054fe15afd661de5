import Expressions
import Functions
import Testing
import Values
import Vectors

@Suite struct AggregateTests {
  @Test func counts() throws {
    let count = try AggregateRun("count", [.varchar])
    #expect(try count(texts("a", nil, "b", nil), groups: [0, 0, 1, 2], count: 4) == integers(1, 1, 0, 0))
    #expect(try AggregateRun("count", [])([[], [], []]) == .integer(3))
    #expect(try AggregateRun("count_if", [.boolean])([.boolean(true), .null, .boolean(false), .boolean(true)]) == .integer(2))
  }

  @Test func sumOfBigint() throws {
    let sum = try AggregateRun("sum", [.bigint])
    #expect(try sum(integers(1, 2, nil, -7, 5), groups: [0, 0, 1, 2, 2], count: 4) == [.integer(3), .null, .integer(-2), .null])
    #expect(try sum(integers(.max, 1, -1)) == .integer(.max), "only the sum itself must fit")
    #expect(throws: PrestoError.self) { try sum(integers(.max, 1)) }
    #expect(try sum(integers(.min)) == .integer(.min))
  }

  /// Many rows reach the word-wise, banked and vectorised loops; one addition at a time is the oracle.
  @Test(arguments: [3, 63, 64, 65, 1000, 5000]) func sumAgainstOracle(rows: Int) throws {
    var state: UInt64 = 42
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 20
    }
    let values = (0..<rows).map { _ -> Constant in random() % 10 == 0 ? .null : .integer(Int64(random() % 1_000_000_007) - 500_000_000) }
    let groups = (0..<rows).map { _ in UInt32(random() % 5) }
    var sums = [Int64?](repeating: nil, count: 5)
    for (value, group) in zip(values, groups) { if case .integer(let x) = value { sums[Int(group)] = (sums[Int(group)] ?? 0) + x } }
    #expect(try AggregateRun("sum", [.bigint])(values, groups: groups, count: 5) == sums.map { $0.map { .integer($0) } ?? .null })
    let decimal = DataType.decimal(precision: 12, scale: 2)
    #expect(
      try AggregateRun("sum", [decimal])(values, groups: groups, count: 5) == sums.map { $0.map { .wide(Int128($0)) } ?? .null })
    let lowest = (0..<5).map { group in zip(values, groups).filter { $0.1 == group }.compactMap { $0.0.wideValue }.min() }
    #expect(try AggregateRun("min", [.bigint])(values, groups: groups, count: 5) == lowest.map { $0.map { .integer(Int64($0)) } ?? .null })
  }

  @Test func decimals() throws {
    let short = DataType.decimal(precision: 5, scale: 2), long = DataType.decimal(precision: 38, scale: 2)
    #expect(try AggregateRun("sum", [short]).result == .decimal(precision: 38, scale: 2))
    let big = Int128(99_999_999_999_999_999_999_999_999_999_999_999_999)
    let sum = try AggregateRun("sum", [long])
    #expect(try sum([.wide(big), .wide(-big), .wide(5)]) == .wide(5))
    #expect(try sum([.wide(big), .wide(big), .wide(-big)]) == .wide(big), "an intermediate overflow that goes away")
    let error = #expect(throws: PrestoError.self) { try sum([.wide(big), .wide(big)]) }
    #expect(error?.code == .numericValueOutOfRange && error?.message == "Decimal overflow")
    #expect(try AggregateRun("avg", [long])([.wide(big), .wide(big), .wide(big)]) == .wide(big))
    #expect(try AggregateRun("avg", [long])([.wide(-big), .wide(-big), .wide(-big), .wide(-big)]) == .wide(-big))
    // half up: 0.01 and 0.02 make 0.015, shown as 0.02
    #expect(try AggregateRun("avg", [short])(integers(1, 2)) == .integer(2))
    #expect(try AggregateRun("avg", [short])(integers(-1, -2)) == .integer(-2))
    #expect(try AggregateRun("avg", [short])(integers(1, 1, 2)) == .integer(1))
  }

  @Test func averages() throws {
    #expect(try AggregateRun("avg", [.bigint])(integers(1, 2, nil, 3, 4)) == .double(2.5))
    #expect(try AggregateRun("avg", [.double])(doubles(nil, nil)) == .null)
    #expect(try AggregateRun("avg", [.real])([.real(1), .real(2)]) == .real(1.5))
    #expect(try AggregateRun("geometric_mean", [.double])(doubles(2, 8)) == .double(4))
  }

  @Test func extremes() throws {
    let min = try AggregateRun("min", [.double]), max = try AggregateRun("max", [.double])
    #expect(try min(doubles(.nan, 5.5, 3.3)) == .double(3.3), "NaN is no candidate")
    #expect(try max(doubles(.nan, 5.5, 3.3)) == .double(5.5))
    #expect(try min(doubles(.infinity, .nan)) == .double(.infinity))
    #expect("\(try max(doubles(.nan, .nan)))".contains("nan"))
    #expect(try max(doubles(-.infinity)) == .double(-.infinity))
    #expect(
      try AggregateRun("min", [.varchar])(
        texts("a longer text than twelve", nil, "a longer text than any", "b"), groups: [0, 0, 0, 1], count: 3)
        == texts("a longer text than any", "b", nil))
    #expect(try AggregateRun("max", [.varchar])(texts("", "a")) == .text("a"))
    #expect(try AggregateRun("max", [.boolean])([.boolean(false), .boolean(true)]) == .boolean(true))
    let array = DataType.array(.bigint)
    #expect(
      try AggregateRun("max", [array])([.sequence(integers(1, 2)), .sequence(integers(1, 3)), .sequence(integers(1))])
        == .sequence(integers(1, 3)))
    #expect(try AggregateRun("any_value", [.varchar])(texts(nil, "x"), groups: [0, 0], count: 2) == texts("x", nil))
  }

  @Test func best() throws {
    let minBy = try AggregateRun("min_by", [.varchar, .double]), maxBy = try AggregateRun("max_by", [.varchar, .double])
    let rows: [[Constant]] = [[.text("a"), .double(.nan)], [.text("b"), .double(5.5)], [.text("c"), .double(3.3)]]
    #expect(try minBy(rows) == .text("c"))
    #expect(try maxBy(rows) == .text("b"))
    #expect(try minBy([[.text("a"), .double(.nan)]]) == .text("a"))
    #expect(
      try maxBy([[.null, .double(9)], [.text("x"), .double(1)], [.text("y"), .null]]) == .null, "the value of the best key may be null")
    let three = try AggregateRun("max", [.bigint, .bigint])
    #expect(
      try three([[.integer(1), .integer(2)], [.integer(5), .integer(2)], [.null, .integer(2)], [.integer(3), .integer(2)]])
        == .sequence(integers(5, 3)))
    let keyed = try AggregateRun("min_by", [.varchar, .bigint, .bigint])
    #expect(
      try keyed([[.text("a"), .integer(3), .integer(2)], [.text("b"), .integer(1), .integer(2)], [.text("c"), .integer(2), .integer(2)]])
        == .sequence(texts("b", "c")))
  }

  @Test func booleansAndBits() throws {
    #expect(try AggregateRun("bool_and", [.boolean])([.boolean(true), .null, .boolean(false)]) == .boolean(false))
    #expect(try AggregateRun("bool_or", [.boolean])([.null]) == .null)
    #expect(try AggregateRun("every", [.boolean])([.boolean(true)]) == .boolean(true))
    #expect(try AggregateRun("bitwise_and_agg", [.bigint])(integers(12, 10)) == .integer(8))
    #expect(try AggregateRun("bitwise_or_agg", [.bigint])(integers(12, 10)) == .integer(14))
    #expect(try AggregateRun("bitwise_xor_agg", [.bigint])(integers(12, 10)) == .integer(6))
  }

  private func close(_ value: Constant, _ expected: Double) -> Bool {
    if case .double(let x) = value { abs(x - expected) <= 1e-12 * max(1, abs(expected)) } else { false }
  }

  @Test func moments() throws {
    let values = doubles(2, 4, 4, 4, 5, 5, 7, 9).map { [$0] }
    func run(_ name: String) throws -> Constant {
      let state = try AggregateRun(name, [.double]).make()
      state.resize(to: 1)
      try state.updateSingle([vector(values.map { $0[0] }, .double)], count: values.count)
      return try state.results(0..<1).constant(at: 0)
    }
    #expect(close(try run("stddev_pop"), 2))
    #expect(close(try run("var_pop"), 4))
    #expect(close(try run("variance"), 32.0 / 7))
    // numpy and scipy: skew(bias=True) and kurtosis(bias=False)
    #expect(close(try run("skewness"), 0.65625))
    #expect(close(try run("kurtosis"), 0.940625))
    #expect(try AggregateRun("stddev", [.double])(doubles(3)) == .null)
    #expect(close(try AggregateRun("entropy", [.bigint])(integers(1, 1, 2, 0)), 1.5))
  }

  @Test func regression() throws {
    let rows: [[Constant]] = [[3, 1], [5, 2], [7, 3], [9, 4]].map { $0.map { .double($0) } }
    func run(_ name: String) throws -> Double {
      let state = try AggregateRun(name, [.double, .double]).make()
      state.resize(to: 1)
      try state.updateSingle([vector(rows.map { $0[0] }, .double), vector(rows.map { $0[1] }, .double)], count: 4)
      if case .double(let x) = try state.results(0..<1).constant(at: 0) { return x }
      return .nan
    }
    #expect(abs(try run("regr_slope") - 2) < 1e-12)
    #expect(abs(try run("regr_intercept") - 1) < 1e-12)
    #expect(abs(try run("corr") - 1) < 1e-12)
    #expect(abs(try run("covar_samp") - 10.0 / 3) < 1e-12)
    #expect(abs(try run("regr_r2") - 1) < 1e-12)
    #expect(try run("regr_count") == 4)
  }

  @Test func checksum() throws {
    // Trino's TestCorrelatedAggregation: checksum of the integer 2
    #expect(try AggregateRun("checksum", [.integer])(integers(2)) == .bytes([0xd0, 0xf7, 0x0c, 0xeb, 0xd1, 0x31, 0xec, 0x61]))
    #expect(try AggregateRun("checksum", [.integer])([Constant]()) == .null)
  }
}
