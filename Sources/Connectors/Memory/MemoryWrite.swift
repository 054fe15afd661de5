import Federation
import Synchronization
import Values
import Vectors

/// Collects the batches of all writers and hands them to the store at commit, all or nothing.
final class MemoryWrite: TableWrite {
  enum Target: Sendable {
    case create(TableName, [DataType.Field])
    /// For every field of the table, the written column that fills it; nil: nulls.
    case insert(MemoryTable, [Int?])
    /// All rows anew; `rows`: how many there were when the write began.
    case replace(MemoryTable, rows: Int)
  }

  private let store: MemoryStore
  private let target: Target
  private let pending = Mutex<[Batch]>([])

  init(into store: MemoryStore, _ target: Target) {
    self.store = store
    self.target = target
  }

  func sink() async throws -> sending any BatchSink { MemorySink(self) }

  func commit() async throws {
    let batches = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    switch target {
    case .create(let name, let fields): try store.create(name, fields, batches)
    case .insert(let table, _): try store.append(batches, to: table)
    case .replace(let table, let rows): try store.replace(batches, of: table, rowsBefore: rows)
    }
  }

  func abort() async { pending.withLock { $0 = [] } }

  fileprivate func arranged(_ batch: Batch) -> Batch {
    switch target {
    case .create, .replace: return Batch(batch.columns.map { $0.flattened() }, count: batch.count)
    case .insert(let table, let order):
      let columns = zip(table.fields, order).map { field, source in
        source.map { batch.columns[$0].flattened() } ?? Vector.nulls(field.type, count: batch.count)
      }
      return Batch(columns, count: batch.count)
    }
  }

  fileprivate func add(_ batches: [Batch]) { pending.withLock { $0 += batches } }
}

private final class MemorySink: BatchSink {
  private let write: MemoryWrite
  private var batches: [Batch] = []

  init(_ write: MemoryWrite) { self.write = write }

  func append(_ batch: Batch) async throws { batches.append(write.arranged(batch)) }

  func finish() async throws {
    write.add(batches)
    batches = []
  }
}
