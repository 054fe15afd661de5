import Expressions
import Federation
import Lake
import Testing
import Values
import Vectors

/// Filters, limits, keys of joins and summaries, against the same done row by row.
@Suite struct ScanTests {
  private static func lake() throws -> (ScratchLake, [[Constant]]) {
    let lake = try ScratchLake()
    let shape = fields(("id", .bigint), ("k", .integer), ("name", .varchar), ("x", .double), ("m", .decimal(precision: 12, scale: 2)))
    var all: [[Constant]] = []
    for file in 0..<3 {
      let rows = (0..<5000).map { i -> [Constant] in
        let id = file * 5000 + i
        return [
          .integer(Int64(id)), id % 11 == 0 ? .null : .integer(Int64(id % 97)), id % 13 == 0 ? .null : .text("name \(id % 50)"),
          .double(Double(id) / 3), .integer(Int64(id) * 7 - 1000),
        ]
      }
      try lake.write("t/part=\(file)/f.parquet", shape, rows, rowGroupRows: 1500)
      all += rows.map { $0 + [.integer(Int64(file))] }
    }
    return (lake, all)
  }

  private func number(_ constant: Constant) -> Int64? { if case .integer(let value) = constant { value } else { nil } }

  @Test func filtersAreEvaluatedInside() async throws {
    let (lake, all) = try ScanTests.lake()
    let table = try await lake.handle("t")
    let cases: [(Expr<LakeColumn>, ([Constant]) -> Bool)] = [
      (try table.compare("id", "$less_than", .integer(1700)), { (self.number($0[0]) ?? .max) < 1700 }),
      (try table.compare("k", "$equal", .integer(5)), { self.number($0[1]) == 5 }),
      (try table.compare("name", "$equal", .text("name 7")), { $0[2] == .text("name 7") }),
      (
        .and([try table.compare("part", "$equal", .integer(1)), try table.compare("k", "$greater_than", .integer(90))]),
        {
          self.number($0[5]) == 1 && (self.number($0[1]) ?? 0) > 90
        }
      ),
      (
        .or([.isNull(try table.column("name")), try table.compare("id", "$equal", .integer(14_999))]),
        { $0[2].isNull || self.number($0[0]) == 14_999 }
      ),
      (
        .among(
          try table.column("m"),
          [.constant(.integer(-1000), .decimal(precision: 12, scale: 2)), .constant(.integer(6), .decimal(precision: 12, scale: 2))]),
        {
          self.number($0[4]) == -1000 || self.number($0[4]) == 6
        }
      ),
      (.not(try table.compare("part", "$equal", .integer(0))), { self.number($0[5]) != 0 }),
      (try table.compare("id", "$greater_than", .integer(1_000_000)), { _ in false }),
    ]
    for (filter, keeps) in cases {
      let answer = try #require(try lake.connector.apply(filter: filter, to: table))
      #expect(answer.residual == nil)
      let found = try await lake.rows(answer.table).map { $0[0] }, wanted = all.filter(keeps).map { $0[0] }
      #expect(Set(found) == Set(wanted))
      #expect(found.count == wanted.count)
      // with columns the filter does not need, and with none
      #expect(try await lake.rows(answer.table, ["name"]).count == wanted.count)
    }
  }

  @Test func volatileConditionsStay() async throws {
    let (lake, _) = try ScanTests.lake()
    let table = try await lake.handle("t")
    let chance: Expr<LakeColumn> = .comparison("$less_than", .call(FunctionID("random", []), [], .double), .constant(.double(0.5), .double))
    #expect(try lake.connector.apply(filter: chance, to: table) == nil)
    let mixed = try #require(try lake.connector.apply(filter: .and([chance, try table.compare("id", "$equal", .integer(3))]), to: table))
    #expect(mixed.residual == chance)
  }

  @Test func keysOfJoinsSkipRows() async throws {
    let (lake, all) = try ScanTests.lake()
    let table = try await lake.handle("t")
    guard case .reference(let k, _) = try table.column("k"), case .reference(let part, _) = try table.column("part") else { return }
    let slot = KeyFilterSlot(), files = KeyFilterSlot()
    slot.settle(KeyFilter(.integer, keys: [3, 96]))
    files.settle(KeyFilter(.bigint, keys: [2]))
    let found = try await lake.rows(table, ["id"], narrowedBy: DynamicFilter([(k, slot), (part, files)]))
    let wanted = all.filter { (number($0[1]) == 3 || number($0[1]) == 96) && number($0[5]) == 2 }.map { [$0[0]] }
    #expect(found == wanted)
    let none = KeyFilterSlot()
    none.settle(KeyFilter(.integer, keys: []))
    #expect(try await lake.rows(table, ["id"], narrowedBy: DynamicFilter([(k, none)])).isEmpty)
  }

  @Test func limitsEndEverySplit() async throws {
    let (lake, _) = try ScanTests.lake()
    let table = try await lake.handle("t")
    let answer = try #require(try lake.connector.apply(limit: 10, to: table))
    #expect(!answer.isGuaranteed)
    let count = try await lake.rows(answer.table).count
    #expect(count >= 10 && count < 1000)
  }

  @Test func footersAnswerSummaries() async throws {
    let (lake, all) = try ScanTests.lake()
    let table = try await lake.handle("t")
    func call(_ name: String, _ column: String?, _ type: DataType) throws -> Aggregation<LakeColumn>.Call {
      let arguments = try column.map { [try table.column($0)] } ?? []
      return .init(function: FunctionID(name, arguments.map(\.type)), arguments: arguments, isDistinct: false, type: type)
    }
    let decimal = DataType.decimal(precision: 12, scale: 2)
    let calls = [
      try call("count", nil, .bigint), try call("count", "k", .bigint), try call("min", "id", .bigint), try call("max", "m", decimal),
      try call("max", "part", .bigint), try call("count", "part", .bigint),
    ]
    let answer = try #require(try lake.connector.apply(aggregation: Aggregation(keys: [], calls: calls), to: table))
    var rows: [[Constant]] = []
    let columns = answer.outputs.compactMap { if case .reference(let column, _) = $0 { column } else { nil } }
    let source = try await lake.connector.open(
      LakeSplitProbe.only(try await lake.connector.splits(of: answer.table, narrowedBy: DynamicFilter(), context)), of: answer.table,
      columns: columns,
      narrowedBy: DynamicFilter(), context)
    while let batch = try await source.next() { rows.append(batch.columns.map { $0.constant(at: 0) }) }
    let nulls = all.filter { $0[1].isNull }.count
    #expect(
      rows == [
        [.integer(15_000), .integer(Int64(15_000 - nulls)), .integer(0), .integer(14_999 * 7 - 1000), .integer(2), .integer(15_000)]
      ])
    // sums need rows, and so do floating numbers, whose NaN footers leave out
    #expect(try lake.connector.apply(aggregation: Aggregation(keys: [], calls: [try call("sum", "id", .bigint)]), to: table) == nil)
    #expect(try lake.connector.apply(aggregation: Aggregation(keys: [], calls: [try call("max", "x", .double)]), to: table) == nil)
    let filtered = try #require(try lake.connector.apply(filter: try table.compare("id", "$equal", .integer(3)), to: table)).table
    #expect(try lake.connector.apply(aggregation: Aggregation(keys: [], calls: [calls[0]]), to: filtered) == nil)
  }

  @Test func statisticsComeFromFooters() async throws {
    let (lake, _) = try ScanTests.lake()
    let table = try await lake.handle("t")
    let statistics = try await lake.connector.statistics(of: table)
    #expect(statistics.rows == 15_000)
    #expect(statistics.columns[table.columns[0]]?.low == .integer(0))
    #expect(statistics.columns[table.columns[0]]?.high == .integer(14_999))
    #expect(statistics.columns[table.columns[5]]?.distinct == 3)
    let fraction = statistics.columns[table.columns[1]]?.nullFraction ?? 0
    #expect(abs(fraction - 1.0 / 11) < 0.001)
  }

  @Test func newFilesAreSeenAtOnce() async throws {
    let (lake, _) = try ScanTests.lake()
    #expect(try await lake.rows(lake.handle("t"), ["part"]).count == 15_000)
    #expect(try await lake.connector.statistics(of: lake.handle("t")).rows == 15_000)
    try lake.write("t/part=3/f.parquet", fields(("id", .bigint)), integers(0..<10))
    #expect(try await lake.rows(lake.handle("t"), ["part"]).count == 15_010)
    #expect(try await lake.connector.statistics(of: lake.handle("t")).rows == 15_010)
  }
}

enum LakeSplitProbe {
  /// The one split of a summary.
  static func only(_ source: any SplitSource<LakeSplit>) async throws -> LakeSplit {
    guard let first = try await source.next()?.first else { throw PrestoError(.genericInternalError, "no split") }
    return first
  }
}

extension KeyFilter {
  init(_ type: DataType, keys: [Int64]) {
    let builder = VectorBuilder(type)
    for key in keys { builder.append(Constant.integer(key)) }
    let wanted = Set(keys)
    self.init(
      type: type, count: keys.count, low: keys.first.map { .integer($0) }, high: keys.last.map { .integer($0) },
      values: KeyValues(builder.finish())
    ) {
      vector in
      let rows = (0..<vector.count).filter {
        if case .integer(let value) = vector.constant(at: $0) { wanted.contains(value) } else { false }
      }
      return Selection(rows: rows.map { UInt32($0) }.withUnsafeBytes { Buffer(copying: $0) }, count: rows.count)
    }
  }
}
