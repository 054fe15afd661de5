/// Writes FileMetaData.
struct FooterWriter {
  let schema: WriterSchema
  let groups: [WrittenGroup]
  let rowCount: Int
  let options: ParquetWriterOptions

  func bytes() -> [UInt8] {
    var writer = ThriftWriter()
    writer.structure { file in
      file.field(1, int32: 2)
      file.field(2, list: schema.elements.count, of: ThriftReader.Kind.structure)
      for (i, element) in schema.elements.enumerated() { file.structure { write(element, isRoot: i == 0, to: &$0) } }
      file.field(3, int64: rowCount)
      file.field(4, list: groups.count, of: ThriftReader.Kind.structure)
      for (ordinal, group) in groups.enumerated() { file.structure { write(group, ordinal, to: &$0) } }
      if !options.keyValues.isEmpty {
        file.field(5, list: options.keyValues.count, of: ThriftReader.Kind.structure)
        for pair in options.keyValues {
          file.structure { entry in
            entry.field(1, text: pair.key)
            if let value = pair.value { entry.field(2, text: value) }
          }
        }
      }
      file.field(6, text: "minipresto version 1.0.0")
      file.field(7, list: schema.leaves.count, of: ThriftReader.Kind.structure)
      for _ in schema.leaves { file.structure { order in order.field(1) { _ in } } }
    }
    return writer.bytes
  }

  private func write(_ element: SchemaElement, isRoot: Bool, to out: inout ThriftWriter) {
    if let physical = element.physical { out.field(1, int32: Int(physical.rawValue)) }
    if element.length > 0 { out.field(2, int32: element.length) }
    if !isRoot { out.field(3, int32: Int(element.repetition.rawValue)) }
    out.field(4, text: element.name)
    if element.physical == nil { out.field(5, int32: element.childCount) }
    let (converted, scale, precision) = element.logical.converted
    if let converted { out.field(6, int32: converted) }
    if let scale { out.field(7, int32: scale) }
    if let precision { out.field(8, int32: precision) }
    if element.logical != .none { out.field(10) { element.logical.write(to: &$0) } }
  }

  private func write(_ group: WrittenGroup, _ ordinal: Int, to out: inout ThriftWriter) {
    out.field(1, list: group.chunks.count, of: ThriftReader.Kind.structure)
    for chunk in group.chunks { out.structure { write(chunk, to: &$0) } }
    out.field(2, int64: group.chunks.reduce(0) { $0 + $1.uncompressedSize })
    out.field(3, int64: group.rowCount)
    out.field(5, int64: group.start)
    out.field(6, int64: group.chunks.reduce(0) { $0 + $1.compressedSize })
    if let small = Int16(exactly: ordinal) { out.field(7, int16: Int(small)) }
  }

  private func write(_ chunk: WrittenChunk, to out: inout ThriftWriter) {
    out.field(2, int64: 0)
    out.field(3) { meta in
      meta.field(1, int32: Int(chunk.form.physical.rawValue))
      var encodings = [PageEncoding.rle]
      if chunk.hasPlainPages || chunk.dictionaryOffset != nil { encodings.append(.plain) }
      if chunk.dictionaryOffset != nil { encodings.append(.rleDictionary) }
      meta.field(2, list: encodings.count, of: ThriftReader.Kind.int32)
      for encoding in encodings { meta.element(integer: Int(encoding.rawValue)) }
      meta.field(3, list: chunk.form.path.count, of: ThriftReader.Kind.binary)
      for name in chunk.form.path { meta.element(text: name) }
      meta.field(4, int32: Int(options.codec.rawValue))
      meta.field(5, int64: chunk.entries)
      meta.field(6, int64: chunk.uncompressedSize)
      meta.field(7, int64: chunk.compressedSize)
      meta.field(9, int64: chunk.dataOffset)
      if let dictionary = chunk.dictionaryOffset { meta.field(11, int64: dictionary) }
      let bounds = chunk.bounds.encoded(size: chunk.form.size, isUTF8: chunk.isUTF8)
      meta.field(12) { statistics in
        statistics.field(3, int64: chunk.nullCount)
        if let high = bounds.high { statistics.field(5, binary: high) }
        if let low = bounds.low { statistics.field(6, binary: low) }
        if bounds.high != nil { statistics.field(7, boolean: bounds.isHighExact) }
        if bounds.low != nil { statistics.field(8, boolean: bounds.isLowExact) }
      }
    }
    if let place = chunk.offsetIndexPlace {
      out.field(4, int64: place.offset)
      out.field(5, int32: place.count)
    }
    if let place = chunk.columnIndexPlace {
      out.field(6, int64: place.offset)
      out.field(7, int32: place.count)
    }
  }
}

extension Annotation {
  /// The older annotation that says the same, for readers that know no other: type, scale, precision.
  fileprivate var converted: (Int?, Int?, Int?) {
    switch self {
    case .string: (0, nil, nil)
    case .map: (1, nil, nil)
    case .mapKeyValue: (2, nil, nil)
    case .list: (3, nil, nil)
    case .enumeration: (4, nil, nil)
    case .decimal(let precision, let scale): (5, scale, precision)
    case .date: (6, nil, nil)
    case .integer(let bits, let isSigned): ((isSigned ? 15 : 11) + (bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : 3), nil, nil)
    case .json: (19, nil, nil)
    case .bson: (20, nil, nil)
    // the older ones mean UTC
    case .time(.milliseconds, true): (7, nil, nil)
    case .time(.microseconds, true): (8, nil, nil)
    case .timestamp(.milliseconds, true): (9, nil, nil)
    case .timestamp(.microseconds, true): (10, nil, nil)
    case .none, .uuid, .float16, .null, .interval, .unknown, .time, .timestamp: (nil, nil, nil)
    }
  }

  /// LogicalType.
  fileprivate func write(to out: inout ThriftWriter) {
    func unit(_ unit: TimeUnit, _ isAdjusted: Bool, _ id: Int) {
      out.field(id) { inner in
        inner.field(1, boolean: isAdjusted)
        inner.field(2) { $0.field(unit == .milliseconds ? 1 : unit == .microseconds ? 2 : 3) { _ in } }
      }
    }
    switch self {
    case .string: out.field(1) { _ in }
    case .map: out.field(2) { _ in }
    case .list: out.field(3) { _ in }
    case .enumeration: out.field(4) { _ in }
    case .decimal(let precision, let scale):
      out.field(5) { inner in
        inner.field(1, int32: scale)
        inner.field(2, int32: precision)
      }
    case .date: out.field(6) { _ in }
    case .time(let scale, let isAdjusted): unit(scale, isAdjusted, 7)
    case .timestamp(let scale, let isAdjusted): unit(scale, isAdjusted, 8)
    case .integer(let bits, let isSigned):
      out.field(10) { inner in
        inner.field(1, byte: Int8(truncatingIfNeeded: bits))
        inner.field(2, boolean: isSigned)
      }
    case .null: out.field(11) { _ in }
    case .json: out.field(12) { _ in }
    case .bson: out.field(13) { _ in }
    case .uuid: out.field(14) { _ in }
    case .float16: out.field(15) { _ in }
    case .none, .mapKeyValue, .interval, .unknown: break
    }
  }
}
