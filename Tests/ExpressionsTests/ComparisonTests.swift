import Expressions
import Testing
import Values
import Vectors

/// Kernels against row-by-row evaluation of single values, over types, encodings and lengths around the word boundaries.
@Suite struct ComparisonTests {
  static let types: [DataType] = [
    .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal(precision: 10, scale: 2), .decimal(precision: 30, scale: 2),
    .varchar, .date, .timestamp(precision: 6), .timestampWithTimeZone(precision: 3),
  ]

  @Test(arguments: types)
  func agreesWithRowByRow(_ type: DataType) throws {
    var random = Randomness(7)
    for count in [1, 63, 64, 65, 200] {
      for left in Randomness.Shape.allCases {
        for right in Randomness.Shape.allCases {
          let a = random.vector(type, count, left), b = random.vector(type, count, right)
          for op in ComparisonOperator.allCases {
            let expression = Expr<Int>.comparison(op.rawValue, .reference(0, type), .reference(1, type))
            let result = try Scenario.evaluate(expression, [a, b], count: count)
            let expected = (0..<count).map { Self.compare(op, a.constant(at: $0), b.constant(at: $0), type) }
            for row in 0..<count {
              #expect(
                result.constant(at: row) == expected[row].map { .boolean($0) } ?? .null,
                "\(type) \(op) \(left) \(right) row \(row) of \(count)")
            }
            let rows = try Scenario.select(expression, [a, b], count: count)
            #expect(rows == (0..<count).filter { expected[$0] == true }, "\(type) \(op) \(left) \(right)")
          }
          let distinct = try Scenario.evaluate(
            .comparison(FunctionID.Operator.isDistinctFrom, .reference(0, type), .reference(1, type)), [a, b], count: count)
          for row in 0..<count {
            let x = a.constant(at: row), y = b.constant(at: row)
            let isSame =
              x.isNull || y.isNull ? x.isNull == y.isNull : Self.compare(.equal, x, y, type) == true || (Self.isNaN(x) && Self.isNaN(y))
            #expect(distinct.constant(at: row) == .boolean(!isSame))
          }
        }
      }
    }
  }

  /// Conjunctions over literals take the bitmap and the narrowing paths.
  @Test(arguments: types)
  func conjunctionsSelectWhatRowsSay(_ type: DataType) throws {
    var random = Randomness(11)
    for round in 0..<40 {
      let count = [1, 64, 130, 500][round % 4]
      let columns = (0..<3).map { _ in random.vector(type, count, [.flat, .nullable, .dictionary][random.below(3)]) }
      var conjuncts: [Expr<Int>] = []
      for _ in 0..<(1 + random.below(4)) {
        let op = ComparisonOperator.allCases[random.below(6)]
        let column = Expr<Int>.reference(random.below(3), type)
        if random.below(4) == 0 {
          conjuncts.append(
            .among(column, (0..<(1 + random.below(7))).map { _ in .constant(random.below(9) == 0 ? .null : random.constant(type), type) }))
        } else if random.below(4) == 0 {
          conjuncts.append(
            .or([.comparison(op.rawValue, column, .constant(random.constant(type), type)), .isNull(.reference(random.below(3), type))]))
        } else {
          conjuncts.append(.comparison(op.rawValue, column, .constant(random.constant(type), type)))
        }
      }
      let predicate = Expr<Int>.and(conjuncts)
      let whole = try Scenario.evaluate(predicate, columns, count: count)
      let expected = (0..<count).map { row in Self.holds(predicate, row, columns) }
      for row in 0..<count { #expect(whole.constant(at: row) == expected[row].map { .boolean($0) } ?? .null, "\(predicate) row \(row)") }
      #expect(try Scenario.select(predicate, columns, count: count) == (0..<count).filter { expected[$0] == true }, "\(predicate)")
      #expect(try Scenario.select(.not(.or([predicate])), columns, count: count) == (0..<count).filter { expected[$0] == false })
    }
  }

  // MARK: The oracle

  static func holds(_ predicate: Expr<Int>, _ row: Int, _ columns: [Vector]) -> Bool? {
    switch predicate {
    case .and(let all):
      let values = all.map { holds($0, row, columns) }
      return values.contains(false) ? false : values.contains(nil) ? nil : true
    case .or(let all):
      let values = all.map { holds($0, row, columns) }
      return values.contains(true) ? true : values.contains(nil) ? nil : false
    case .isNull(.reference(let index, _)): return columns[index].isNull(at: row)
    case .call(let id, let arguments, _):
      guard let op = ComparisonOperator(rawValue: id.name) else { return nil }
      return compare(op, value(arguments[0], row, columns), value(arguments[1], row, columns), arguments[0].type)
    case .among(let item, let list):
      return holds(.or(list.map { .comparison(ComparisonOperator.equal.rawValue, item, $0) }), row, columns)
    default: return nil
    }
  }

  private static func value(_ expression: Expr<Int>, _ row: Int, _ columns: [Vector]) -> Constant {
    switch expression {
    case .reference(let index, _): columns[index].constant(at: row)
    case .constant(let value, _): value
    default: .null
    }
  }

  static func isNaN(_ value: Constant) -> Bool {
    switch value {
    case .double(let x): x.isNaN
    case .real(let x): x.isNaN
    default: false
    }
  }

  static func compare(_ op: ComparisonOperator, _ a: Constant, _ b: Constant, _ type: DataType) -> Bool? {
    if a.isNull || b.isNull { return nil }
    if isNaN(a) || isNaN(b) { return op == .notEqual }
    let order: Int
    switch (a, b) {
    case (.boolean(let x), .boolean(let y)): order = (x ? 1 : 0) - (y ? 1 : 0)
    case (.integer(let x), .integer(let y)): order = x < y ? -1 : x > y ? 1 : 0
    case (.wide(let x), .wide(let y)):
      let shift: Int128 = if case .timestampWithTimeZone = type { 16 } else { 0 }
      order = x >> shift < y >> shift ? -1 : x >> shift > y >> shift ? 1 : 0
    case (.real(let x), .real(let y)): order = x < y ? -1 : x > y ? 1 : 0
    case (.double(let x), .double(let y)): order = x < y ? -1 : x > y ? 1 : 0
    case (.bytes(let x), .bytes(let y)): order = x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    default: return nil
    }
    switch op {
    case .equal: return order == 0
    case .notEqual: return order != 0
    case .lessThan: return order < 0
    case .lessThanOrEqual: return order <= 0
    case .greaterThan: return order > 0
    case .greaterThanOrEqual: return order >= 0
    }
  }

  @Test func nestedValues() throws {
    let type = DataType.array(.bigint)
    func array(_ values: Constant...) -> Expr<Int> { .constant(.sequence(values), type) }
    func equal(_ a: Expr<Int>, _ b: Expr<Int>) throws -> Constant { try Scenario.value(.comparison("$equal", a, b)) }
    #expect(try equal(array(.integer(1), .integer(2)), array(.integer(1), .integer(2))) == .boolean(true))
    #expect(try equal(array(.integer(1)), array(.integer(1), .integer(2))) == .boolean(false))
    #expect(try equal(array(.integer(1), .null), array(.integer(1), .null)) == .null)
    #expect(try equal(array(.integer(1), .null), array(.integer(2), .null)) == .boolean(false))
    #expect(
      try Scenario.value(.comparison("$less_than", array(.integer(1), .integer(2)), array(.integer(1), .integer(3)))) == .boolean(true))
    #expect(try Scenario.value(.comparison("$less_than", array(.null), array(.integer(3)))) == .null)
    #expect(try Scenario.value(.comparison("$is_distinct_from", array(.null), array(.null))) == .boolean(false))
    let map = DataType.map(key: .varchar, value: .double)
    let one = Expr<Int>.constant(.sequence([.sequence([.text("a"), .double(1)]), .sequence([.text("b"), .double(2)])]), map)
    let two = Expr<Int>.constant(.sequence([.sequence([.text("b"), .double(2)]), .sequence([.text("a"), .double(1)])]), map)
    #expect(try equal(one, two) == .boolean(true))
  }
}
