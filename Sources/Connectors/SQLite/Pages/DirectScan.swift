import Federation
import RemoteSQL
import Synchronization
import Values

/// One table read by its pages: what all readers of one scan share. Keeps the snapshot.
final class DirectScan: Sendable {
  let snapshot: Snapshot
  let geometry: PageGeometry
  let table: TableDescription
  let root: UInt32
  let policy: UnfitPolicy

  /// nil: this table, or this file as it is now, is read by statements. Looks at the schema inside the snapshot's transaction.
  init?(_ snapshot: Snapshot, table name: String, columns: [RemoteColumn], policy: UnfitPolicy) throws {
    guard let geometry = snapshot.pages else { return nil }
    let found = try snapshot.with { connection -> (TableDescription, Int64)? in
      guard let table = try connection.describe(name), table.kind == .table, !table.isWithoutRowID,
        !table.columns.contains(where: \.isGenerated)
      else { return nil }
      let root = try connection.rows("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?", [table.name]) { $0.integer(0) }
      return root.first.map { (table, $0) }
    }
    guard let (table, page) = found, let root = UInt32(exactly: page), root > 0 else { return nil }
    // a table altered since the query was planned: the statement says what is wrong
    for column in columns where !table.columns.contains(where: { $0.name == column.name && $0.type == column.type }) { return nil }
    self.snapshot = snapshot
    self.geometry = geometry
    self.table = table
    self.root = root
    self.policy = policy
  }

  func target(_ column: RemoteColumn, capacity: Int) throws -> RecordDecoder.Target {
    guard let field = table.columns.firstIndex(where: { $0.name == column.name }) else {
      throw PrestoError(.columnNotFound, "Column '\(column.name)' of SQLite table '\(table.name)' is gone")
    }
    let found = table.columns[field]
    return RecordDecoder.Target(
      field: found.isRowID ? nil : field, sink: ColumnSink(found.type, capacity: capacity), standard: found.standard, name: found.name)
  }
}

/// Lists the leaves of a table as they are asked for, and cuts them into splits.
final class DirectSplits: SplitSource {
  private struct State {
    var tree: TableTree
    /// Everything up to this row number is in splits handed out.
    var lower = Int64.min
    var share = 0
  }

  private let scan: DirectScan
  private let parallelism: Int
  private let state: Mutex<State>
  /// Leaves listed at once.
  private static let window = 32_768
  /// Bytes of pages in the largest split.
  private static let largest = 16 << 20

  init(_ scan: DirectScan, parallelism: Int) throws {
    self.scan = scan
    self.parallelism = parallelism
    let tree = try TableTree(scan.snapshot, scan.geometry, root: scan.root)
    state = Mutex(State(tree: tree))
  }

  func next() async throws -> [SQLiteSplit]? {
    try state.withLock { state in
      var leaves: [Leaf] = []
      while leaves.count < DirectSplits.window, let more = try state.tree.nextLeaves() { leaves += more }
      if leaves.isEmpty { return nil }
      if state.share == 0 {
        let most = max(64, DirectSplits.largest / scan.geometry.size)
        state.share = min(most, max(64, leaves.count / max(1, parallelism * 4)))
      }
      var splits: [SQLiteSplit] = []
      for start in stride(from: 0, to: leaves.count, by: state.share) {
        let part = Array(leaves[start..<min(start + state.share, leaves.count)])
        let upper = part.last?.upper ?? .max
        splits.append(SQLiteSplit(scan: scan, leaves: part.map(\.page), lower: state.lower, upper: upper))
        state.lower = upper
      }
      return splits
    }
  }
}

/// A piece of a scan: some leaves of a table held open in this process; the same rows by their numbers elsewhere; or one whole statement.
public struct SQLiteSplit: Sendable, Codable {
  let scan: DirectScan?
  let leaves: [UInt32]
  /// Row numbers above `lower` and up to `upper`; nil: all.
  let range: Range?

  struct Range: Sendable, Codable {
    var lower: Int64
    var upper: Int64
  }

  private enum CodingKeys: CodingKey { case range }

  init(scan: DirectScan, leaves: [UInt32], lower: Int64, upper: Int64) {
    self.scan = scan
    self.leaves = leaves
    range = Range(lower: lower, upper: upper)
  }

  /// Everything, by statement.
  static let whole = SQLiteSplit(range: nil)

  private init(range: Range?) {
    scan = nil
    leaves = []
    self.range = range
  }

  public init(from decoder: any Decoder) throws {
    self.init(range: try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Range.self, forKey: .range))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(range, forKey: .range)
  }
}
