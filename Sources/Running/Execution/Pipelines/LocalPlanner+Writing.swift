import Federation
import Plans
import Synchronization
import Values
import Vectors

extension LocalPlanner {
  /// Writers fill the table's sinks; the transaction is committed when all are done, and aborted when any fails.
  mutating func write(_ node: Plan.Write) throws -> Stage {
    let catalog = try context.catalog(node.catalog)
    let symbols = node.columns.map(\.symbol)
    let marks = node.marks.map { [$0.isKept, $0.isChanged] } ?? []
    let input = gathered(try channels(try stage(node.input, needed: Set(symbols + marks)), symbols + marks))
    let target = node.target, names = node.columns.map(\.name)
    let fields = zip(names, symbols).map { DataType.Field($0, $1.type) }
    return Stage([node.rowCount], parallelism: 1) { driver in
      let source = try await input.open(driver)
      let write: any TableWrite =
        switch target {
        case .create(let name, let properties, let comment):
          try await catalog.create(name, fields, properties: properties, comments: TableComments(table: comment))
        case .insert(let table): try await catalog.insert(into: table, columns: names)
        case .replace(let table): try await catalog.replace(table)
        }
      return WriteSource(source, write, width: symbols.count)
    }
  }

  /// The source does all of it.
  mutating func delete(_ node: Plan.Delete, _ plan: Plan) throws -> Stage {
    let catalog = try context.catalog(node.catalog)
    let scan = scanContext(ScanMetrics())
    context.metrics.register(ObjectIdentifier(plan), catalog: node.catalog, label: "\(node.catalog): \(node.table)", scan.metrics)
    return Stage([node.rowCount], parallelism: 1) { _ in try await catalog.delete(node.table, scan) }
  }
}

/// Writes everything and yields the number of rows. Two channels past the written ones, where there are any, say which rows to write and which to
/// count.
private final class WriteSource: BatchSource {
  private let input: any BatchSource
  private let write: any TableWrite
  private let width: Int
  private var isDone = false

  init(_ input: any BatchSource, _ write: any TableWrite, width: Int) {
    self.input = input
    self.write = write
    self.width = width
  }

  private func trueRows(_ flags: Vector) -> Selection {
    let reader = flags.reader(as: UInt8.self)
    let rows = Buffer(byteCount: flags.count * 4)
    let p = rows.pointer(as: UInt32.self)
    var count = 0
    for row in 0..<flags.count where reader[row] != 0 && reader.isValid(row) {
      p[count] = UInt32(truncatingIfNeeded: row)
      count += 1
    }
    return withExtendedLifetime(flags) { Selection(rows: rows, count: count) }
  }

  func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var rows = 0
    do {
      let sink = try await write.sink()
      while let batch = try await input.next() {
        try await WorkerPool.checkpoint()
        if batch.columns.count == width {
          try await sink.append(batch)
          rows += batch.count
          continue
        }
        rows += trueRows(batch.columns[width + 1]).count
        let kept = trueRows(batch.columns[width])
        if kept.count > 0 { try await sink.append(Batch(Array(batch.columns.prefix(width)), count: batch.count).gathered(kept)) }
      }
      try await sink.finish()
      try await write.commit()
    } catch {
      await write.abort()
      throw error
    }
    return Batch([Vector.constant(.integer(Int64(rows)), .bigint, count: 1)], count: 1)
  }
}
