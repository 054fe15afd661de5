import Plans
import Values
import Vectors

/// One row per element of arrays and maps, zipped, beside the kept channels.
final class UnnestSource: BatchSource {
  private let input: any BatchSource
  private let kept: [Int]
  private let items: [Int]
  private let itemTypes: [[DataType]]
  private let hasOrdinality: Bool
  private let isOuter: Bool

  /// `itemTypes[i]`: types of the outputs of item i (a field each for arrays of rows).
  init(_ input: any BatchSource, kept: [Int], items: [Int], itemTypes: [[DataType]], hasOrdinality: Bool, isOuter: Bool) {
    self.input = input
    self.kept = kept
    self.items = items
    self.itemTypes = itemTypes
    self.hasOrdinality = hasOrdinality
    self.isOuter = isOuter
  }

  /// One array or map column of the batch under way, read where it lies: a constant array is not copied for every row it stands for.
  private struct Item {
    let vector: Vector
    let offsets: UnsafeMutablePointer<Int32>
    /// nil: row i is slot i, or slot 0 for constants.
    let indices: UnsafeMutablePointer<UInt32>?
    let isConstant: Bool
    let children: [Vector]

    func range(_ row: Int) -> Range<Int> {
      let slot = isConstant ? 0 : indices.map { Int($0[row]) } ?? row
      return vector.isNull(at: slot) ? 0..<0 : Int(offsets[slot])..<Int(offsets[slot + 1])
    }
  }

  /// The batch under way and how far it is: `element` is the next element of `row`.
  private struct Position {
    let batch: Batch
    let sources: [Item]
    var row = 0
    var element = 0
  }

  private var position: Position?

  func next() async throws -> Batch? {
    while true {
      if var current = position {
        let result = unnest(&current)
        position = current.row < current.batch.count ? current : nil
        if let result { return result }
      } else if let batch = try await input.next() {
        position = Position(batch: batch, sources: try sources(batch))
      } else {
        return nil
      }
    }
  }

  private func sources(_ batch: Batch) throws -> [Item] {
    try zip(items, itemTypes).map { channel, types in
      var vector = batch.columns[channel]
      var indices: UnsafeMutablePointer<UInt32>?
      var isConstant = false
      switch vector.encoding {
      case .constant(let value):
        isConstant = true
        vector = value
      case .dictionary(let chosen, let values):
        indices = chosen.pointer(as: UInt32.self)
        vector = values
      case .flat, .list, .map, .row: break
      }
      switch vector.encoding {
      case .list(let offsets, let elements, _):
        var children = [elements]
        if case .row(let fields) = elements.type, types.count == fields.count, types == fields.map(\.type) {
          children = UnnestSource.fields(elements)
        }
        return Item(
          vector: vector, offsets: offsets.pointer(as: Int32.self), indices: indices, isConstant: isConstant, children: children)
      case .map(let offsets, let keys, let values, _):
        return Item(
          vector: vector, offsets: offsets.pointer(as: Int32.self), indices: indices, isConstant: isConstant, children: [keys, values])
      case .flat, .row, .constant, .dictionary:
        throw PrestoError(.genericInternalError, "UNNEST of a \(vector.type) that is no array or map")
      }
    }
  }

  /// The next rows, about as many as a batch has; nil: what is left of the batch has none.
  private func unnest(_ position: inout Position) -> Batch? {
    let sources = position.sources
    var rows: [UInt32] = []
    var ordinals: [Int64] = []
    var elements = [[UInt32]](repeating: [], count: sources.count)
    while position.row < position.batch.count && rows.count < Batch.habitualCount {
      let ranges = sources.map { $0.range(position.row) }
      let longest = ranges.map(\.count).max() ?? 0
      if longest == 0 && isOuter {
        rows.append(UInt32(truncatingIfNeeded: position.row))
        ordinals.append(-1)
        for i in elements.indices { elements[i].append(UInt32.max) }
      }
      let end = min(longest, position.element + Batch.habitualCount - rows.count)
      for k in position.element..<max(end, position.element) {
        rows.append(UInt32(truncatingIfNeeded: position.row))
        ordinals.append(Int64(k + 1))
        for (i, range) in ranges.enumerated() {
          elements[i].append(k < range.count ? UInt32(truncatingIfNeeded: range.lowerBound + k) : UInt32.max)
        }
      }
      position.element = end
      if end >= longest {
        position.row += 1
        position.element = 0
      }
    }
    if rows.isEmpty { return nil }
    let n = rows.count
    let batch = position.batch
    var columns = rows.withUnsafeBufferPointer { rows in
      rows.baseAddress.map { base in kept.map { batch.columns[$0].gathered(base, count: n) } } ?? []
    }
    for (source, chosen) in zip(sources, elements) {
      chosen.withUnsafeBufferPointer { chosen in
        if let base = chosen.baseAddress { columns += source.children.map { $0.gatheredOrNull(base, count: n) } }
      }
    }
    if hasOrdinality {
      let builder = VectorBuilder(.bigint, capacity: n)
      for ordinal in ordinals { if ordinal < 0 { builder.appendNull() } else { builder.append(ordinal) } }
      columns.append(builder.finish())
    }
    return Batch(columns, count: n)
  }

  /// Fields of a row vector, null where the row itself is.
  private static func fields(_ vector: Vector) -> [Vector] {
    let flat = vector.flattened()
    guard case .row(let fields, let validity) = flat.encoding else { return [] }
    guard let validity else { return fields }
    return fields.map { $0.flattened().masked(by: validity) }
  }
}
