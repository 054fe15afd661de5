import Federation
import Synchronization

/// What footers said of whole tables, for as long as their files are the same.
final class StatisticsCache: Sendable {
  private let footers: FooterCache
  private let state: Mutex<RecentlyUsed<LakeTable, (files: [LakeFile], statistics: TableStatistics<LakeColumn>)>>

  /// `limit`: files and columns that all entries name together.
  init(_ footers: FooterCache, limit: Int = 200_000) {
    self.footers = footers
    state = Mutex(RecentlyUsed(limit: limit))
  }

  /// - Parameter files: those of the table, as they are now.
  func statistics(of table: LakeTable, _ files: [LakeFile]) async throws -> TableStatistics<LakeColumn> {
    let estimate = { try await LakeStatistics(table: table, footers: self.footers).estimate(files) }
    // filters are a query's own: planning asks for tables before it offers them any
    guard table.filter == nil, table.limit == nil else { return try await estimate() }
    var key = table
    // the files tell as much
    key.listing = nil
    if let known = state.withLock({ $0.value(key) }), known.files == files { return known.statistics }
    let statistics = try await estimate()
    state.withLock { $0.keep((files, statistics), for: key, weight: files.count + table.columns.count) }
    return statistics
  }
}
