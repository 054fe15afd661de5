import Execution
import Expressions
import Plans
import Testing
import Values
import Vectors

/// Window functions against frames computed row by row.
@Suite struct WindowTests {
  private typealias Frame = Plan.Window.Frame
  private typealias Call = Plan.Window.Call

  /// partition, order key (with ties and nulls), a number, offset, order key − 2, order key + 1, a number of its own.
  private static let types: [DataType] = [.varchar, .bigint, .bigint, .bigint, .bigint, .bigint, .bigint]

  private static func table(_ scenario: Scenario, _ count: Int) async throws -> Table {
    let rows = (0..<count).map { id -> [Constant] in
      let key = scenario.random.constant(.bigint)
      func shifted(_ by: Int64) -> Constant { if case .integer(let x) = key { .integer(x + by) } else { .null } }
      return [
        scenario.random.constant(.varchar), key, scenario.random.constant(.bigint), .integer(Int64(scenario.random.below(4))), shifted(-2),
        shifted(1),
        .integer(Int64(id)),
      ]
    }
    return try await scenario.table(types, rows, batch: 40)
  }

  private struct Naive {
    let rows: [[Constant]]
    let orderKeys: [Int]
    let isAscending: Bool
    let nullsFirst: Bool

    func order(_ a: [Constant], _ b: [Constant]) -> Int {
      for key in orderKeys {
        if a[key].isNull || b[key].isNull {
          let sign = StructureTests.order(a[key], b[key], .bigint, nullsFirst: nullsFirst)
          if sign != 0 { return sign }
          continue
        }
        let sign = StructureTests.order(a[key], b[key], .bigint)
        if sign != 0 { return isAscending ? sign : -sign }
      }
      return 0
    }

    /// Rows of one partition in order; among equals, in the order of their own numbers.
    func partitions() -> [[[Constant]]] {
      var parts: [String: [[Constant]]] = [:]
      for row in rows { parts[Identity.key(row[0], .varchar), default: []].append(row) }
      return parts.values.map { part in
        part.sorted {
          let sign = order($0, $1)
          return sign == 0 ? StructureTests.order($0[6], $1[6], .bigint) < 0 : sign < 0
        }
      }
    }

    private func number(_ value: Constant) -> Int { if case .integer(let x) = value { Int(x) } else { 0 } }

    /// Positions in the frame of row `i`, by its definition: every row of the partition is asked.
    func frame(_ part: [[Constant]], _ i: Int, _ frame: Plan.Window.Frame, _ table: Table) -> [Int] {
      let row = part[i]
      func group(_ k: Int) -> Int { (0..<k).reduce(0) { $0 + (order(part[$1], part[$1 + 1]) == 0 ? 0 : 1) } }
      func channel(_ symbol: Symbol) -> Int { table.symbols.firstIndex(of: symbol) ?? 0 }
      func isInside(_ k: Int, _ bound: Plan.Window.Frame.Bound, isStart: Bool) -> Bool {
        /// Position of `k` against the edge: negative before it, zero on it.
        let side: Int
        switch bound {
        case .unboundedPreceding: return isStart
        case .unboundedFollowing: return !isStart
        case .currentRow:
          switch frame.unit {
          case .rows: side = k - i
          case .range, .groups: side = order(part[k], row)
          }
        case .preceding(let symbol), .following(let symbol):
          var distance = number(row[channel(symbol)])
          if case .preceding = bound { distance = -distance }
          switch frame.unit {
          case .rows: side = k - (i + distance)
          case .groups: side = group(k) - (group(i) + distance)
          case .range:
            // the symbol holds the key at the edge; a null key has its peers
            let edge = row[channel(symbol)]
            if edge.isNull {
              side = order(part[k], row)
            } else {
              var other = row
              other[1] = edge
              side = order(part[k], other)
            }
          }
        }
        return isStart ? side >= 0 : side <= 0
      }
      let all = part.indices.filter { isInside($0, frame.start, isStart: true) && isInside($0, frame.end, isStart: false) }
      switch frame.exclusion {
      case .none: return all
      case .currentRow: return all.filter { $0 != i }
      case .group: return all.filter { order(part[$0], row) != 0 }
      case .ties: return all.filter { $0 == i || order(part[$0], row) != 0 }
      }
    }
  }

  private static func present(_ part: [[Constant]], _ frame: [Int]) -> [Int64] {
    frame.compactMap { if case .integer(let x) = part[$0][2] { x } else { nil } }
  }

  private static func check(
    _ seed: UInt64, _ frame: (Table) -> Plan.Window.Frame, isTotal: Bool, isAscending: Bool = true, nullsFirst: Bool = false, _ what: String
  )
    async throws
  {
    let scenario = Scenario(seed: seed)
    let table = try await table(scenario, 90)
    let order =
      [Ordering(table[1], isAscending: isAscending, nullsFirst: nullsFirst)]
      + (isTotal ? [Ordering(table[6], isAscending: isAscending)] : [])
    let naive = Naive(rows: table.rows, orderKeys: isTotal ? [1, 6] : [1], isAscending: isAscending, nullsFirst: nullsFirst)
    let frame = frame(table)
    func call(_ name: String, _ arguments: [Expression], ignoresNulls: Bool = false) throws -> Call {
      let kind: Function.Kind = ["sum", "count", "min"].contains(name) ? .aggregate : .window
      let resolved = try Scenario.functions.resolve(name, kind, arguments.map { .value($0.type) })
      return Call(
        symbol: scenario.symbols.fresh(name, resolved.result), function: resolved.id, arguments: arguments, frame: frame,
        ignoresNulls: ignoresNulls)
    }
    var calls = [try call("sum", [table.expression(2)]), try call("count", [table.expression(2)]), try call("min", [table.expression(2)])]
    if isTotal {
      calls += [
        try call("first_value", [table.expression(2)]), try call("last_value", [table.expression(2)]),
        try call("nth_value", [table.expression(2), .constant(.integer(2), .bigint)]),
        try call("first_value", [table.expression(2)], ignoresNulls: true),
        try call("last_value", [table.expression(2)], ignoresNulls: true),
      ]
    }
    let plan = Plan(.window(.init(input: table.plan, partition: [table[0]], order: order, calls: calls)))
    var wanted: [[Constant]] = []
    for part in naive.partitions() {
      for i in part.indices {
        let positions = naive.frame(part, i, frame, table), numbers = present(part, positions)
        let sum: Constant = numbers.isEmpty ? .null : .integer(numbers.reduce(0, +))
        let least: Constant = numbers.min().map { .integer($0) } ?? .null
        var row: [Constant] = part[i]
        row += [sum, .integer(Int64(numbers.count)), least]
        if isTotal {
          let known = positions.filter { !part[$0][2].isNull }
          let places: [Int?] = [positions.first, positions.last, positions.count > 1 ? positions[1] : nil, known.first, known.last]
          for place in places { row.append(place.map { part[$0][2] } ?? .null) }
        }
        wanted.append(row)
      }
    }
    let found = try await scenario.run(plan)
    if let difference = Identity.difference(found, wanted, plan.outputs.map(\.type)) {
      Issue.record("\(what), seed \(seed): \(difference)")
    }
  }

  @Test(arguments: Frame.Unit.allOfThem, Frame.Exclusion.allOfThem)
  func frames(_ unit: Plan.Window.Frame.Unit, _ exclusion: Plan.Window.Frame.Exclusion) async throws {
    for (number, shape) in ["all", "to here", "from here", "behind", "ahead", "around", "peers"].enumerated() {
      for isTotal in [true, false] {
        // rows among equals have no order of their own; a range with an offset has one key
        if unit == .rows && !isTotal { continue }
        if unit == .range && isTotal && number > 2 && number < 6 { continue }
        func frame(_ table: Table) -> Plan.Window.Frame {
          let behind = unit == .range ? table[4] : table[3], ahead = unit == .range ? table[5] : table[3]
          let bounds: (Plan.Window.Frame.Bound, Plan.Window.Frame.Bound) =
            switch shape {
            case "all": (.unboundedPreceding, .unboundedFollowing)
            case "to here": (.unboundedPreceding, .currentRow)
            case "from here": (.currentRow, .unboundedFollowing)
            case "behind": (.unboundedPreceding, .preceding(behind))
            case "ahead": (.following(ahead), .unboundedFollowing)
            case "around": (.preceding(behind), .following(ahead))
            default: (.currentRow, .currentRow)
            }
          return Plan.Window.Frame(unit, bounds.0, bounds.1, exclusion: exclusion)
        }
        let isAscending = !(number % 3 == 1 && unit != .range)
        for nullsFirst in [false, true] {
          try await Self.check(
            UInt64(1 + number), frame, isTotal: isTotal, isAscending: isAscending, nullsFirst: nullsFirst,
            "\(unit) \(shape) excluding \(exclusion), total order \(isTotal)")
        }
      }
    }
  }

  @Test func numberings() async throws {
    for seed in UInt64(1)...5 {
      let scenario = Scenario(seed: seed)
      let table = try await Self.table(scenario, 120)
      let naive = Naive(rows: table.rows, orderKeys: [1], isAscending: true, nullsFirst: false)
      func call(_ name: String, _ arguments: [Expression] = []) throws -> Call {
        let resolved = try Scenario.functions.resolve(name, .window, arguments.map { .value($0.type) })
        return Call(symbol: scenario.symbols.fresh(name, resolved.result), function: resolved.id, arguments: arguments, frame: .standard)
      }
      let ranks = [try call("rank"), try call("dense_rank"), try call("percent_rank"), try call("cume_dist")]
      let plan = Plan(.window(.init(input: table.plan, partition: [table[0]], order: [Ordering(table[1])], calls: ranks)))
      var wanted: [[Constant]] = []
      for part in naive.partitions() {
        for i in part.indices {
          let before = part.indices.filter { naive.order(part[$0], part[i]) < 0 }
          let upTo = part.indices.filter { naive.order(part[$0], part[i]) <= 0 }
          let distinct = Set(before.map { Identity.key(part[$0][1], .bigint) })
          let percent: Double = part.count == 1 ? 0 : Double(before.count) / Double(part.count - 1)
          let share = Double(upTo.count) / Double(part.count)
          let expected: [Constant] = [
            .integer(Int64(before.count + 1)), .integer(Int64(distinct.count + 1)), .double(percent), .double(share),
          ]
          wanted.append(part[i] + expected)
        }
      }
      let found = try await scenario.run(plan)
      #expect(Identity.difference(found, wanted, plan.outputs.map(\.type)) == nil, "seed \(seed)")
      // those that number rows need an order without ties
      let total = Naive(rows: table.rows, orderKeys: [1, 6], isAscending: true, nullsFirst: false)
      let others = [
        try call("row_number"), try call("ntile", [.constant(.integer(4), .bigint)]), try call("lag", [table.expression(2)]),
        try call("lead", [table.expression(2), table.expression(3), .constant(.integer(-99), .bigint)]),
      ]
      let second = Plan(
        .window(.init(input: table.plan, partition: [table[0]], order: [Ordering(table[1]), Ordering(table[6])], calls: others)))
      wanted = []
      for part in total.partitions() {
        for i in part.indices {
          // the first buckets are one larger
          var bucket = 1, left = i
          func size(_ bucket: Int) -> Int { part.count / 4 + (bucket <= part.count % 4 ? 1 : 0) }
          while left >= size(bucket) {
            left -= size(bucket)
            bucket += 1
          }
          var ahead = i
          if case .integer(let distance) = part[i][3] { ahead += Int(distance) }
          let before: Constant = i > 0 ? part[i - 1][2] : .null
          let after: Constant = ahead < part.count ? part[ahead][2] : .integer(-99)
          let expected: [Constant] = [.integer(Int64(i + 1)), .integer(Int64(bucket)), before, after]
          wanted.append(part[i] + expected)
        }
      }
      #expect(Identity.difference(try await scenario.run(second), wanted, second.outputs.map(\.type)) == nil, "seed \(seed)")
    }
  }

  /// Frames that are long, overlap, grow, or hold a row or two, in partitions of every size; with nulls and a filter.
  @Test func longFrames() async throws {
    let scenario = Scenario(seed: 21)
    let sizes = [1, 2, 3000, 7, 1, 9000, 64, 20000]
    var partition: [Int64] = [], order: [Int64] = [], value: [Int64] = []
    for (number, size) in sizes.enumerated() {
      for row in 0..<size {
        partition.append(Int64(number))
        order.append(Int64(row))
        value.append(Int64(scenario.random.below(1000)) - 300)
      }
    }
    let places = (0..<order.count).shuffled(using: &scenario.random)
    let behind = [Int64](repeating: 100, count: order.count), ahead = [Int64](repeating: 40, count: order.count)
    let table = try await scenario.table(integers: [
      places.map { partition[$0] }, places.map { order[$0] }, places.map { value[$0] }, behind, ahead,
    ])
    let flag = scenario.symbols.fresh("counts", .boolean)
    let isPositive = Expression.comparison(FunctionID.Operator.lessThan, .constant(.integer(0), .bigint), table.expression(2))
    let input = Plan(
      .project(
        .init(
          input: table.plan,
          assignments: table.symbols.map { ($0, .symbol($0)) } + [(flag, isPositive)])))
    let frames: [(Frame, (Int, Int) -> Range<Int>)] = [
      (Frame(.rows, .unboundedPreceding, .currentRow), { i, _ in 0..<i + 1 }),
      (Frame(.rows, .currentRow, .unboundedFollowing), { i, n in i..<n }),
      (Frame(.rows, .unboundedPreceding, .unboundedFollowing), { _, n in 0..<n }),
      (Frame(.rows, .preceding(table[3]), .following(table[4])), { i, n in max(0, i - 100)..<min(n, i + 41) }),
      (Frame(.rows, .preceding(table[3]), .preceding(table[4])), { i, _ in max(0, i - 100)..<max(0, i - 39) }),
      (Frame(.rows, .following(table[4]), .following(table[3])), { i, n in min(n, i + 40)..<min(n, i + 101) }),
    ]
    for filter in [nil, flag] {
      let calls = try frames.flatMap { frame in
        try ["sum", "max", "count"].map { name in
          let resolved = try Scenario.functions.resolve(name, .aggregate, [.value(.bigint)])
          return Call(
            symbol: scenario.symbols.fresh(name, resolved.result), function: resolved.id, arguments: [table.expression(2)], frame: frame.0,
            filter: filter)
        }
      }
      let plan = Plan(.window(.init(input: input, partition: [table[0]], order: [Ordering(table[1])], calls: calls)))
      var wrong = 0, seen = 0
      var sums: [[Int64]] = [], counts: [[Int64]] = [], starts: [Int] = [], at = 0
      for size in sizes {
        starts.append(at)
        let counted = value[at..<at + size].map { filter == nil || $0 > 0 ? $0 : nil }
        sums.append(counted.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1 ?? 0)) })
        counts.append(counted.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1 == nil ? 0 : 1)) })
        at += size
      }
      let outputs = [table[0], table[1]] + calls.map(\.symbol)
      for drivers in [1, 2] {
        seen = 0
        try await scenario.batches(plan, outputs, drivers: drivers) { batch in
          let columns = batch.columns.map { $0.reader(as: Int64.self) }
          for row in 0..<batch.count {
            seen += 1
            let part = Int(columns[0][row]), i = Int(columns[1][row])
            for (index, frame) in frames.enumerated() {
              let range = frame.1(i, sizes[part]), from = range.lowerBound, to = range.upperBound
              let count = counts[part][to] - counts[part][from], sum = sums[part][to] - sums[part][from]
              let isSum = count == 0 ? !columns[2 + 3 * index].isValid(row) : columns[2 + 3 * index][row] == sum
              var isMost = true
              if range.count < 200 {
                let most = value[starts[part] + from..<starts[part] + to].filter { filter == nil || $0 > 0 }.max()
                isMost = most.map { columns[3 + 3 * index][row] == $0 } ?? !columns[3 + 3 * index].isValid(row)
              }
              if !isSum || !isMost || columns[4 + 3 * index][row] != count { wrong += 1 }
            }
          }
          withExtendedLifetime(batch) {}
        }
        #expect(wrong == 0 && seen == order.count, "\(drivers) drivers, filter \(filter != nil)")
      }
    }
  }

  @Test func aPartitionIsWhateverGroupByCallsEqual() async throws {
    for type in keyTypes {
      let scenario = Scenario(seed: 11)
      let table = try await scenario.table([type], scenario.random.rows([type], 150), batch: 30)
      let count = try Scenario.functions.resolve("count", .aggregate, [])
      let call = Call(symbol: scenario.symbols.fresh("n", .bigint), function: count.id, arguments: [], frame: .standard)
      let plan = Plan(.window(.init(input: table.plan, partition: [table[0]], order: [], calls: [call])))
      let sizes = Identity.bag(table.rows, [type])
      let wanted = table.rows.map { row -> [Constant] in
        let size = sizes[Identity.key(row, [type]), default: 0]
        return row + [.integer(Int64(size))]
      }
      let difference = Identity.difference(try await scenario.run(plan), wanted, [type, .bigint])
      if let difference { Issue.record("\(type): \(difference)") }
    }
  }

  @Test func distinctCallsWithFilters() async throws {
    let scenario = Scenario(seed: 12)
    let types: [DataType] = [.varchar, .bigint, .boolean]
    let table = try await scenario.table(types, scenario.random.rows(types, 100))
    let resolved = try Scenario.functions.resolve("count", .aggregate, [.value(.bigint)])
    let calls = [true, false].map { isDistinct in
      Call(
        symbol: scenario.symbols.fresh("n", .bigint), function: resolved.id, arguments: [table.expression(1)], frame: .standard,
        isDistinct: isDistinct,
        filter: table[2])
    }
    let plan = Plan(.window(.init(input: table.plan, partition: [table[0]], order: [], calls: calls)))
    let wanted = table.rows.map { row -> [Constant] in
      let counted = table.rows.filter { $0[0] == row[0] && $0[2] == .boolean(true) && !$0[1].isNull }.map { $0[1] }
      let expected: [Constant] = [.integer(Int64(Set(counted).count)), .integer(Int64(counted.count))]
      return row + expected
    }
    #expect(Identity.difference(try await scenario.run(plan), wanted, types + [.bigint, .bigint]) == nil)
  }

  @Test func offsetsMustNotBeNegativeOrNull() async throws {
    let scenario = Scenario(seed: 13)
    for offset in [Constant.integer(-1), .null] {
      let table = try await scenario.table([.bigint, .bigint], [[.integer(1), offset]])
      let resolved = try Scenario.functions.resolve("count", .aggregate, [.value(.bigint)])
      let call = Call(
        symbol: scenario.symbols.fresh("n", .bigint), function: resolved.id, arguments: [table.expression(0)],
        frame: Frame(.rows, .preceding(table[1]), .currentRow))
      let plan = Plan(.window(.init(input: table.plan, partition: [], order: [Ordering(table[0])], calls: [call])))
      await #expect(throws: PrestoError.self) { _ = try await scenario.run(plan) }
    }
  }
}

extension Plan.Window.Frame.Unit {
  static let allOfThem: [Self] = [.rows, .range, .groups]
}

extension Plan.Window.Frame.Exclusion {
  static let allOfThem: [Self] = [.none, .currentRow, .group, .ties]
}
