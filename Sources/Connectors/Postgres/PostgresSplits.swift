import Federation
import RemoteSQL
import Values

/// A piece of a scan: a partition, a range of row addresses, or everything.
public struct PostgresSplit: Sendable, Codable {
  /// The partition to read instead of the table.
  var table: TableName?
  /// Blocks from here on …
  var firstPage: Int?
  /// … and before this one.
  var endPage: Int?
  /// The exported snapshot all pieces are read under.
  var snapshotID: String?
  /// Keeps the snapshot's transaction open; stays on the machine that planned.
  var snapshot: Snapshot?

  /// What is read under a snapshot taken before the table was locked.
  var snapshotTable: TableName? { snapshotID == nil ? nil : table }

  private enum CodingKeys: CodingKey { case table, firstPage, endPage, snapshotID }

  /// Conditions on the row address, which the server answers by a range scan from version 14 on.
  var conditions: [RemoteText] {
    var result: [RemoteText] = []
    if let firstPage { result.append(RemoteText("ctid >= '(\(firstPage),0)'::tid", type: .boolean)) }
    if let endPage { result.append(RemoteText("ctid < '(\(endPage),0)'::tid", type: .boolean)) }
    return result
  }
}

/// Cuts a scan into pieces.
struct SplitPlanner: Sendable {
  let pool: ConnectionPool
  let metadata: PostgresMetadata
  let snapshots: SnapshotBook

  /// 8 MB: below twice that, a second connection costs more than it saves.
  static let smallestPiece = 1024

  /// Conditions that leave less than this share of the rows are the server's to answer, by an index or its own parallel workers: cutting
  /// such a scan would repeat the look-up for every piece.
  static let smallestShare = 0.05

  func splits(of table: RemoteTable, narrowedBy filter: DynamicFilter<RemoteColumn>, parallelism: Int, queryID: String) async throws
    -> [PostgresSplit]
  {
    guard parallelism > 1, pool.size > 2, let name = table.query.scannedTable else { return [PostgresSplit()] }
    var seen = metadata.lastSeen(name)
    if seen == nil { seen = try await metadata.relation(name) }
    guard let relation = seen, !isWhole(table, relation, filter) else { return [PostgresSplit()] }
    // the server reads long lists of keys again for every piece
    let isLong = filter.current.contains { $0.filter.count > KeyCondition.fewValues && $0.filter.count <= KeyCondition.mostValues }
    let count = isLong ? parallelism : parallelism * 4
    return try await BlockingThread.value { try pieces(of: relation, count, queryID) }
  }

  /// Whether a scan is one split, by what is known without asking.
  func isWhole(_ table: RemoteTable) -> Bool {
    guard pool.size > 2, let name = table.query.scannedTable else { return true }
    return metadata.lastSeen(name).map { isWhole(table, $0, DynamicFilter([])) } ?? false
  }

  private func isWhole(_ table: RemoteTable, _ relation: PostgresRelation, _ filter: DynamicFilter<RemoteColumn>) -> Bool {
    if share(of: table, in: relation, filter) < SplitPlanner.smallestShare { return true }
    return switch relation.kind {
    case .view, .foreignTable: true
    case .table, .materializedView: relation.pages < 2 * SplitPlanner.smallestPiece
    case .partitionedTable: false
    }
  }

  /// Estimated share of the relation's rows that the scan yields.
  private func share(of table: RemoteTable, in relation: PostgresRelation, _ filter: DynamicFilter<RemoteColumn>) -> Double {
    var share = 1.0
    if let all = relation.rows, all > 0, let left = table.rows { share = left / all }
    for (column, keys) in filter.current where keys.values != nil {
      if let distinct = column.estimate?.distinct, distinct > 0 { share *= min(1, Double(keys.count) / distinct) }
    }
    return share
  }

  private func pieces(of relation: PostgresRelation, _ wanted: Int, _ queryID: String) throws -> [PostgresSplit] {
    // Without a snapshot one connection reads everything: a server that exports none (some poolers and standbys), a pool with none to spare,
    // and one that is down, which the reader will say.
    guard let snapshot = try? snapshots.snapshot(for: queryID, pool) else { return [PostgresSplit()] }
    var parts: [(table: TableName?, pages: Int)] = [(nil, relation.pages)]
    if relation.kind == .partitionedTable {
      guard snapshot.majorVersion >= 12 else { return [PostgresSplit()] }
      let leaves = try snapshot.rows(CatalogQuery.leaves, [relation.name.schema, relation.name.table])
      guard leaves.allSatisfy({ $0.count == 4 && $0[3] == "t" }) else { return [PostgresSplit()] }
      parts = leaves.compactMap { row in
        guard let schema = row[0], let table = row[1] else { return nil }
        return (TableName(schema: schema, table: table), row[2].flatMap { Int($0) } ?? 0)
      }
      // Many small partitions in one statement are quicker than one statement each.
      let total = parts.reduce(0) { $0 + $1.pages }
      if parts.isEmpty || total < 2 * SplitPlanner.smallestPiece { return [PostgresSplit()] }
    }
    let total = parts.reduce(0) { $0 + $1.pages }
    let size = max(SplitPlanner.smallestPiece, (total + wanted - 1) / wanted)
    var splits: [PostgresSplit] = []
    for part in parts {
      let count = snapshot.majorVersion >= 14 ? max(1, (part.pages + size / 2) / size) : 1
      for i in 0..<count {
        // The first range begins and the last one ends with the table itself, whatever its size is by then.
        splits.append(
          PostgresSplit(
            table: part.table, firstPage: i == 0 ? nil : part.pages * i / count,
            endPage: i == count - 1 ? nil : part.pages * (i + 1) / count, snapshotID: snapshot.id, snapshot: snapshot))
      }
    }
    return splits
  }
}
