import Expressions
import Plans
import Values
import Vectors

/// An aggregate call with its arguments as channels of the operator's input.
struct AggregateCall: Sendable {
  enum Argument: Sendable {
    case channel(Int)
    case constant(Constant, DataType)

    func vector(_ batch: Batch) -> Vector {
      switch self {
      case .channel(let index): batch.columns[index]
      case .constant(let value, let type): Vector.constant(value, type, count: batch.count)
      }
    }
  }

  let make: AggregateMaker
  let arguments: [Argument]
  /// Channel of a boolean: only rows where it is true count.
  let filter: Int?
  let isDistinct: Bool
  let order: [SortKey]
  /// Of the arguments, and of the result.
  let argumentTypes: [DataType]
  let type: DataType

  /// Rows that count, nil: all of them.
  func counted(_ batch: Batch) -> Selection? {
    guard let filter else { return nil }
    let reader = batch.columns[filter].reader(as: UInt8.self)
    let rows = Buffer(byteCount: batch.count * 4)
    let p = rows.pointer(as: UInt32.self)
    var kept = 0
    for i in 0..<batch.count {
      p[kept] = UInt32(truncatingIfNeeded: i)
      kept += (reader[i] != 0 && reader.isValid(i)).bit
    }
    return kept == batch.count ? nil : Selection(rows: rows, count: kept)
  }
}

/// A key of ORDER BY as a channel.
struct SortKey: Sendable {
  var channel: Int
  var isAscending: Bool
  var nullsFirst: Bool
}

/// Distinct rows of (group keys, arguments) of one call.
final class DistinctRows {
  let types: [DataType]
  let table: GroupTable
  private let encoder: KeyEncoder
  private var scratch = Buffer(byteCount: 0)

  init(keys: [DataType], call: AggregateCall) {
    types = keys + call.argumentTypes
    let layout = KeyLayout(types, hasNulls: true)
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
  }

  func add(_ vectors: [Vector], count: Int) {
    if count == 0 { return }
    encoder.encode(vectors, count: count)
    if scratch.byteCount < count * 4 { scratch = Buffer(byteCount: count * 4) }
    table.assign(encoder, vectors, count: count, groups: scratch.pointer(as: UInt32.self))
  }

  /// Everything seen, in batches of keys and arguments.
  func forEachBatch(_ body: ([Vector], Int) throws -> Void) rethrows {
    var start = 0
    while start < table.count {
      let end = min(start + Batch.habitualCount, table.count)
      try body(table.keys(start..<end), end - start)
      start = end
    }
  }
}
