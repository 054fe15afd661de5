import Federation
import ObjectStore
import Parquet
import Synchronization
import Values

/// Cuts a table's files into splits, a few files at a time: footers are read as the scan gets to them, and what statistics exclude is never handed
/// out.
final class LakeSplits: SplitSource {
  private let scan: LakeScan
  private let footers: FooterCache
  private let filter: DynamicFilter<LakeColumn>
  private let context: ScanContext
  private let files: Mutex<ArraySlice<LakeFile>>
  private let fileCount: Int

  /// A split of small pieces ends at this many rows.
  private static let rows = 131_072
  /// Footers read for one answer.
  private static let filesAtOnce = 16

  init(_ scan: LakeScan, _ files: [LakeFile], _ footers: FooterCache, _ filter: DynamicFilter<LakeColumn>, _ context: ScanContext) {
    self.scan = scan
    self.footers = footers
    self.filter = filter
    self.context = context
    self.files = Mutex(files[...])
    fileCount = files.count
  }

  func next() async throws -> [LakeSplit]? {
    while true {
      let looked = files.withLock { files in
        defer { files = files.dropFirst(LakeSplits.filesAtOnce) }
        return files.prefix(LakeSplits.filesAtOnce)
      }
      if looked.isEmpty { return nil }
      let chosen = try looked.filter { try scan.mayHold($0, context) && scan.mayMatch($0, filter.current) }
      var splits: [LakeSplit] = []
      var pending: [LakePiece] = []
      var pendingRows = 0
      for (file, footer) in zip(chosen, try await footers.footers(chosen.map(\.entry))) {
        let keys = filter.current
        let isRemote = footer.input.isRemote
        let mapping = FileMapping(file, footer, scan.table)
        var conditions = scan.conditions
        conditions.add(keys)
        let columns = conditions.columns(of: mapping)
        let parquet = footer.parquet
        let shares = isRemote ? 1 : share(parquet.rowGroupCount)
        for group in 0..<parquet.rowGroupCount where parquet.rowCount(ofGroup: group) > 0 {
          guard columns.isEmpty || parquet.survives(rowGroup: group, columns) else { continue }
          let rows = parquet.rowCount(ofGroup: group)
          for piece in pieces(file, group, rows, shares) {
            pending.append(piece)
            pendingRows += piece.rows?.count ?? rows
            // a split of several remote pieces is read ahead of itself
            let isFull = isRemote ? pending.count >= remotePieces : pendingRows >= LakeSplits.rows / 2 || parquet.rowGroupCount > 1
            if isFull {
              splits.append(LakeSplit(pieces: pending))
              pending = []
              pendingRows = 0
            }
          }
        }
        if pendingRows > 0 && !isRemote && fileCount <= context.parallelism * 2 {
          splits.append(LakeSplit(pieces: pending))
          pending = []
          pendingRows = 0
        }
      }
      if !pending.isEmpty { splits.append(LakeSplit(pieces: pending)) }
      if !splits.isEmpty { return splits }
    }
  }

  /// Pieces of one split of remote files.
  private var remotePieces: Int { max(1, min(8, fileCount / (context.parallelism * 2))) }

  /// Into how many pieces a large row group is cut, so that all drivers have something to do.
  private func share(_ groups: Int) -> Int {
    let total = max(1, groups) * fileCount
    let wanted = context.parallelism * 3
    return total >= wanted ? 1 : (wanted + total - 1) / total
  }

  private func pieces(_ file: LakeFile, _ group: Int, _ rows: Int, _ shares: Int) -> [LakePiece] {
    let count = min(shares, rows / LakeSplits.rows)
    if count <= 1 { return [LakePiece(file: file, rowGroup: group, rows: nil)] }
    let size = (rows + count - 1) / count
    return stride(from: 0, to: rows, by: size).map { LakePiece(file: file, rowGroup: group, rows: $0..<min($0 + size, rows)) }
  }
}
