import Plans
import Testing
import Values
import Vectors

@testable import Execution

/// Order, the first of an order, and how many.
@Suite struct SortTests {
  private static func keys(_ orders: [Ordering], _ table: Table) -> [SortKey] {
    orders.map { order in
      SortKey(channel: table.symbols.firstIndex(of: order.symbol) ?? 0, isAscending: order.isAscending, nullsFirst: order.nullsFirst)
    }
  }

  @Test(arguments: keyTypes.filter { !StructureTests.isMap($0) })
  func sortsAndFirstRows(_ type: DataType) async throws {
    let types = [type, .bigint, .varchar]
    for (round, count) in [0, 1, 250].enumerated() {
      for (isAscending, nullsFirst) in [(true, true), (true, false), (false, true), (false, false)] {
        let seed = UInt64(1 + round), scenario = Scenario(seed: seed)
        let table = try await scenario.table(types, scenario.random.rows(types, count), batch: 70)
        let order = [
          Ordering(table[0], isAscending: isAscending, nullsFirst: nullsFirst),
          Ordering(table[1], isAscending: !isAscending, nullsFirst: !nullsFirst),
        ]
        let keys = Self.keys(order, table)
        let wanted = table.rows.sorted { StructureTests.order($0, $1, types, keys) < 0 }
        let what = "\(type) ascending \(isAscending), nulls first \(nullsFirst), seed \(seed)"
        let found = try await scenario.run(Plan(.sort(.init(input: table.plan, order: order))), drivers: 1 + round % 3)
        #expect(Identity.difference(found, wanted, types) == nil, "\(what)")
        #expect(zip(found, found.dropFirst()).allSatisfy { StructureTests.order($0, $1, types, keys) <= 0 }, "\(what)")
        let all = Identity.bag(table.rows, types)
        for limit in [0, 10, count + 5] {
          let first = try await scenario.run(Plan(.topN(.init(input: table.plan, count: limit, order: order))), drivers: 1 + round % 3)
          #expect(first.count == min(limit, count), "\(what)")
          #expect(zip(first, wanted).allSatisfy { StructureTests.order($0, $1, types, keys) == 0 }, "first \(limit) of \(what)")
          // they are rows of the table
          #expect(Identity.bag(first, types).allSatisfy { $0.value <= all[$0.key, default: 0] }, "first \(limit) of \(what)")
        }
      }
    }
  }

  /// More rows than a driver keeps before it cuts (65,536), and limits beyond that.
  @Test func manyRows() async throws {
    let scenario = Scenario(seed: 2)
    let numbers = (0..<200_000).map { Int64(truncatingIfNeeded: ($0 &* 7_368_787) % 1_000_003) }
    let table = try await scenario.table(integers: [numbers])
    let sorted = numbers.sorted()
    for limit in [10, 20_000, 190_000, Int.max] {
      let found = try await scenario.run(Plan(.topN(.init(input: table.plan, count: limit, order: [Ordering(table[0])]))))
      #expect(found == sorted.prefix(limit).map { [.integer($0)] }, "first \(limit)")
    }
    let descending = try await scenario.run(Plan(.sort(.init(input: table.plan, order: [Ordering(table[0], isAscending: false)]))))
    #expect(descending == sorted.reversed().map { [.integer($0)] })
  }

  @Test func limits() async throws {
    let scenario = Scenario(seed: 3)
    let types: [DataType] = [.bigint, .varchar]
    let rows = (0..<500).map { [Constant.integer(Int64($0)), .text("row \($0)")] }
    let table = try await scenario.table(types, rows, batch: 50)
    for drivers in 1...3 {
      for (offset, count) in [(0, 0), (0, 1), (0, 77), (10, 100), (0, 500), (0, 1000), (450, 100), (500, 1), (600, 1)] {
        let found = try await scenario.run(Plan(.limit(.init(input: table.plan, count: count, offset: offset))), drivers: drivers)
        #expect(found.count == max(0, min(count, 500 - offset)), "\(drivers) drivers, \(count) from \(offset)")
        #expect(Set(found).count == found.count)
        #expect(found.allSatisfy { row in if case .integer(let x) = row[0] { rows[Int(x)] == row } else { false } })
        // one driver keeps the order
        if drivers == 1 { #expect(found == Array(rows.dropFirst(offset).prefix(count))) }
      }
      #expect(try await scenario.run(Plan(.limit(.init(input: table.plan, count: nil, offset: 490))), drivers: drivers).count == 10)
    }
    // over sorted rows it keeps their order
    let sorted = Plan(.sort(.init(input: table.plan, order: [Ordering(table[0], isAscending: false)])))
    #expect(
      try await scenario.run(Plan(.limit(.init(input: sorted, count: 3, offset: 2)))).map { $0[0] } == [
        .integer(497), .integer(496), .integer(495),
      ])
  }

  /// Once the first rows are there nothing more is asked for.
  @Test func limitsEndWhatIsBelow() async throws {
    let scenario = Scenario(seed: 4)
    let table = try await scenario.table(integers: [(0..<1_000_000).map { Int64($0) }])
    let context = scenario.context(drivers: 2)
    let running = try RunningPlan(Plan(.limit(.init(input: table.plan, count: 5))), context)
    var count = 0
    while let batch = try await running.next() { count += batch.count }
    await running.finished()
    #expect(count == 5)
    #expect(context.metrics.moved.rows < 200_000)
    #expect(context.memory.reserved == 0)
  }
}
