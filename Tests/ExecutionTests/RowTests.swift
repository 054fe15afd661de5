import Execution
import Expressions
import Federation
import Plans
import Testing
import Values
import Vectors

/// Operators that take a row at a time: filters, projections, unions, unnesting, and the ends of a query.
@Suite struct RowTests {
  private typealias Operator = FunctionID.Operator

  @Test func filtersAndProjections() async throws {
    let types: [DataType] = [.bigint, .varchar, .bigint]
    for seed in UInt64(1)...6 {
      let scenario = Scenario(seed: seed)
      let table = try await scenario.table(types, scenario.random.rows(types, 400), batch: 90)
      let filter = Plan(
        .filter(
          .init(
            input: table.plan,
            predicate: .or([
              .comparison(Operator.lessThan, table.expression(0), table.expression(2)),
              .comparison(Operator.equal, table.expression(1), .constant(.text("a"), .varchar)),
            ]))))
      let kept = table.rows.filter { row in
        if row[1] == .text("a") { return true }
        if case (.integer(let x), .integer(let y)) = (row[0], row[2]) { return x < y }
        return false
      }
      #expect(Identity.difference(try await scenario.run(filter), kept, types) == nil, "seed \(seed)")
      #expect(Identity.difference(try await scenario.run(filter, [table[1]]), kept.map { [$0[1]] }, [.varchar]) == nil, "seed \(seed)")
      let sum = scenario.symbols.fresh("sum", .bigint), copy = scenario.symbols.fresh("copy", .varchar),
        one = scenario.symbols.fresh("one", .bigint)
      let add = try Scenario.functions.resolve("$add", .scalar, [.value(.bigint), .value(.bigint)])
      let project = Plan(
        .project(
          .init(
            input: filter,
            assignments: [
              (sum, .call(add.id, [table.expression(0), table.expression(2)], .bigint)), (copy, table.expression(1)),
              (one, .constant(.integer(1), .bigint)),
            ])))
      let wanted = kept.map { row -> [Constant] in
        if case (.integer(let x), .integer(let y)) = (row[0], row[2]) { return [.integer(x + y), row[1], .integer(1)] }
        return [.null, row[1], .integer(1)]
      }
      #expect(Identity.difference(try await scenario.run(project), wanted, [.bigint, .varchar, .bigint]) == nil, "seed \(seed)")
    }
  }

  @Test func valuesAndUnions() async throws {
    let scenario = Scenario(seed: 1)
    let types: [DataType] = [.bigint, .varchar]
    let a = try await scenario.table(types, scenario.random.rows(types, 120)), b = try await scenario.table(types, [])
    let outputs = [scenario.symbols.fresh("x", .bigint), scenario.symbols.fresh("y", .varchar)]
    let literal = [scenario.symbols.fresh("u", .varchar), scenario.symbols.fresh("v", .bigint)]
    let values = Plan(
      .values(
        .init(
          outputs: literal,
          rows: [
            [.constant(.text("one"), .varchar), .constant(.integer(1), .bigint)],
            [.null(.varchar), .cast(.constant(.text("2"), .varchar), to: .bigint, safe: false)],
          ])))
    let wanted = [[Constant.integer(1), .text("one")], [.integer(2), .null]]
    #expect(try await scenario.run(values, [literal[1], literal[0]]) == wanted)
    let none = Plan(.values(.init(outputs: literal, rows: [])))
    let union = Plan(
      .union(
        .init(
          inputs: [a.plan, values, b.plan, none, a.plan], outputs: outputs,
          columns: [a.symbols, [literal[1], literal[0]], b.symbols, [literal[1], literal[0]], a.symbols])))
    for drivers in 1...3 {
      #expect(Identity.difference(try await scenario.run(union, drivers: drivers), a.rows + wanted + a.rows, types) == nil)
      #expect(
        Identity.difference(
          try await scenario.run(union, [outputs[1]], drivers: drivers), (a.rows + wanted + a.rows).map { [$0[1]] }, [.varchar]) == nil)
    }
  }

  @Test func rowsGetNumbersOfTheirOwn() async throws {
    let scenario = Scenario(seed: 2)
    let table = try await scenario.table([.bigint], scenario.random.rows([.bigint], 1000), batch: 30)
    let number = scenario.symbols.fresh("id", .bigint)
    let found = try await scenario.run(Plan(.uniqueID(.init(input: table.plan, symbol: number))), drivers: 3)
    #expect(Set(found.map { $0[1] }).count == 1000)
    #expect(Identity.difference(found.map { [$0[0]] }, table.rows, [.bigint]) == nil)
  }

  @Test func oneRowAndNoOther() async throws {
    let scenario = Scenario(seed: 3)
    let types: [DataType] = [.bigint, .varchar]
    let none = try await scenario.table(types, []), one = try await scenario.table(types, [[.integer(1), .null]])
    let two = try await scenario.table(types, [[.integer(1), .null], [.integer(2), .null]], batch: 1)
    #expect(try await scenario.run(Plan(.singleRow(.init(input: none.plan)))) == [[.null, .null]])
    #expect(try await scenario.run(Plan(.singleRow(.init(input: one.plan)))) == one.rows)
    await #expect(throws: PrestoError.self) { _ = try await scenario.run(Plan(.singleRow(.init(input: two.plan)))) }
  }

  @Test func unnesting() async throws {
    let pair: DataType = .row([.init("p", .bigint), .init("q", .varchar)])
    let types: [DataType] = [.varchar, .array(.bigint), .map(key: .varchar, value: .double), .array(pair)]
    for seed in UInt64(1)...6 {
      for isOuter in [false, true] {
        let scenario = Scenario(seed: seed)
        let table = try await scenario.table(types, scenario.random.rows(types, 80), batch: 25)
        let outputs: [[Symbol]] = [
          [scenario.symbols.fresh("e", .bigint)], [scenario.symbols.fresh("k", .varchar), scenario.symbols.fresh("v", .double)],
          [scenario.symbols.fresh("p", .bigint), scenario.symbols.fresh("q", .varchar)],
        ]
        let number = scenario.symbols.fresh("n", .bigint)
        for items in [[0], [1], [2], [0, 1, 2]] {
          let plan = Plan(
            .unnest(
              .init(
                input: table.plan, kept: [table[0]], items: items.map { (table[1 + $0], outputs[$0]) }, ordinality: number, isOuter: isOuter
              )))
          var wanted: [[Constant]] = []
          for row in table.rows {
            let elements = items.map { item -> [Constant] in if case .sequence(let elements) = row[1 + item] { elements } else { [] } }
            let longest = elements.map(\.count).max() ?? 0
            func cells(_ item: Int, _ element: Constant?) -> [Constant] {
              if item == 0 { return [element ?? .null] }
              if case .sequence(let parts)? = element { return parts }
              return [.null, .null]
            }
            for k in 0..<longest {
              var expected: [Constant] = [row[0]]
              for (item, list) in zip(items, elements) { expected += cells(item, k < list.count ? list[k] : nil) }
              wanted.append(expected + [.integer(Int64(k + 1))])
            }
            if longest == 0 && isOuter {
              var expected: [Constant] = [row[0]]
              for item in items { expected += cells(item, nil) }
              wanted.append(expected + [.null])
            }
          }
          let found = try await scenario.run(plan)
          if let difference = Identity.difference(found, wanted, plan.outputs.map(\.type)) {
            Issue.record("items \(items), outer \(isOuter), seed \(seed): \(difference)")
          }
        }
      }
    }
  }

  /// A row with many elements becomes many batches.
  @Test func longArraysComeInPieces() async throws {
    let scenario = Scenario(seed: 4)
    let lists = VectorBuilder(.array(.bigint)), keys = VectorBuilder(.bigint)
    for row in 0..<3 {
      for i in 0..<100_000 { lists.children[0].append(Int64(i)) }
      lists.closeList()
      keys.append(Int64(row))
    }
    let table = try await scenario.table(
      [.init("a", .array(.bigint)), .init("k", .bigint)], [Batch([lists.finish(), keys.finish()], count: 3)], [])
    let element = scenario.symbols.fresh("e", .bigint)
    let plan = Plan(.unnest(.init(input: table.plan, kept: [table[1]], items: [(table[0], [element])])))
    var rows = 0, largest = 0, sum = 0
    try await scenario.batches(plan) { batch in
      rows += batch.count
      largest = max(largest, batch.count)
      let elements = batch.columns[1].flattened().reader(as: Int64.self)
      for i in 0..<batch.count { sum += Int(elements[i]) }
    }
    #expect(rows == 300_000 && sum == 3 * 4_999_950_000)
    #expect(largest <= Batch.habitualCount)
  }

  @Test func samples() async throws {
    let scenario = Scenario(seed: 5)
    let table = try await scenario.table([.bigint], (0..<4000).map { [.integer(Int64($0))] }, batch: 40)
    for isSystem in [false, true] {
      #expect(try await scenario.run(Plan(.sample(.init(input: table.plan, fraction: 0, isSystem: isSystem)))).isEmpty)
      #expect(try await scenario.run(Plan(.sample(.init(input: table.plan, fraction: 1, isSystem: isSystem)))).count == 4000)
      let half = try await scenario.run(Plan(.sample(.init(input: table.plan, fraction: 0.5, isSystem: isSystem))))
      #expect(Set(half).count == half.count)
      // 4000 rows in some 200 batches: further from the half than ten deviations is not chance
      #expect((500...3500).contains(half.count))
    }
  }

  // Ends

  @Test(arguments: 1...3)
  func anErrorEndsAllDrivers(_ drivers: Int) async throws {
    let scenario = Scenario(seed: 6)
    let table = try await scenario.table(integers: [(0..<300_000).map { Int64($0) }])
    let divide = try Scenario.functions.resolve("$divide", .scalar, [.value(.bigint), .value(.bigint)])
    let subtract = try Scenario.functions.resolve("$subtract", .scalar, [.value(.bigint), .value(.bigint)])
    let result = scenario.symbols.fresh("r", .bigint)
    let failing = Plan(
      .project(
        .init(
          input: table.plan,
          assignments: [
            (
              result,
              .call(
                divide.id,
                [
                  .constant(.integer(1), .bigint),
                  .call(subtract.id, [table.expression(0), .constant(.integer(150_000), .bigint)], .bigint),
                ], .bigint)
            )
          ])))
    // above it, beneath a join's build side, a sort and an aggregation
    let other = try await scenario.table(integers: [[1, 2, 3]])
    let plans = [
      failing, Plan(.join(.init(kind: .inner, left: other.plan, right: failing, equalities: [(other[0], result)]))),
      Plan(.join(.init(kind: .full, left: failing, right: other.plan, equalities: [(result, other[0])]))),
      Plan(.sort(.init(input: failing, order: [Ordering(result)]))), Plan(.aggregate(.init(input: failing, keys: [result], calls: []))),
    ]
    for plan in plans {
      let context = scenario.context(drivers: drivers)
      let running = try RunningPlan(plan, context)
      let error = await #expect(throws: PrestoError.self) { while try await running.next() != nil {} }
      #expect(error?.code == .divisionByZero)
      await running.finished()
      #expect(context.memory.reserved == 0)
    }
  }

  @Test func aCancelledQueryEnds() async throws {
    let scenario = Scenario(seed: 7)
    let table = try await scenario.table(integers: [(0..<300_000).map { Int64($0) }])
    let other = Table(plan: table.plan, symbols: table.symbols, rows: [])
    // nobody reads: the drivers wait for room in the result
    let context = scenario.context(drivers: 2)
    let running = try RunningPlan(Plan(.join(.init(kind: .left, left: table.plan, right: other.plan, equalities: []))), context)
    #expect(try await running.next() != nil)
    running.cancel()
    await running.finished()
    await #expect(throws: (any Error).self) { while try await running.next() != nil {} }
    #expect(context.memory.reserved == 0)
    // a reader that goes away
    var left: RunningPlan? = try RunningPlan(table.plan, scenario.context(drivers: 2))
    #expect(try await left?.next() != nil)
    left = nil
    // and one that is cancelled while it waits
    let waiting = try RunningPlan(Plan(.sort(.init(input: table.plan, order: [Ordering(table[0])]))), scenario.context(drivers: 2))
    let task = Task { while try await waiting.next() != nil {} }
    task.cancel()
    _ = await task.result
    await waiting.finished()
  }
}
