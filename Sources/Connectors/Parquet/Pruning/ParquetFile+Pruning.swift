import Values
import Vectors

/// Which rows need not be read. Pruning is never exact: what survives must still be filtered.
extension ParquetFile {
  /// Whether a row group may hold rows that meet all conditions, by its statistics alone; reads nothing.
  package func survives(rowGroup: Int, _ conditions: [ColumnCondition]) -> Bool {
    guard metadata.groups.indices.contains(rowGroup) else { return false }
    for condition in conditions {
      guard let statistics = statistics(rowGroup: rowGroup, column: condition.column) else { continue }
      if !condition.comparable(to: schema[condition.column].type).mayHold(statistics) { return false }
    }
    return metadata.groups[rowGroup].rowCount > 0
  }

  /// The same by bloom filters: reads those of columns that are asked for single values. Worth it where `survives` kept the group.
  package func survivesBloomFilters(rowGroup: Int, _ conditions: [ColumnCondition]) throws -> Bool {
    let group = try group(rowGroup)
    for condition in conditions where !condition.ranges.isEmpty && condition.ranges.count <= 1024 {
      guard roots.indices.contains(condition.column), let leaf = roots[condition.column].flatLeaf else { continue }
      let chunk = group.chunks[leaf.index]
      if condition.allowsNull && statistics(chunk, leaf).nullCount != 0 { continue }
      let hashes = condition.ranges.map { range in range.point.flatMap { leaf.bloomHash($0) } }
      guard !hashes.contains(nil), let filter = try BloomFilter(chunk, input) else { continue }
      if !hashes.contains(where: { $0.map(filter.mayContain) ?? true }) { return false }
    }
    return true
  }

  /// The rows of a group that its page indexes leave: ascending ranges, possibly none. Reads the indexes of the conditions' columns; a group
  /// without them is left whole.
  package func rowRanges(rowGroup: Int, _ conditions: [ColumnCondition]) throws -> [Range<Int>] {
    let group = try group(rowGroup)
    var left: [Range<Int>] = group.rowCount > 0 ? [0..<group.rowCount] : []
    let context = DecodingContext()
    for condition in conditions {
      guard !left.isEmpty, roots.indices.contains(condition.column), let leaf = roots[condition.column].flatLeaf else { continue }
      let chunk = group.chunks[leaf.index]
      let comparable = condition.comparable(to: leaf.type)
      guard leaf.unsupported == nil, let bytes = try readIndex(chunk.columnIndexOffset, chunk.columnIndexLength, input),
        let places = try context.offsetIndex(of: chunk, leaf, group.rowCount, input)?.pages
      else { continue }
      var reader = ThriftReader(UnsafePointer(bytes.pointer(as: UInt8.self)), count: bytes.byteCount)
      guard let index = try? reader.columnIndex(in: bytes), index.isNullPage.count == places.count else { continue }
      var kept: [Range<Int>] = []
      for i in places.indices {
        let rows = places[i].firstRow..<(i + 1 < places.count ? places[i + 1].firstRow : group.rowCount)
        guard comparable.mayHold(leaf.statistics(ofPage: i, rows: rows.count, index)) else { continue }
        if let last = kept.last, last.upperBound == rows.lowerBound {
          kept[kept.count - 1] = last.lowerBound..<rows.upperBound
        } else {
          kept.append(rows)
        }
      }
      left = ParquetFile.intersection(left, kept)
    }
    return left
  }

  /// Both ascending and apart.
  static func intersection(_ a: [Range<Int>], _ b: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var i = 0, j = 0
    while i < a.count && j < b.count {
      let low = max(a[i].lowerBound, b[j].lowerBound), high = min(a[i].upperBound, b[j].upperBound)
      if low < high { result.append(low..<high) }
      if a[i].upperBound < b[j].upperBound { i += 1 } else { j += 1 }
    }
    return result
  }
}

extension ColumnCondition {
  /// With constants as statistics have them: instants compare by the instant, whatever zone they are shown in.
  func comparable(to type: DataType) -> ColumnCondition {
    guard case .timestampWithTimeZone = type else { return self }
    func inUTC(_ constant: Constant?) -> Constant? { constant.flatMap { $0.wideValue.map { .wide($0 & ~0xFFFF) } ?? $0 } }
    var result = self
    for i in ranges.indices {
      result.ranges[i].low = inUTC(ranges[i].low)
      result.ranges[i].high = inUTC(ranges[i].high)
    }
    return result
  }

  /// Whether a row of a chunk or page with these statistics may meet the condition.
  func mayHold(_ statistics: ChunkStatistics) -> Bool {
    if allowsNull && statistics.nullCount != 0 { return true }
    if statistics.nullCount == statistics.valueCount { return false }
    guard statistics.minimum != nil || statistics.maximum != nil else { return !ranges.isEmpty }
    return ranges.contains { range in
      switch (statistics.minimum, statistics.maximum) {
      case (let low?, let high?): range.overlaps(low, high)
      case (let low?, nil): ConstantRange(low: nil, high: range.high, includesHigh: range.includesHigh).overlaps(low, low)
      case (nil, let high?):
        range.high == nil || ConstantRange(low: range.low, includesLow: range.includesLow, high: nil).overlaps(high, high)
      case (nil, nil): true
      }
    }
  }
}

extension LeafColumn {
  func statistics(ofPage page: Int, rows: Int, _ index: ColumnIndex) -> ChunkStatistics {
    var result = ChunkStatistics(valueCount: rows)
    result.nullCount = maximumDefinition == 0 ? 0 : index.nullCounts?[page]
    if index.isNullPage[page] {
      result.nullCount = rows
      return result
    }
    func bound(_ range: Range<Int>) -> Constant? {
      constant(UnsafeRawBufferPointer(start: index.bytes.base + range.lowerBound, count: range.count))
    }
    result.minimum = bound(index.minima[page])
    result.maximum = bound(index.maxima[page])
    if let low = result.minimum, let high = result.maximum, (Constant.order(low, high) ?? 1) > 0 {
      result.minimum = nil
      result.maximum = nil
    }
    return result
  }
}
