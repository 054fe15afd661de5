import Expressions
import Federation
import ObjectStore
import Parquet
import Values
import Vectors

/// Reads the pieces of a split: skips by statistics, page indexes and bloom filters, then decodes filter columns first and the others only for rows
/// that are left.
final class LakeSource: BatchSource {
  private let scan: LakeScan
  private var pieces: ArraySlice<LakePiece>
  private let columns: [LakeColumn]
  private let filter: DynamicFilter<LakeColumn>
  private let context: ScanContext
  private let footers: FooterCache
  private var piece: OpenPiece?
  private var remaining: Int
  /// The next pieces of remote files, being fetched.
  private var ahead: [(piece: LakePiece, fetched: Task<[FetchedRanges]?, any Error>)] = []

  /// Pieces fetched ahead of the one that is decoded.
  private static let depth = 3

  init(
    _ scan: LakeScan, _ split: LakeSplit, columns: [LakeColumn], filter: DynamicFilter<LakeColumn>, _ context: ScanContext,
    _ footers: FooterCache
  ) {
    self.scan = scan
    pieces = split.pieces[...]
    self.columns = columns
    self.filter = filter
    self.context = context
    self.footers = footers
    remaining = scan.table.limit ?? .max
  }

  deinit { for entry in ahead { entry.fetched.cancel() } }

  func next() async throws -> Batch? {
    while remaining > 0 {
      if piece == nil {
        look(ahead: LakeSource.depth)
        if ahead.isEmpty {
          guard let next = pieces.popFirst() else { return nil }
          let footer = try await footers.footer(next.file.entry)
          piece = try OpenPiece(next, footer, [], scan, columns, filter, context)
        } else {
          let (next, task) = ahead.removeFirst()
          look(ahead: LakeSource.depth)
          let fetched = try await withTaskCancellationHandler {
            try await task.value
          } onCancel: {
            task.cancel()
          }
          guard let fetched else { continue }
          let footer = try await footers.footer(next.file.entry)
          piece = try OpenPiece(next, footer, fetched, scan, columns, filter, context)
        }
        if piece == nil { continue }
      }
      guard let batch = try piece?.next() else {
        piece = nil
        continue
      }
      let kept = batch.prefix(remaining)
      remaining -= kept.count
      return kept
    }
    return nil
  }
}

extension LakeSource {
  /// Starts fetching the next pieces, where they are remote.
  private func look(ahead count: Int) {
    let prefetch = LakePrefetch(scan: scan, columns: columns, filter: filter, context: context, footers: footers)
    while ahead.count < count, let next = pieces.first, footers.store.isRemote(next.file.path) {
      pieces.removeFirst()
      ahead.append((next, Task { try await prefetch.fetch(next) }))
    }
  }
}

/// One row group being read.
private final class OpenPiece {
  private let mapping: FileMapping
  /// What of it has been fetched, held until it is read.
  private let fetched: [FetchedRanges]
  private let reader: RowGroupReader
  private let metrics: ScanMetrics
  /// How each output is made of the reader's columns.
  private let outputs: [Output]
  private let bytes: Int
  private var rowsReported = 0

  private enum Output {
    case column(Int)
    case converted(Int, Projection)
    case constant(Constant, DataType)
  }

  /// nil: nothing of it can be wanted.
  init?(
    _ piece: LakePiece, _ footer: LakeFooter, _ fetched: [FetchedRanges], _ scan: LakeScan, _ columns: [LakeColumn],
    _ filter: DynamicFilter<LakeColumn>, _ context: ScanContext
  ) throws {
    let keys = filter.current
    guard scan.mayMatch(piece.file, keys) else { return nil }
    let parquet = footer.parquet
    let mapping = FileMapping(piece.file, footer, scan.table)
    var conditions = scan.conditions
    conditions.add(keys)
    let pruning = conditions.columns(of: mapping)
    var rows: [Range<Int>]? = piece.rows.map { [$0] }
    try footer.input.retain()
    do {
      if !pruning.isEmpty {
        guard parquet.survives(rowGroup: piece.rowGroup, pruning), try parquet.survivesBloomFilters(rowGroup: piece.rowGroup, pruning)
        else {
          footer.input.release()
          return nil
        }
        let left = try parquet.rowRanges(rowGroup: piece.rowGroup, pruning)
        rows = piece.rows.map { own in left.map { $0.clamped(to: own) }.filter { !$0.isEmpty } } ?? left
        if rows?.isEmpty ?? false {
          footer.input.release()
          return nil
        }
      }
      var read: [Int] = []
      func place(_ index: Int) -> Int {
        if let found = read.firstIndex(of: index) { return found }
        read.append(index)
        return read.count - 1
      }
      var outputs: [Output] = []
      for column in columns {
        switch try mapping.place(of: column) {
        case .stored(let index): outputs.append(.column(place(index)))
        case .converted(let index, let type):
          outputs.append(.converted(place(index), try LakeStage.conversion(from: type, to: column.type, context)))
        case .constant(let value): outputs.append(.constant(value, column.type))
        }
      }
      let stages = try LakeStage.stages(scan, mapping, filter, context)
      if stages.contains(where: \.isImpossible) {
        footer.input.release()
        return nil
      }
      reader = try RowGroupReader(
        parquet, rowGroup: piece.rowGroup, columns: read, filters: stages.map(\.filter), rows: rows)
      let everything = Array(Set(read + stages.flatMap(\.filter.columns)))
      let total = max(1, parquet.rowCount(ofGroup: piece.rowGroup))
      let wanted = rows.map { $0.reduce(0) { $0 + $1.count } } ?? total
      bytes = Int(Double(parquet.compressedSize(ofGroup: piece.rowGroup, columns: everything)) * Double(wanted) / Double(total))
      self.outputs = outputs
    } catch {
      footer.input.release()
      throw error
    }
    self.mapping = mapping
    self.fetched = fetched
    metrics = context.metrics
    metrics.add(rows: 0, bytes: bytes)
  }

  deinit { mapping.footer.input.release() }

  func next() throws -> Batch? {
    let batch = try reader.next()
    metrics.add(rows: reader.rowsScanned - rowsReported, bytes: 0)
    rowsReported = reader.rowsScanned
    guard let batch else { return nil }
    let vectors = try outputs.map { output in
      switch output {
      case .column(let index): return batch.columns[index]
      case .converted(let index, let projection):
        return try projection.evaluate(Batch([batch.columns[index]], count: batch.count))[0]
      case .constant(let value, let type): return Vector.constant(value, type, count: batch.count)
      }
    }
    return Batch(vectors, count: batch.count)
  }
}
