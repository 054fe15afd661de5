import Expressions
import Federation
import Plans
import Testing
import Values
import Vectors

@testable import Execution

/// Joins of every kind against two nested loops.
@Suite struct JoinTests {
  /// Keys as texts that are equal where SQL's `=` says so; nil for what equals nothing: null, NaN, and what has either inside.
  static func keys(_ rows: [[Constant]], _ column: Int, _ type: DataType) -> [String?] {
    func equalsItself(_ value: Constant) -> Bool {
      switch value {
      case .null: false
      case .double(let x): !x.isNaN
      case .real(let x): !x.isNaN
      case .sequence(let elements): elements.allSatisfy { equalsItself($0) }
      default: true
      }
    }
    return rows.map { equalsItself($0[column]) ? Identity.key($0[column], type) : nil }
  }

  private static func nulls(_ count: Int) -> [Constant] { Array(repeating: .null, count: count) }

  /// `a.2 < b.2`, where neither is null.
  static func residual(_ a: Table, _ b: Table) -> Expression { .comparison(FunctionID.Operator.lessThan, a.expression(2), b.expression(2)) }
  static func residualHolds(_ a: [Constant], _ b: [Constant]) -> Bool {
    if case (.integer(let x), .integer(let y)) = (a[2], b[2]) { x < y } else { false }
  }

  static func expected(
    _ kind: JoinKind, _ left: [[Constant]], _ right: [[Constant]], _ width: (Int, Int), _ matches: (_ left: Int, _ right: Int) -> Bool
  )
    -> [[Constant]]
  {
    var rows: [[Constant]] = [], found = Set<Int>()
    for (row, a) in left.enumerated() {
      var isFound = false
      for (index, b) in right.enumerated() where matches(row, index) {
        rows.append(a + b)
        isFound = true
        found.insert(index)
      }
      if !isFound && (kind == .left || kind == .full) { rows.append(a + nulls(width.1)) }
    }
    if kind == .right || kind == .full {
      for (index, b) in right.enumerated() where !found.contains(index) { rows.append(nulls(width.0) + b) }
    }
    return rows
  }

  static let kinds: [JoinKind] = [.inner, .left, .right, .full]

  @Test(arguments: keyTypes, kinds)
  func keysOfEveryType(_ type: DataType, _ kind: JoinKind) async throws {
    let types = [type, .varchar, .bigint]
    for (round, counts) in [(60, 40), (0, 30), (30, 0), (0, 0), (150, 200)].enumerated() {
      for hasResidual in [false, true] {
        let seed = UInt64(1 + round), scenario = Scenario(seed: seed)
        let left = try await scenario.table(types, scenario.random.rows(types, counts.0), batch: 20)
        let right = try await scenario.table(types, scenario.random.rows(types, counts.1), batch: 20)
        let plan = Plan(
          .join(
            .init(
              kind: kind, left: left.plan, right: right.plan, equalities: [(left[0], right[0])],
              residual: hasResidual ? Self.residual(left, right) : nil)))
        let found = try await scenario.run(plan, drivers: 1 + round % 3)
        let a = Self.keys(left.rows, 0, type), b = Self.keys(right.rows, 0, type)
        let wanted = Self.expected(kind, left.rows, right.rows, (3, 3)) {
          a[$0] != nil && a[$0] == b[$1] && (!hasResidual || Self.residualHolds(left.rows[$0], right.rows[$1]))
        }
        if let difference = Identity.difference(found, wanted, types + types) {
          Issue.record("\(kind) on \(type), \(counts), residual \(hasResidual), seed \(seed): \(difference)")
        }
      }
    }
  }

  @Test(arguments: kinds)
  func severalKeys(_ kind: JoinKind) async throws {
    let types: [DataType] = [.bigint, .varchar, .bigint, .double]
    for seed in UInt64(1)...4 {
      let scenario = Scenario(seed: seed)
      let left = try await scenario.table(types, scenario.random.rows(types, 120)),
        right = try await scenario.table(types, scenario.random.rows(types, 150))
      let plan = Plan(
        .join(
          .init(
            kind: kind, left: left.plan, right: right.plan, equalities: [(left[0], right[0]), (left[1], right[1]), (left[3], right[3])])))
      let a = [0, 1, 3].map { Self.keys(left.rows, $0, types[$0]) }, b = [0, 1, 3].map { Self.keys(right.rows, $0, types[$0]) }
      let wanted = Self.expected(kind, left.rows, right.rows, (4, 4)) { row, other in
        (0..<3).allSatisfy { a[$0][row] != nil && a[$0][row] == b[$0][other] }
      }
      let found = try await scenario.run(plan)
      #expect(Identity.difference(found, wanted, types + types) == nil, "\(kind), seed \(seed)")
      // only some columns asked for
      let some = try await scenario.run(plan, [right[3], left[1]])
      #expect(Identity.difference(some, wanted.map { [$0[7], $0[1]] }, [.double, .varchar]) == nil, "\(kind), seed \(seed)")
      // and none at all
      var count = 0
      try await scenario.batches(plan, []) { count += $0.count }
      #expect(count == wanted.count)
    }
  }

  @Test(arguments: kinds)
  func withoutEqualities(_ kind: JoinKind) async throws {
    let types: [DataType] = [.bigint, .varchar, .bigint]
    for (seed, counts) in [(1, (40, 50)), (2, (0, 9)), (3, (9, 0)), (4, (1, 1))] {
      for hasResidual in [false, true] {
        let scenario = Scenario(seed: UInt64(seed))
        let left = try await scenario.table(types, scenario.random.rows(types, counts.0)),
          right = try await scenario.table(types, scenario.random.rows(types, counts.1))
        let plan = Plan(
          .join(
            .init(kind: kind, left: left.plan, right: right.plan, equalities: [], residual: hasResidual ? Self.residual(left, right) : nil))
        )
        let wanted = Self.expected(kind, left.rows, right.rows, (3, 3)) {
          !hasResidual || Self.residualHolds(left.rows[$0], right.rows[$1])
        }
        let found = try await scenario.run(plan)
        #expect(Identity.difference(found, wanted, types + types) == nil, "\(kind) of \(counts), residual \(hasResidual)")
      }
    }
  }

  /// Keys with more partners than a batch has rows; keys far apart, close together, unique.
  @Test(arguments: kinds)
  func manyRows(_ kind: JoinKind) async throws {
    for shape in 0..<4 {
      let scenario = Scenario(seed: UInt64(20 + shape))
      let count = 30_000
      func key(_ i: Int, _ side: Int) -> Int64 {
        switch shape {
        // one key of ten thousand on the right, the rest unique
        case 0: side == 1 && i < 10_000 ? 7 : Int64(i)
        case 1: Int64(i * 2 + side * (i % 3))
        case 2: Int64(i) &* 6_364_136_223_846_793_005
        default: Int64(i % 9000) << 33
        }
      }
      let left = (0..<count).map { key($0, 0) }, right = (0..<count).map { key($0, 1) }
      let a = try await scenario.table(integers: [left, (0..<count).map { Int64($0) }])
      let b = try await scenario.table(integers: [right, (0..<count).map { Int64($0) }])
      let plan = Plan(.join(.init(kind: kind, left: a.plan, right: b.plan, equalities: [(a[0], b[0])])))
      // counts and sums over the pairs, by a table of the right keys
      var partners: [Int64: (count: Int, sum: Int)] = [:]
      for (i, key) in right.enumerated() {
        partners[key] = (partners[key, default: (0, 0)].count + 1, partners[key, default: (0, 0)].sum + i)
      }
      var rows = 0, sumA = 0, sumB = 0
      for (i, key) in left.enumerated() {
        if let found = partners[key] {
          rows += found.count
          sumA += i * found.count
          sumB += found.sum
        } else if kind == .left || kind == .full {
          rows += 1
          sumA += i
        }
      }
      if kind == .right || kind == .full {
        let keys = Set(left)
        for (i, key) in right.enumerated() where !keys.contains(key) {
          rows += 1
          sumB += i
        }
      }
      for drivers in [1, 3] {
        var found = (rows: 0, a: 0, b: 0), largest = 0
        try await scenario.batches(plan, [a[1], b[1]], drivers: drivers) { batch in
          found.rows += batch.count
          largest = max(largest, batch.count)
          for row in 0..<batch.count {
            if case .integer(let x) = batch.columns[0].constant(at: row) { found.a += Int(x) }
            if case .integer(let x) = batch.columns[1].constant(at: row) { found.b += Int(x) }
          }
        }
        #expect(found == (rows, sumA, sumB), "\(kind), shape \(shape)")
        #expect(largest <= 2 * Batch.habitualCount)
      }
    }
  }

  // Semi joins

  enum Semi: String, CaseIterable, Sendable { case mark, semi, anti }

  @Test(arguments: keyTypes, Semi.allCases)
  func semiJoins(_ type: DataType, _ kind: Semi) async throws {
    let types = [type, .varchar, .bigint]
    for (round, counts) in [(60, 8), (40, 0), (0, 30), (150, 200), (5, 300)].enumerated() {
      for (isNullAware, hasResidual, buildsLeft) in [
        (false, false, false), (false, true, false), (true, false, false), (false, false, true), (false, true, true),
      ] {
        // nulls inside keys leave IN open in ways that are no single bit
        let seed = UInt64(40 + round), scenario = Scenario(seed: seed)
        let rightNulls = round == 0 ? 0 : 6
        let left = try await scenario.table(types, scenario.random.rows(types, counts.0, nullsInside: !isNullAware), batch: 20)
        let right = try await scenario.table(
          types, scenario.random.rows(types, counts.1, nulls: rightNulls, nullsInside: !isNullAware), batch: 20)
        let mark = scenario.symbols.fresh("mark", .boolean)
        let planKind: Plan.SemiJoin.Kind =
          switch kind {
          case .mark: .mark(mark)
          case .semi: .semi
          case .anti: .anti
          }
        var node = Plan.SemiJoin(
          kind: planKind, left: left.plan, right: right.plan, equalities: [(left[0], right[0])],
          residual: hasResidual ? Self.residual(left, right) : nil, isNullAware: isNullAware)
        node.buildsLeft = buildsLeft
        let found = try await scenario.run(Plan(.semiJoin(node)), drivers: 1 + round % 3)
        var wanted: [[Constant]] = []
        let hasNullOnRight = right.rows.contains { $0[0].isNull }
        let leftKeys = Self.keys(left.rows, 0, type), rightKeys = Self.keys(right.rows, 0, type)
        for (row, a) in left.rows.enumerated() {
          let isFound = right.rows.indices.contains {
            leftKeys[row] != nil && leftKeys[row] == rightKeys[$0] && (!hasResidual || Self.residualHolds(a, right.rows[$0]))
          }
          let isUnknown = isNullAware && !isFound && !right.rows.isEmpty && (a[0].isNull || hasNullOnRight)
          switch kind {
          case .mark: wanted.append(a + [isUnknown ? .null : .boolean(isFound)])
          case .semi: if isFound { wanted.append(a) }
          case .anti: if !isFound && !isUnknown { wanted.append(a) }
          }
        }
        if let difference = Identity.difference(found, wanted, types + (kind == .mark ? [.boolean] : [])) {
          Issue.record(
            "\(kind) on \(type) of \(counts), null-aware \(isNullAware), residual \(hasResidual), builds left \(buildsLeft), seed \(seed): \(difference)"
          )
        }
      }
    }
  }

  @Test(arguments: Semi.allCases)
  func semiJoinsWithoutEqualities(_ kind: Semi) async throws {
    let types: [DataType] = [.bigint, .varchar, .bigint]
    for (seed, counts) in [(1, (40, 30)), (2, (9, 0)), (3, (0, 9))] {
      for hasResidual in [false, true] {
        let scenario = Scenario(seed: UInt64(seed))
        let left = try await scenario.table(types, scenario.random.rows(types, counts.0)),
          right = try await scenario.table(types, scenario.random.rows(types, counts.1))
        let mark = scenario.symbols.fresh("mark", .boolean)
        let planKind: Plan.SemiJoin.Kind = kind == .mark ? .mark(mark) : kind == .semi ? .semi : .anti
        let plan = Plan(
          .semiJoin(
            .init(
              kind: planKind, left: left.plan, right: right.plan, equalities: [], residual: hasResidual ? Self.residual(left, right) : nil,
              isNullAware: false)))
        let found = try await scenario.run(plan)
        let wanted = left.rows.compactMap { a -> [Constant]? in
          let isFound = right.rows.contains { !hasResidual || Self.residualHolds(a, $0) }
          return kind == .mark ? a + [.boolean(isFound)] : isFound == (kind == .semi) ? a : nil
        }
        #expect(Identity.difference(found, wanted, types + (kind == .mark ? [.boolean] : [])) == nil, "\(kind) \(counts) \(hasResidual)")
      }
    }
  }

  /// What a build tells scans: never less than its keys.
  @Test(arguments: [DataType.bigint, .integer, .varchar, .varbinary, .boolean, .double, .date])
  func publishedKeysCoverTheBuild(_ type: DataType) async throws {
    for (seed, count) in [(1, 0), (2, 1), (3, 50)] {
      var random = Randomness(UInt64(seed))
      var values = (0..<count).map { _ in random.constant(type) }
      if type == .varbinary && count > 1 { values.append(.bytes([0xFF, 0xFE, 0x00])) }
      let batch = Batch([random.vector(type, values)], count: values.count)
      let keys = try await JoinKeys(batch, keys: [0], memory: MemoryPool("test", limit: .max), drivers: 1)
      guard let filter = keys.filter(0) else { continue }
      #expect(filter.type == type)
      let present = values.filter { !$0.isNull }
      if let list = filter.values {
        let known = Set((0..<list.count).map { list.constant(at: $0) })
        #expect(known == Set(present), "\(type), seed \(seed)")
      }
      for value in present {
        if let low = filter.low { #expect(StructureTests.order(low, value, type) <= 0) }
        if let high = filter.high { #expect(StructureTests.order(value, high, type) <= 0) }
      }
      let probe = (0..<200).map { _ in random.constant(type) }
      guard let selected = filter.select(random.vector(type, probe)) else { continue }
      let rows = Set((0..<selected.count).map { Int(selected.pointer[$0]) })
      for (row, value) in probe.enumerated() where present.contains(value) { #expect(rows.contains(row), "\(type) \(value), seed \(seed)") }
      for row in rows { #expect(!probe[row].isNull) }
    }
  }
}
