import Expressions
import Plans
import Testing
import Values
import Vectors

/// Groups against a dictionary.
@Suite struct AggregateTests {
  private typealias Call = Plan.Aggregate.Call

  private static func call(
    _ scenario: Scenario, _ name: String, _ arguments: [Expression], filter: Symbol? = nil, isDistinct: Bool = false, order: [Ordering] = []
  )
    throws -> Call
  {
    let resolved = try Scenario.functions.resolve(name, .aggregate, arguments.map { .value($0.type) })
    return Call(
      symbol: scenario.symbols.fresh(name, resolved.result), function: resolved.id, arguments: arguments, filter: filter,
      isDistinct: isDistinct, order: order)
  }

  /// What the calls below give for some rows of (key, bigint, varchar, boolean).
  private static func summary(_ rows: [[Constant]]) -> [Constant] {
    let numbers = rows.compactMap { if case .integer(let x) = $0[1] { x } else { nil } }
    let texts = rows.compactMap { $0[2].text }
    let chosen = rows.filter { $0[3] == .boolean(true) }.compactMap { if case .integer(let x) = $0[1] { x } else { nil } }
    let sum: Constant = numbers.isEmpty ? .null : .integer(numbers.reduce(0, +))
    let chosenSum: Constant = chosen.isEmpty ? .null : .integer(chosen.reduce(0, +))
    let greatest: Constant = texts.max().map { .text($0) } ?? .null
    let distinct = Set(numbers).count
    return [
      .integer(Int64(rows.count)), .integer(Int64(numbers.count)), sum, greatest, .integer(Int64(chosen.count)), .integer(Int64(distinct)),
      chosenSum,
    ]
  }
  private static let summaryTypes: [DataType] = [.bigint, .bigint, .bigint, .varchar, .bigint, .bigint, .bigint]

  private static func calls(_ scenario: Scenario, _ table: Table) throws -> [Call] {
    [
      try call(scenario, "count", []), try call(scenario, "count", [table.expression(1)]), try call(scenario, "sum", [table.expression(1)]),
      try call(scenario, "max", [table.expression(2)]), try call(scenario, "count", [table.expression(1)], filter: table[3]),
      try call(scenario, "count", [table.expression(1)], isDistinct: true),
      try call(scenario, "sum", [table.expression(1)], filter: table[3]),
    ]
  }

  @Test(arguments: keyTypes)
  func keysOfEveryType(_ type: DataType) async throws {
    let types = [type, .bigint, .varchar, .boolean]
    for (round, count) in [0, 1, 50, 400].enumerated() {
      for hasDistinct in [false, true] {
        let seed = UInt64(1 + round), scenario = Scenario(seed: seed)
        let table = try await scenario.table(types, scenario.random.rows(types, count), batch: 60)
        var calls = try Self.calls(scenario, table)
        if !hasDistinct { calls.remove(at: 5) }
        let plan = Plan(.aggregate(.init(input: table.plan, keys: [table[0]], calls: calls)))
        var groups: [String: [[Constant]]] = [:]
        for row in table.rows { groups[Identity.key(row[0], type), default: []].append(row) }
        let wanted = groups.values.map { rows -> [Constant] in
          var summary = Self.summary(rows)
          if !hasDistinct { summary.remove(at: 5) }
          return [rows[0][0]] + summary
        }
        var resultTypes = Self.summaryTypes
        if !hasDistinct { resultTypes.remove(at: 5) }
        let found = try await scenario.run(plan, drivers: 1 + round % 3)
        if let difference = Identity.difference(found, wanted, [type] + resultTypes) {
          Issue.record("by \(type), \(count) rows, distinct \(hasDistinct), seed \(seed): \(difference)")
        }
      }
    }
  }

  @Test func withoutKeysThereIsOneRow() async throws {
    let types: [DataType] = [.bigint, .bigint, .varchar, .boolean]
    for (seed, count) in [(1, 0), (2, 1), (3, 500)] {
      let scenario = Scenario(seed: UInt64(seed))
      let table = try await scenario.table(types, scenario.random.rows(types, count))
      let plan = Plan(.aggregate(.init(input: table.plan, keys: [], calls: try Self.calls(scenario, table))))
      for drivers in 1...3 { #expect(try await scenario.run(plan, drivers: drivers) == [Self.summary(table.rows)], "seed \(seed)") }
    }
  }

  /// More groups than one driver keeps in one piece (32,768), with nulls that come first, last, or never.
  @Test(arguments: [0, 1, 2])
  func manyGroupsArePartitioned(_ nulls: Int) async throws {
    let scenario = Scenario(seed: 5)
    let count = 150_000, groups = 60_000
    let rows = (0..<count).map { i -> (Int64?, Int64) in
      let isNull = nulls == 1 ? i < 10 : nulls == 2 && i > count - 10
      return (isNull ? nil : Int64(i % groups) &* 1_000_003, Int64(i))
    }
    let batches = stride(from: 0, to: count, by: 8000).map { start -> Batch in
      let keys = VectorBuilder(.bigint), numbers = VectorBuilder(.bigint), texts = VectorBuilder(.varchar)
      for (key, number) in rows[start..<min(start + 8000, count)] {
        if let key { keys.append(key) } else { keys.appendNull() }
        if let key { texts.append("group of the key \(key)") } else { texts.appendNull() }
        numbers.append(number)
      }
      return Batch([keys.finish(), texts.finish(), numbers.finish()], count: min(start + 8000, count) - start)
    }
    var wanted: [Int64?: (count: Int64, sum: Int64)] = [:]
    for (key, number) in rows { wanted[key] = (wanted[key, default: (0, 0)].count + 1, wanted[key, default: (0, 0)].sum + number) }
    let table = try await scenario.table([.init("k", .bigint), .init("t", .varchar), .init("n", .bigint)], batches, [])
    for keys in [[0], [1], [1, 0]] {
      let plan = Plan(
        .aggregate(
          .init(
            input: table.plan, keys: keys.map { table[$0] },
            calls: [try Self.call(scenario, "count", []), try Self.call(scenario, "sum", [table.expression(2)])])))
      for drivers in [1, 2, 3] {
        var found = 0, wrong = 0
        for row in try await scenario.run(plan, drivers: drivers) {
          let key: Int64?
          if case .bytes(let bytes) = row[0] {
            key = Int64(String(decoding: bytes, as: UTF8.self).dropFirst("group of the key ".count))
          } else if case .integer(let number) = row[0] {
            key = number
          } else {
            key = nil
          }
          let expected = wanted[key]
          if row[keys.count] != expected.map({ .integer($0.count) }) || row[keys.count + 1] != expected.map({ .integer($0.sum) }) {
            wrong += 1
          }
          found += 1
        }
        #expect(found == wanted.count && wrong == 0, "keys \(keys), \(drivers) drivers")
      }
    }
  }

  /// Arrays as keys and as distinct arguments, more of them than one batch of results holds.
  @Test func manyNestedKeys() async throws {
    let scenario = Scenario(seed: 6)
    let count = 45_000
    let batches = stride(from: 0, to: count, by: 5000).map { start -> Batch in
      let lists = VectorBuilder(.array(.bigint)), numbers = VectorBuilder(.bigint)
      for i in start..<start + 5000 {
        lists.children[0].append(Int64(i % 40_000))
        lists.children[0].append(Int64(1))
        lists.closeList()
        numbers.append(Int64(i % 3))
      }
      return Batch([lists.finish(), numbers.finish()], count: 5000)
    }
    let table = try await scenario.table([.init("a", .array(.bigint)), .init("n", .bigint)], batches, [])
    let grouped = Plan(.aggregate(.init(input: table.plan, keys: [table[0]], calls: [try Self.call(scenario, "count", [])])))
    for drivers in [1, 2] {
      var seen = Set<Int64>(), wrong = 0
      for row in try await scenario.run(grouped, drivers: drivers) {
        guard case .sequence(let elements) = row[0], case .integer(let number)? = elements.first else {
          Issue.record("\(row[0])")
          return
        }
        seen.insert(number)
        if elements != [.integer(number), .integer(1)] || row[1] != .integer(number < 5000 ? 2 : 1) { wrong += 1 }
      }
      #expect(seen.count == 40_000 && wrong == 0)
    }
    let distinct = Plan(
      .aggregate(.init(input: table.plan, keys: [], calls: [try Self.call(scenario, "count", [table.expression(0)], isDistinct: true)])))
    #expect(try await scenario.run(distinct) == [[.integer(40_000)]])
    let byNumber = Plan(
      .aggregate(
        .init(input: table.plan, keys: [table[1]], calls: [try Self.call(scenario, "count", [table.expression(0)], isDistinct: true)])))
    var perNumber: [Int: Set<Int>] = [:]
    for i in 0..<count { perNumber[i % 3, default: []].insert(i % 40_000) }
    #expect(
      Identity.difference(
        try await scenario.run(byNumber), perNumber.map { [.integer(Int64($0.key)), .integer(Int64($0.value.count))] }, [.bigint, .bigint])
        == nil)
  }

  /// GROUP BY and DISTINCT over more columns than a word has bits.
  @Test func manyKeyColumns() async throws {
    let width = 70, types = Array(repeating: DataType.bigint, count: width)
    let scenario = Scenario(seed: 7)
    let rows = (0..<300).map { row in (0..<width).map { $0 == row % width ? Constant.null : .integer(0) } }
    let table = try await scenario.table(types, rows)
    let plan = Plan(.aggregate(.init(input: table.plan, keys: table.symbols, calls: [])))
    let found = try await scenario.run(plan)
    #expect(Identity.difference(found, Array(rows[0..<width]), types) == nil)
  }

  /// Batches that share their dictionaries, as those of one file do, with other dictionaries and plain batches between.
  @Test func sharedDictionaries() async throws {
    let types: [DataType] = [.varchar, .bigint, .bigint]
    for seed in UInt64(1)...6 {
      let scenario = Scenario(seed: seed)
      let dictionaries = (0..<3).map { number -> [Vector] in
        // the last has nulls, and entries that are twice in it
        let texts = (0..<8).map { Constant.text("entry \($0 * (number + 1) % 5)") } + (number == 2 ? [.null] : [])
        return [
          scenario.random.vector(.varchar, texts).flattened(),
          scenario.random.vector(.bigint, (0..<6).map { .integer(Int64($0 + number)) }).flattened(),
        ]
      }
      var batches: [Batch] = [], rows: [[Constant]] = [], chosen = 0
      for _ in 0..<60 {
        if scenario.random.chance(4) { chosen = scenario.random.below(3) }
        let count = 1 + scenario.random.below(90)
        var columns = dictionaries[chosen].map { values -> Vector in
          let indices = (0..<count).map { _ in UInt32(scenario.random.below(values.count)) }
          return .dictionary(values, indices: indices.withUnsafeBytes { Buffer(copying: $0) }, count: count)
        }
        if scenario.random.chance(9) { columns[1] = columns[1].flattened() }
        columns.append(scenario.random.vector(.bigint, (0..<count).map { _ in scenario.random.constant(.bigint) }))
        batches.append(Batch(columns, count: count))
        for row in 0..<count { rows.append(columns.map { $0.constant(at: row) }) }
      }
      let table = try await scenario.table(types.enumerated().map { .init("c\($0)", $1) }, batches, rows)
      for keys in [[0], [1], [0, 1], [1, 0]] {
        let plan = Plan(
          .aggregate(
            .init(
              input: table.plan, keys: keys.map { table[$0] },
              calls: [
                try Self.call(scenario, "count", []), try Self.call(scenario, "count", [table.expression(2)], isDistinct: seed % 2 == 0),
              ])))
        let keyTypes = keys.map { types[$0] }
        var groups: [String: [[Constant]]] = [:]
        for row in rows { groups[Identity.key(keys.map { row[$0] }, keyTypes), default: []].append(row) }
        let wanted = groups.values.map { group -> [Constant] in
          let numbers = group.map { $0[2] }.filter { !$0.isNull }
          let second = seed % 2 == 0 ? Set(numbers).count : numbers.count
          return keys.map { group[0][$0] } + [.integer(Int64(group.count)), .integer(Int64(second))]
        }
        let difference = Identity.difference(
          try await scenario.run(plan, drivers: 1 + Int(seed % 3)), wanted, keyTypes + [.bigint, .bigint])
        if let difference { Issue.record("by \(keys), seed \(seed): \(difference)") }
      }
    }
  }

  @Test func ordersInsideCalls() async throws {
    let types: [DataType] = [.bigint, .varchar, .double, .boolean]
    for seed in UInt64(1)...5 {
      let scenario = Scenario(seed: seed)
      let table = try await scenario.table(types, scenario.random.rows(types, 200), batch: 30)
      let order = [Ordering(table[2], isAscending: false, nullsFirst: true), Ordering(table[1])]
      for isDistinct in [false, true] {
        let plan = Plan(
          .aggregate(
            .init(
              input: table.plan, keys: [table[0]],
              calls: [
                // ordered by what is collected, so that ties cannot be seen
                try Self.call(scenario, "array_agg", [table.expression(2)], filter: table[3], isDistinct: isDistinct, order: [order[0]]),
                try Self.call(scenario, "array_agg", [table.expression(1)], order: [order[1]]), try Self.call(scenario, "count", []),
              ])))
        var groups: [String: [[Constant]]] = [:]
        for row in table.rows { groups[Identity.key(row[0], .bigint), default: []].append(row) }
        let wanted = groups.values.map { rows -> [Constant] in
          var doubles = rows.filter { $0[3] == .boolean(true) }.map { $0[2] }.sorted { StructureTests.order($0, $1, .double) > 0 }
          if isDistinct {
            var seen = Set<String>()
            doubles = doubles.filter { seen.insert(Identity.key($0, .double)).inserted }
          }
          let texts = rows.map { $0[1] }.sorted { StructureTests.order($0, $1, .varchar) < 0 }
          return [rows[0][0], doubles.isEmpty ? .null : .sequence(doubles), .sequence(texts), .integer(Int64(rows.count))]
        }
        let found = try await scenario.run(plan)
        let difference = Identity.difference(found, wanted, [.bigint, .array(.double), .array(.varchar), .bigint])
        if let difference { Issue.record("distinct \(isDistinct), seed \(seed): \(difference)") }
      }
    }
  }

  @Test func groupingSets() async throws {
    let types: [DataType] = [.bigint, .varchar, .double]
    let scenario = Scenario(seed: 3)
    let table = try await scenario.table(types, scenario.random.rows(types, 100))
    let keys = [scenario.symbols.fresh("a", .bigint), scenario.symbols.fresh("b", .varchar)],
      group = scenario.symbols.fresh("group", .bigint)
    let sets = [[0, 1], [1], []]
    let plan = Plan(
      .groupingSets(
        .init(input: table.plan, keys: [(keys[0], table[0]), (keys[1], table[1])], sets: sets, groupID: group, passed: [table[2]])))
    let wanted = sets.enumerated().flatMap { number, set in
      table.rows.map { row -> [Constant] in
        [set.contains(0) ? row[0] : .null, set.contains(1) ? row[1] : .null, row[2], .integer(Int64(number))]
      }
    }
    #expect(Identity.difference(try await scenario.run(plan), wanted, [.bigint, .varchar, .double, .bigint]) == nil)
  }

  @Test func firstOfEveryKeyIsMarked() async throws {
    let types: [DataType] = [.varchar, .bigint]
    let scenario = Scenario(seed: 4)
    let table = try await scenario.table(types, scenario.random.rows(types, 300), batch: 20)
    let marker = scenario.symbols.fresh("first", .boolean)
    let plan = Plan(.markDistinct(.init(input: table.plan, keys: table.symbols, marker: marker)))
    let found = try await scenario.run(plan, drivers: 3)
    #expect(Identity.difference(found.map { Array($0[0...1]) }, table.rows, types) == nil)
    let marked = found.filter { $0[2] == .boolean(true) }.map { Array($0[0...1]) }
    #expect(Set(marked.map { Identity.key($0, types) }) == Set(table.rows.map { Identity.key($0, types) }))
    #expect(Set(marked.map { Identity.key($0, types) }).count == marked.count)
  }

  @Test func memoryIsCounted() async throws {
    let scenario = Scenario(seed: 9)
    let table = try await scenario.table(integers: [(0..<200_000).map { Int64($0) &* 7_919 }])
    let plan = Plan(.aggregate(.init(input: table.plan, keys: [table[0]], calls: [try Self.call(scenario, "count", [])])))
    await #expect(throws: PrestoError.self) { _ = try await scenario.run(plan, memory: 1 << 20) }
    #expect(try await scenario.run(plan).count == 200_000)
  }
}
