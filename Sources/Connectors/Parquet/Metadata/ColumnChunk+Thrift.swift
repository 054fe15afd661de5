extension ThriftReader {
  mutating func rowGroup() throws(Malformed) -> RowGroup {
    var group = RowGroup()
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        let count = try structures(field)
        group.chunks.reserveCapacity(min(count, 1024))
        for _ in 0..<count { group.chunks.append(try columnChunk()) }
      case 2: group.totalByteSize = try int(field)
      case 3: group.rowCount = try int(field)
      default: try skip(field.kind)
      }
    }
    return group
  }

  private mutating func columnChunk() throws(Malformed) -> ColumnChunk {
    var chunk = ColumnChunk()
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        try expect(field, Kind.binary)
        chunk.isElsewhere = try !binary().isEmpty
      case 3:
        try expect(field, Kind.structure)
        try columnMetadata(&chunk)
      case 4: chunk.offsetIndexOffset = try int(field)
      case 5: chunk.offsetIndexLength = try int(field)
      case 6: chunk.columnIndexOffset = try int(field)
      case 7: chunk.columnIndexLength = try int(field)
      case 8, 9:
        chunk.isEncrypted = true
        try skip(field.kind)
      default: try skip(field.kind)
      }
    }
    return chunk
  }

  private mutating func columnMetadata(_ chunk: inout ColumnChunk) throws(Malformed) {
    chunk.lacksMetadata = false
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: chunk.physical = Int32(exactly: try int(field)).flatMap(PhysicalType.init)
      case 4:
        let raw = try int(field)
        guard let known = Int32(exactly: raw).flatMap(CompressionCodec.init) else { throw Malformed("unknown compression codec \(raw)") }
        chunk.codec = known
      case 5: chunk.valueCount = try int(field)
      case 6: chunk.uncompressedSize = try int(field)
      case 7: chunk.compressedSize = try int(field)
      case 9: chunk.dataPageOffset = try int(field)
      case 11: chunk.dictionaryPageOffset = try int(field)
      case 12:
        try expect(field, Kind.structure)
        chunk.statistics = try statistics()
      case 14: chunk.bloomFilterOffset = try int(field)
      case 15: chunk.bloomFilterLength = try int(field)
      default: try skip(field.kind)
      }
    }
  }

  mutating func statistics() throws(Malformed) -> ColumnStatistics {
    var result = ColumnStatistics()
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: result.oldMaximum = try footerRange(field)
      case 2: result.oldMinimum = try footerRange(field)
      case 3: result.nullCount = try int(field)
      case 4: result.distinctCount = try int(field)
      case 5: result.maximum = try footerRange(field)
      case 6: result.minimum = try footerRange(field)
      case 7: result.isMaximumExact = try ThriftReader.boolean(field)
      case 8: result.isMinimumExact = try ThriftReader.boolean(field)
      default: try skip(field.kind)
      }
    }
    return result
  }

  private mutating func footerRange(_ field: Field) throws(Malformed) -> FooterRange {
    try expect(field, Kind.binary)
    let range = try binary()
    guard let start = Int32(exactly: range.lowerBound), let count = Int32(exactly: range.count) else {
      throw Malformed("metadata is too large")
    }
    return FooterRange(start: start, count: count)
  }
}
