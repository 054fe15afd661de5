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
    let input = gathered(try channels(try stage(node.input, needed: Set(symbols)), symbols))
    let target = node.target, names = node.columns.map(\.name)
    let fields = zip(names, symbols).map { DataType.Field($0, $1.type) }
    return Stage([node.rowCount], parallelism: 1) { driver in
      let source = try await input.open(driver)
      let write: any TableWrite =
        switch target {
        case .create(let name, let properties): try await catalog.create(name, fields, properties: properties)
        case .insert(let table): try await catalog.insert(into: table, columns: names)
        }
      return WriteSource(source, write)
    }
  }

  mutating func delete(_ node: Plan.Delete) throws -> Stage {
    throw PrestoError(.notSupported, "Catalog '\(node.catalog)' does not support deleting rows")
  }
}

/// Writes everything and yields the number of rows.
private final class WriteSource: BatchSource {
  private let input: any BatchSource
  private let write: any TableWrite
  private var isDone = false

  init(_ input: any BatchSource, _ write: any TableWrite) {
    self.input = input
    self.write = write
  }

  func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var rows = 0
    do {
      let sink = try await write.sink()
      while let batch = try await input.next() {
        try Task.checkCancellation()
        try await sink.append(batch)
        rows += batch.count
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
