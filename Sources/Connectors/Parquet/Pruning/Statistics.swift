import Values
import Vectors

/// What a footer says about one column of one row group, in the column's own type.
package struct ChunkStatistics: Sendable {
  /// Entries, nulls included.
  package var valueCount = 0
  package var nullCount: Int?
  package var distinctCount: Int?
  /// No value is less; nil where the file does not say or cannot be trusted.
  package var minimum: Constant?
  package var maximum: Constant?
  /// The bounds are values of the column, not just bounds.
  package var isMinimumExact = false
  package var isMaximumExact = false
}

extension ParquetFile {
  /// Statistics of a column that is not nested; nil for nested ones.
  package func statistics(rowGroup: Int, column: Int) -> ChunkStatistics? {
    guard metadata.groups.indices.contains(rowGroup), roots.indices.contains(column), let leaf = roots[column].flatLeaf else { return nil }
    return statistics(metadata.groups[rowGroup].chunks[leaf.index], leaf)
  }

  func statistics(_ chunk: ColumnChunk, _ leaf: LeafColumn) -> ChunkStatistics {
    let raw = chunk.statistics
    var result = ChunkStatistics(valueCount: chunk.valueCount)
    if let count = raw.nullCount, count >= 0, count <= chunk.valueCount { result.nullCount = count }
    if leaf.maximumDefinition == 0 { result.nullCount = 0 }
    if let count = raw.distinctCount, count >= 0, count <= chunk.valueCount { result.distinctCount = count }
    if leaf.unsupported != nil { return result }
    let hasOrder = leaf.index < metadata.hasTypeOrder.count ? metadata.hasTypeOrder[leaf.index] : metadata.hasTypeOrder.isEmpty
    if raw.minimum != nil || raw.maximum != nil, hasOrder {
      result.minimum = raw.minimum.flatMap { leaf.constant(bytes(of: $0)) }
      result.maximum = raw.maximum.flatMap { leaf.constant(bytes(of: $0)) }
      result.isMinimumExact = raw.isMinimumExact ?? !leaf.conversion.isText
      result.isMaximumExact = raw.isMaximumExact ?? !leaf.conversion.isText
    } else if leaf.hasSignedOrder {
      result.minimum = raw.oldMinimum.flatMap { leaf.constant(bytes(of: $0)) }
      result.maximum = raw.oldMaximum.flatMap { leaf.constant(bytes(of: $0)) }
      result.isMinimumExact = true
      result.isMaximumExact = true
    } else if let low = raw.oldMinimum, let high = raw.oldMaximum {
      // whatever the order was, one value alone is one value
      let value = bytes(of: low)
      if value.elementsEqual(bytes(of: high)) {
        result.minimum = leaf.constant(value)
        result.maximum = result.minimum
      }
    }
    if let low = result.minimum, let high = result.maximum, (Constant.order(low, high) ?? 1) > 0 {
      result.minimum = nil
      result.maximum = nil
    }
    if result.minimum == nil { result.isMinimumExact = false }
    if result.maximum == nil { result.isMaximumExact = false }
    return result
  }

  private func bytes(of range: FooterRange) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: footer.base + Int(range.start), count: Int(range.count))
  }
}

extension LeafColumn {
  /// Old statistics compared signed numbers; right for these.
  var hasSignedOrder: Bool {
    switch (physical, conversion) {
    case (.int32, .uint32ToInt64), (.int64, .uint64ToInt128): false
    case (.int32, _), (.int64, _), (.float, _), (.double, _), (.boolean, _): true
    case (.int96, _), (.byteArray, _), (.fixedLengthByteArray, _): false
    }
  }

  /// A value in PLAIN encoding, without a length before it, as statistics hold it. nil if it does not fit the type, or bounds nothing (NaN,
  /// INT96).
  func constant(_ bytes: UnsafeRawBufferPointer) -> Constant? {
    if conversion == .nothing || physical == .int96 { return nil }
    if conversion == .texts || conversion == .fixedTexts { return .bytes(Array(bytes)) }
    let size: Int =
      switch physical {
      case .boolean: 1
      case .int32, .float: 4
      case .int64, .double: 8
      case .int96: 12
      case .fixedLengthByteArray: length
      case .byteArray: bytes.count
      }
    guard bytes.count == size, size <= 64 else { return nil }
    let source = Buffer(zeroed: 64)
    if let base = bytes.baseAddress { source.base.copyMemory(from: base, byteCount: size) }
    let slot = Buffer(zeroed: 16)
    let p = UnsafePointer(source.pointer(as: UInt8.self))
    switch conversion {
    case .textDecimal64, .textDecimal128:
      let view = Bytes(padded: p, count: size)
      let fits = withUnsafePointer(to: view) { convertTexts($0, conversion, count: 1, into: slot.base) }
      guard fits else { return nil }
    default: guard convertFixed(p, length, conversion, count: 1, into: slot.base) else { return nil }
    }
    let value = withExtendedLifetime(source) { Vector.flat(type, count: 1, values: slot).constant(at: 0) }
    switch value {
    case .real(let x): return x.isNaN ? nil : value
    case .double(let x): return x.isNaN ? nil : value
    default: return value
    }
  }
}
