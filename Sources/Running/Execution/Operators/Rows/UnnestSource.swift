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

  // the batch under way: its next row, and the next of that row's elements
  private var current: (batch: Batch, items: [Item])?
  private var row = 0
  private var element = 0

  /// `itemTypes[i]`: types of the outputs of item i (a field each for arrays of rows).
  init(_ input: any BatchSource, kept: [Int], items: [Int], itemTypes: [[DataType]], hasOrdinality: Bool, isOuter: Bool) {
    self.input = input
    self.kept = kept
    self.items = items
    self.itemTypes = itemTypes
    self.hasOrdinality = hasOrdinality
    self.isOuter = isOuter
  }

  private struct Item {
    let offsets: UnsafeMutablePointer<Int32>
    let vector: Vector
    let children: [Vector]

    func range(_ row: Int) -> Range<Int> {
      vector.isNull(at: row) ? 0..<0 : Int(offsets[row])..<Int(offsets[row + 1])
    }
  }

  func next() async throws -> Batch? {
    while true {
      if let current {
        try Task.checkCancellation()
        if let piece = piece(current.batch, current.items) { return piece }
        self.current = nil
      }
      guard let batch = try await input.next() else { return nil }
      row = 0
      element = 0
      let opened = self.opened(batch)
      if opened.count == items.count { current = (batch, opened) }
    }
  }

  private func opened(_ batch: Batch) -> [Item] {
    zip(items, itemTypes).compactMap { channel, types -> Item? in
      let flat = batch.columns[channel].flattened()
      switch flat.encoding {
      case .list(let offsets, let elements, _):
        var children = [elements]
        if case .row(let fields) = elements.type, types.count == fields.count, types == fields.map(\.type) {
          children = UnnestSource.fields(elements)
        }
        return Item(offsets: offsets.pointer(as: Int32.self), vector: flat, children: children)
      case .map(let offsets, let keys, let values, _):
        return Item(offsets: offsets.pointer(as: Int32.self), vector: flat, children: [keys, values])
      case .flat, .row, .constant, .dictionary: return nil
      }
    }
  }

  /// The next rows of the batch, as many as a batch has by habit; nil when it is done.
  private func piece(_ batch: Batch, _ sources: [Item]) -> Batch? {
    var rows: [UInt32] = []
    var ordinals: [Int64] = []
    var elements = [[UInt32]](repeating: [], count: sources.count)
    while row < batch.count && rows.count < Batch.habitualCount {
      let ranges = sources.map { $0.range(row) }
      let longest = ranges.map(\.count).max() ?? 0
      if longest == 0 && isOuter {
        rows.append(UInt32(truncatingIfNeeded: row))
        ordinals.append(-1)
        for i in elements.indices { elements[i].append(UInt32.max) }
      }
      let end = min(longest, element + Batch.habitualCount - rows.count)
      for k in element..<max(element, end) {
        rows.append(UInt32(truncatingIfNeeded: row))
        ordinals.append(Int64(k + 1))
        for (i, range) in ranges.enumerated() { elements[i].append(k < range.count ? UInt32(range.lowerBound + k) : UInt32.max) }
      }
      if end < longest {
        element = end
      } else {
        row += 1
        element = 0
      }
    }
    if rows.isEmpty { return nil }
    let n = rows.count
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
