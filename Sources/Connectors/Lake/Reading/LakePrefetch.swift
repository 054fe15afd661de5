import Expressions
import Federation
import Parquet
import Values

/// What reading a piece of a remote file will need, fetched before it is decoded.
struct LakePrefetch: Sendable {
  let scan: LakeScan
  let columns: [LakeColumn]
  let filter: DynamicFilter<LakeColumn>
  let context: ScanContext
  let footers: FooterCache

  /// Bytes behind a chunk that a reader may look at: old writers left the dictionary page's header out of a chunk's size.
  private static let slack = 128

  /// nil: no row of it can be wanted. Reads two rounds at most: the indexes that may exclude pages, then the columns.
  func fetch(_ piece: LakePiece) async throws -> [FetchedRanges]? {
    let keys = filter.current
    guard scan.mayMatch(piece.file, keys) else { return nil }
    let footer = try await footers.footer(piece.file.entry), parquet = footer.parquet
    let mapping = FileMapping(piece.file, footer, scan.table)
    var conditions = scan.conditions
    conditions.add(keys)
    let pruning = conditions.columns(of: mapping)
    guard pruning.isEmpty || parquet.survives(rowGroup: piece.rowGroup, pruning) else { return nil }
    let wanted = try stored(mapping)
    var fetched: [FetchedRanges] = []
    if !pruning.isEmpty {
      let indexes = parquet.indexRanges(ofGroup: piece.rowGroup, pruning: pruning.map(\.column), reading: wanted)
      if let indexes = try await footer.input.fetch(indexes, context.memory) {
        fetched.append(indexes)
        guard try parquet.survivesBloomFilters(rowGroup: piece.rowGroup, pruning),
          try !parquet.rowRanges(rowGroup: piece.rowGroup, pruning).isEmpty
        else { return nil }
      }
    }
    let ranges = parquet.byteRanges(ofGroup: piece.rowGroup, columns: wanted).map { $0.lowerBound..<$0.upperBound + LakePrefetch.slack }
    if let data = try await footer.input.fetch(ranges, context.memory) { fetched.append(data) }
    return fetched
  }

  /// The file's columns that outputs and filters are made of.
  private func stored(_ mapping: FileMapping) throws -> [Int] {
    var all = columns + scan.perRow.flatMap { Array($0.references) }
    for entry in filter.slots where !entry.column.isPerFile { all.append(entry.column) }
    var indices: Set<Int> = []
    for column in all {
      switch try mapping.place(of: column) {
      case .stored(let index), .converted(let index, from: _): indices.insert(index)
      case .constant: break
      }
    }
    return indices.sorted()
  }
}
