import Expressions
import Testing
import Values
import Vectors

@Suite struct EvaluationTests {
  private let x = Expr<Int>.reference(0, .bigint), y = Expr<Int>.reference(1, .bigint)

  private func bigints(_ values: [Int64?]) -> Vector {
    let builder = VectorBuilder(.bigint, capacity: max(values.count, 1))
    for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
    return builder.finish()
  }

  private func constants(_ vector: Vector) -> [Constant] { (0..<vector.count).map { vector.constant(at: $0) } }

  @Test func errorsInDeadBranchesNeverHappen() throws {
    let columns = [bigints([10, 20, 30, nil]), bigints([2, 0, 5, 0])]
    let quotient = try Scenario.call("$divide", x, y)
    let isSafe = Expr<Int>.comparison("$not_equal", y, .constant(.integer(0), .bigint))
    let guarded = Expr<Int>.if(isSafe, then: quotient, else: .constant(.integer(-1), .bigint))
    #expect(constants(try Scenario.evaluate(guarded, columns, count: 4)) == [.integer(5), .integer(-1), .integer(6), .integer(-1)])
    let above = Expr<Int>.comparison("$greater_than", quotient, .constant(.integer(5), .bigint))
    #expect(
      constants(try Scenario.evaluate(.and([isSafe, above]), columns, count: 4)) == [
        .boolean(false), .boolean(false), .boolean(true), .boolean(false),
      ])
    #expect(try Scenario.select(.and([isSafe, above]), columns, count: 4) == [2])
    let unsafe = Expr<Int>.comparison("$equal", y, .constant(.integer(0), .bigint))
    #expect(try Scenario.select(.or([unsafe, above]), columns, count: 4) == [1, 2, 3])
    #expect(
      constants(try Scenario.evaluate(.coalesce([x, quotient]), [bigints([1, 2]), bigints([0, 0])], count: 2)) == [
        .integer(1), .integer(2),
      ])
    #expect(Scenario.failure { _ = try Scenario.select(.and([above, isSafe]), columns, count: 4) }?.code == .divisionByZero)
  }

  @Test func threeValuedLogic() throws {
    let values: [Constant] = [.boolean(true), .boolean(false), .null]
    for a in values {
      for b in values {
        let left = Expr<Int>.constant(a, .boolean), right = Expr<Int>.reference(0, .boolean)
        let column = [Vector.constant(b, .boolean, count: 3).flattened()]
        let and: Constant = a == .boolean(false) || b == .boolean(false) ? .boolean(false) : a.isNull || b.isNull ? .null : .boolean(true)
        let or: Constant = a == .boolean(true) || b == .boolean(true) ? .boolean(true) : a.isNull || b.isNull ? .null : .boolean(false)
        #expect(try Scenario.evaluate(.and([left, right]), column, count: 3).constant(at: 2) == and)
        #expect(try Scenario.evaluate(.and([right, left]), column, count: 3).constant(at: 2) == and)
        #expect(try Scenario.evaluate(.or([left, right]), column, count: 3).constant(at: 2) == or)
        #expect(try Scenario.evaluate(.or([right, left]), column, count: 3).constant(at: 2) == or)
      }
    }
  }

  @Test func dictionariesAreEvaluatedPerEntryAndUnusedEntriesDoNoHarm() throws {
    let entries = bigints([4, 0, nil])
    let indices = Buffer(byteCount: 400)
    for i in 0..<100 { indices.pointer(as: UInt32.self)[i] = i % 2 == 0 ? 0 : 2 }
    let column = Vector.dictionary(entries, indices: indices, count: 100)
    let quotient = try Scenario.call("$divide", .constant(.integer(12), .bigint), x)
    let result = try Scenario.evaluate(quotient, [column], count: 100)
    for i in 0..<100 { #expect(result.constant(at: i) == (i % 2 == 0 ? .integer(3) : .null)) }
    let product = try Scenario.evaluate(try Scenario.call("$multiply", x, .constant(.integer(3), .bigint)), [column], count: 100)
    if case .dictionary(_, let values) = product.encoding { #expect(values.count == 3) } else { Issue.record("not per entry") }
  }

  @Test func constantsStayConstants() throws {
    let sum = try Scenario.call("$add", .constant(.integer(1), .bigint), .constant(.integer(2), .bigint))
    #expect(try Scenario.evaluate(sum, [bigints([1, 2, 3])], count: 3).constantValue != nil)
    #expect(sum.folded(functions: Scenario.functions, context: Scenario.context) == .constant(.integer(3), .bigint))
    let failing = try Scenario.call("$divide", .constant(.integer(1), .bigint), .constant(.integer(0), .bigint))
    #expect(failing.folded(functions: Scenario.functions, context: Scenario.context) == failing)
    let mixed = try Scenario.call("$add", x, sum)
    #expect(
      mixed.folded(functions: Scenario.functions, context: Scenario.context)
        == (try Scenario.call("$add", x, .constant(.integer(3), .bigint))))
  }

  @Test func sharedSubexpressionsAreRightInBranchesAndLogic() throws {
    let columns = [bigints((0..<300).map { $0 % 7 == 0 ? nil : $0 }), bigints((0..<300).map { $0 % 5 })]
    let product = try Scenario.call("$multiply", x, y)
    let big = Expr<Int>.comparison("$greater_than", product, .constant(.integer(300), .bigint))
    let odd = Expr<Int>.comparison(
      "$equal", try Scenario.call("$modulus", product, .constant(.integer(2), .bigint)), .constant(.integer(1), .bigint))
    let choice = Expr<Int>.if(.and([big, odd]), then: product, else: try Scenario.call("$negate", product))
    let outputs = try Projection([product, choice, choice], functions: Scenario.functions, context: Scenario.context)
      .evaluate(Batch(columns, count: 300))
    for i in 0..<300 {
      let expected: Int64? = i % 7 == 0 ? nil : Int64(i * (i % 5))
      #expect(outputs[0].constant(at: i) == expected.map { .integer($0) } ?? .null)
      let chosen = expected.map { $0 > 300 && $0 % 2 == 1 ? $0 : -$0 }
      #expect(outputs[1].constant(at: i) == chosen.map { .integer($0) } ?? .null)
      #expect(outputs[2].constant(at: i) == outputs[1].constant(at: i))
    }
    #expect(
      try Scenario.select(.and([big, odd]), columns, count: 300)
        == (0..<300).filter { $0 % 7 != 0 && $0 * ($0 % 5) > 300 && ($0 * ($0 % 5)) % 2 == 1 })
  }

  @Test func textBranchesAndNestedBranches() throws {
    let condition = Expr<Int>.comparison("$greater_than", x, .constant(.integer(1), .bigint))
    let long = Expr<Int>.constant(.text("a text that is not inline"), .varchar)
    let shown = Expr<Int>.if(
      condition, then: long, else: .cast(try Scenario.call("$divide", .constant(.integer(6), .bigint), x), to: .varchar, safe: false))
    let result = try Scenario.evaluate(shown, [bigints([1, 2, -3, nil])], count: 4)
    #expect((0..<4).map { result.text(at: $0) } == ["6", "a text that is not inline", "-2", nil])
    let type = DataType.array(.bigint)
    let arrays = Expr<Int>.if(
      condition, then: .call(FunctionID("$array", [.bigint, .bigint]), [x, x], type),
      else: .call(FunctionID("$array", [.bigint]), [try Scenario.call("$divide", .constant(.integer(6), .bigint), x)], type))
    let nested = try Scenario.evaluate(arrays, [bigints([1, 2, -3, nil])], count: 4)
    #expect((0..<4).map { nested.text(at: $0) } == ["[6]", "[2, 2]", "[-2]", "[null]"])
  }

  @Test func rowsAndSubscripts() throws {
    let type = DataType.row([.init("a", .bigint), .init("b", .varchar)])
    let row = Expr<Int>.call(FunctionID("$row", [.bigint, .varchar]), [x, .constant(.text("t"), .varchar)], type)
    let columns = [bigints([7, nil])]
    #expect(try Scenario.evaluate(row, columns, count: 2).text(at: 1) == "{a=null, b=t}")
    #expect(try Scenario.evaluate(.field(row, index: 0, .bigint), columns, count: 2).constant(at: 0) == .integer(7))
    let array = Expr<Int>.call(FunctionID("$array", [.bigint, .bigint]), [x, .constant(.integer(9), .bigint)], .array(.bigint))
    #expect(
      try Scenario.evaluate(try Scenario.call("$subscript", array, .constant(.integer(2), .integer)), columns, count: 2).constant(at: 1)
        == .integer(9))
    #expect(
      Scenario.failure {
        _ = try Scenario.evaluate(try Scenario.call("$subscript", array, .constant(.integer(3), .bigint)), columns, count: 2)
      }?.message
        == "Array subscript must be less than or equal to array length: 3 > 2")
  }

  @Test func longListsAreFast() throws {
    let list = (0..<100_000).map { Expr<Int>.constant(.integer(Int64($0) * 1_000_003), .bigint) }
    let column = bigints((0..<1000).map { Int64($0) * 500_001_500 })
    let expected = (0..<1000).filter { ($0 * 500_001_500) % 1_000_003 == 0 && $0 * 500_001_500 / 1_000_003 < 100_000 }
    #expect(try Scenario.select(.among(x, list), [column], count: 1000) == expected)
    #expect(expected.count > 100)
  }
}
