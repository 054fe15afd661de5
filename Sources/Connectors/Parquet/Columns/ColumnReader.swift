import Values
import Vectors

/// Decodes one top-level column of a row group, front to back.
final class ColumnReader {
  private let node: SchemaNode
  private let leaves: [LeafReader]
  private let isFlat: Bool
  private var pendingSkip = 0

  init(_ file: ParquetFile, _ node: SchemaNode, rowGroup: RowGroup, _ context: DecodingContext) throws {
    self.node = node
    isFlat = node.flatLeaf != nil
    leaves = try node.leaves.map {
      try LeafReader(file.input, file.leaves[$0], rowGroup.chunks[$0], rowCount: rowGroup.rowCount, context, file.cachedPages)
    }
  }

  /// The next `count` rows.
  func read(_ count: Int) throws -> Vector {
    if isFlat { return try leaves[0].read(count) }
    try passSkipped()
    let entries = try leaves.map { try $0.readEntries(rows: count) }
    let vector = try NestedAssembly(entries, leaves, firstLeaf: node.leaves.lowerBound).vector(of: node)
    guard vector.count == count else { throw leaves[0].pages.malformed(Malformed("levels make \(vector.count) rows of \(count)")) }
    return vector
  }

  /// The chosen ones of the next `count` rows, of which there is at least one.
  func read(_ count: Int, rows: Selection) throws -> Vector {
    if isFlat { return try leaves[0].read(count, rows: UnsafePointer(rows.pointer), rows.count) }
    let first = Int(rows.pointer[0]), last = Int(rows.pointer[rows.count - 1])
    skip(first)
    let dense = try read(last + 1 - first)
    skip(count - last - 1)
    if first == 0 { return dense.gathered(rows) }
    let shifted = Buffer(byteCount: rows.count * 4)
    let out = shifted.pointer(as: UInt32.self)
    for i in 0..<rows.count { out[i] = rows.pointer[i] &- UInt32(truncatingIfNeeded: first) }
    return dense.gathered(UnsafePointer(out), count: rows.count)
  }

  /// Passes rows; pages without a row that is read are never decompressed.
  func skip(_ count: Int) { if isFlat { leaves[0].skip(count) } else { pendingSkip += count } }

  private func passSkipped() throws {
    guard pendingSkip > 0 else { return }
    for leaf in leaves { try leaf.skipEntries(rows: pendingSkip) }
    pendingSkip = 0
  }
}
