import Expressions
import Federation
import Lake
import ObjectStore
import Testing
import Values
import Vectors

/// Whole partitions go, and nothing else.
@Suite struct DeletionTests {
  private static let years = [2023, 2024], months = [1, 2]

  private func lake() throws -> ScratchLake {
    let lake = try ScratchLake()
    for year in DeletionTests.years {
      for month in DeletionTests.months {
        for part in 0..<2 {
          try lake.write("t/year=\(year)/month=\(month)/part-\(part).parquet", fields(("a", .bigint)), [[.integer(1)], [.integer(2)]])
        }
      }
    }
    // no folder says its month
    try lake.write("t/year=2025/loose.parquet", fields(("a", .bigint)), [[.integer(3)]])
    return lake
  }

  private func left(_ lake: ScratchLake) async throws -> Set<[Constant]> {
    Set(try await lake.rows(try await lake.handle("t"), ["year", "month"]))
  }

  private func all(_ keep: (Int, Int) -> Bool, loose: Bool = true) -> Set<[Constant]> {
    var rows = Set<[Constant]>()
    for year in DeletionTests.years {
      for month in DeletionTests.months where keep(year, month) { rows.insert([.integer(Int64(year)), .integer(Int64(month))]) }
    }
    if loose { rows.insert([.integer(2025), .null]) }
    return rows
  }

  private func delete(_ lake: ScratchLake, _ filter: Expr<LakeColumn>?) async throws -> Constant? {
    let table = try await lake.handle("t")
    var narrowed = table
    if let filter { narrowed = try #require(try lake.connector.apply(deletion: filter, to: table)) }
    let source = try await lake.connector.delete(narrowed, context)
    return try await source.next()?.columns[0].constant(at: 0)
  }

  @Test func partitionsGoAsAWhole() async throws {
    let lake = try lake(), table = try await lake.handle("t")
    // rows within files stay what they are
    #expect(try lake.connector.apply(deletion: table.compare("a", "$equal", .integer(1)), to: table) == nil)
    let none = try table.compare("year", "$equal", .integer(1999))
    #expect(try await delete(lake, none) == .integer(0))
    let one = try Expr.all([table.compare("year", "$equal", .integer(2023)), table.compare("month", "$greater_than", .integer(1))])
    #expect(try await delete(lake, one) == .integer(4))
    #expect(try await left(lake) == all { $0 != 2023 || $1 <= 1 })
    #expect(try await delete(lake, .isNull(table.column("month"))) == .integer(1))
    #expect(try await left(lake) == all({ $0 != 2023 || $1 <= 1 }, loose: false))
    #expect(try await delete(lake, table.compare("year", "$less_than", .integer(2024))) == .integer(4))
    #expect(!LocalStore.exists(lake.path + "/t/year=2023/month=1"))
    #expect(try await left(lake) == all({ year, _ in year == 2024 }, loose: false))
    // a table without files would have no columns
    for everything in [nil, try table.compare("year", "$greater_than", .integer(2000))] {
      let error = await message { _ = try await delete(lake, everything) }
      #expect(error?.code == .notSupported && error?.hint?.contains("DROP TABLE") == true)
    }
    #expect(try await left(lake).count == 2)
  }
}
