import Federation
import Testing
import Values
import Vectors

@testable import Memory

/// What the memory connector knows of its columns is kept between plannings, and is never that of other rows.
@Suite struct MemoryStatisticsTests {
  private static let name = TableName(schema: "default", table: "t")

  private static func connector() throws -> MemoryConnector {
    let fields: [DataType.Field] = [.init("a", .bigint), .init("b", .double)]
    let rows: [[Constant]] = [[.integer(5), .double(0.5)], [.null, .double(2)], [.integer(9), .null], [.integer(7), .double(1)]]
    return try MemoryConnector(tables: [MemoryRows("t", fields, rows: rows)])
  }

  private static func statistics(_ connector: MemoryConnector) async throws -> [ColumnStatistics] {
    let table = try #require(try await connector.table(name)), known = try await connector.statistics(of: table)
    return try await connector.columns(of: table).map { try #require(known.columns[$0.column]) }
  }

  private static func batch(_ integers: [Int64], _ doubles: [Double]) -> Batch {
    let a = VectorBuilder(.bigint), b = VectorBuilder(.double)
    for value in integers { a.append(value) }
    for value in doubles { b.append(value) }
    return Batch([a.finish(), b.finish()], count: integers.count)
  }

  private static func write(_ intent: WriteIntent<MemoryTable>, _ batch: Batch, _ connector: MemoryConnector) async throws {
    let write = try await connector.begin(intent), sink = try await write.sink()
    try await sink.append(batch)
    try await sink.finish()
    try await write.commit()
  }

  @Test func nullsAndBounds() async throws {
    let found = try await Self.statistics(Self.connector())
    #expect(found[0] == ColumnStatistics(distinct: 3, nullFraction: 0.25, low: .integer(5), high: .integer(9)))
    #expect(found[1] == ColumnStatistics(nullFraction: 0.25, low: .double(0.5), high: .double(2)))
  }

  /// Only what was inserted is read after an INSERT; who still holds the list from before gets statistics of that list.
  @Test func insertsAddToWhatIsKnown() async throws {
    let connector = try Self.connector(), table = try #require(try await connector.table(Self.name))
    let before = try connector.store.content(of: table), old = before.statistics(of: 0)
    #expect(before.summaries.summary(of: 0).batches == 1)
    try await Self.write(.insert(table, columns: ["a", "b"]), Self.batch([-3, 20, 4, 4], [1, 1, 1, 8]), connector)
    let after = try connector.store.content(of: table)
    #expect(after.summaries === before.summaries && after.summaries.summary(of: 0).batches == 1)
    let found = try await Self.statistics(connector)
    #expect(found[0] == ColumnStatistics(distinct: 7, nullFraction: 0.125, low: .integer(-3), high: .integer(20)))
    #expect(found[1] == ColumnStatistics(nullFraction: 0.125, low: .double(0.5), high: .double(8)))
    #expect(after.summaries.summary(of: 0).batches == 2)
    #expect(before.statistics(of: 0) == old)
    #expect(after.summaries.summary(of: 0).batches == 2)
  }

  @Test func replacedAndAlteredTablesBeginAnew() async throws {
    let connector = try Self.connector(), table = try #require(try await connector.table(Self.name))
    _ = try await Self.statistics(connector)
    try await Self.write(.replace(table), Self.batch([1, 2], [4, 3]), connector)
    #expect(try await Self.statistics(connector)[0] == ColumnStatistics(distinct: 2, nullFraction: 0, low: .integer(1), high: .integer(2)))
    try await connector.alter(table, .dropColumn("a"))
    #expect(try await Self.statistics(connector) == [ColumnStatistics(nullFraction: 0, low: .double(3), high: .double(4))])
  }
}
