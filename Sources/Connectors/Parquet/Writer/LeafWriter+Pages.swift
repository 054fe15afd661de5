import Values
import Vectors

extension LeafWriter {
  private var entryCount: Int { form.maximumRepetition > 0 ? repetitions.count : pageRowCount }

  /// Encodes and compresses what the page holds.
  func closePage() throws {
    let entries = entryCount
    if entries == 0 { return }
    var isIndexed = dictionary != nil && !isGivenUp && form.hasDictionary
    // a dictionary of mostly different values does not pay: its first page decides
    if isIndexed, pages.isEmpty, let known = dictionary, known.count * 2 > pageValues, pageValues > 64 || known.count == pageValues {
      rewritePlain(known)
      dictionary = nil
      isIndexed = false
    }
    var values = ByteSink()
    if isIndexed {
      let width = max(1, Int.bitWidth - max(0, (dictionary?.count ?? 1) - 1).leadingZeroBitCount)
      values.append(byte: UInt8(width))
      indices.withUnsafeBufferPointer { if let base = $0.baseAddress { values.append(hybrid: base, count: $0.count, width: width) } }
      hasDictionaryPages = true
    } else if form.physical == .boolean {
      let bytes = (booleans.count + 7) >> 3
      let target = values.reserve(bytes).assumingMemoryBound(to: UInt8.self)
      target.update(repeating: 0, count: bytes)
      for (i, bit) in booleans.enumerated() { target[i >> 3] |= bit << UInt8(i & 7) }
      values.advance(bytes)
      hasPlainPages = true
    } else {
      values.append(plain.base, plain.count)
      hasPlainPages = true
    }
    try finishPage(entries, values, encoding: isIndexed ? .rleDictionary : .plain)
    definitions.removeAll(keepingCapacity: true)
    repetitions.removeAll(keepingCapacity: true)
    indices.removeAll(keepingCapacity: true)
    booleans.removeAll(keepingCapacity: true)
    plain.removeAll()
    pageValues = 0
    pageRowCount = 0
    pageBounds = Bounds(form.order)
  }

  /// The page's indices become values again.
  private func rewritePlain(_ dictionary: ValueDictionary) {
    plain.removeAll()
    for index in indices {
      if form.physical == .byteArray || form.physical == .fixedLengthByteArray {
        LeafWriter.write(dictionary.texts[Int(index)], hasLength: form.physical == .byteArray, to: &plain)
      } else {
        var number = dictionary.numbers[Int(index)]
        LeafWriter.write(&number, 1, size: form.size, to: &plain)
      }
    }
  }

  private func finishPage(_ entries: Int, _ values: ByteSink, encoding: PageEncoding) throws {
    var repetitionLevels = ByteSink()
    var definitionLevels = ByteSink()
    if form.maximumRepetition > 0 { append(repetitions, form.maximumRepetition, to: &repetitionLevels) }
    if form.maximumDefinition > 0 { append(definitions, form.maximumDefinition, to: &definitionLevels) }
    let nulls = entries - pageValues
    let isV2 = options.pageVersion == 2
    var compressed = ByteSink()
    var size: Int
    if isV2 {
      compressed.append(repetitionLevels.base, repetitionLevels.count)
      compressed.append(definitionLevels.base, definitionLevels.count)
      try compressor.compress(values.base, values.count, into: &compressed)
      size = repetitionLevels.count + definitionLevels.count + values.count
    } else {
      var body = ByteSink()
      if form.maximumRepetition > 0 {
        body.append(little: UInt32(repetitionLevels.count))
        body.append(repetitionLevels.base, repetitionLevels.count)
      }
      if form.maximumDefinition > 0 {
        body.append(little: UInt32(definitionLevels.count))
        body.append(definitionLevels.base, definitionLevels.count)
      }
      body.append(values.base, values.count)
      try compressor.compress(body.base, body.count, into: &compressed)
      size = body.count
    }
    var header = ThriftWriter()
    let rows = pageRowCount
    header.structure { page in
      page.field(1, int32: isV2 ? 3 : 0)
      page.field(2, int32: size)
      page.field(3, int32: compressed.count)
      page.field(isV2 ? 8 : 5) { data in
        data.field(1, int32: entries)
        if isV2 {
          data.field(2, int32: nulls)
          data.field(3, int32: rows)
          data.field(4, int32: Int(encoding.rawValue))
          data.field(5, int32: definitionLevels.count)
          data.field(6, int32: repetitionLevels.count)
          data.field(7, boolean: compressor.codec != .uncompressed)
        } else {
          data.field(2, int32: Int(encoding.rawValue))
          data.field(3, int32: Int(PageEncoding.rle.rawValue))
          data.field(4, int32: Int(PageEncoding.rle.rawValue))
        }
      }
    }
    pages.append(
      FinishedPage(
        header: header.bytes, body: Buffer(copying: compressed.bytes), uncompressedSize: size, rowCount: rows, firstRow: chunkRows,
        bounds: pageBounds, nullCount: nulls, isNullPage: pageValues == 0))
    bufferedBytes += compressed.count
    chunkRows += rows
    chunkEntries += entries
    chunkNulls += nulls
    chunkBounds.add(pageBounds)
  }

  private func append(_ levels: [UInt32], _ maximum: Int, to sink: inout ByteSink) {
    let width = Int.bitWidth - maximum.leadingZeroBitCount
    levels.withUnsafeBufferPointer { if let base = $0.baseAddress { sink.append(hybrid: base, count: $0.count, width: width) } }
  }

  /// The dictionary as a page, if any page needs it.
  func dictionaryPage() throws -> (header: [UInt8], body: Buffer, uncompressedSize: Int)? {
    guard hasDictionaryPages, let dictionary else { return nil }
    var plain = ByteSink()
    if form.physical == .byteArray || form.physical == .fixedLengthByteArray {
      for text in dictionary.texts { LeafWriter.write(text, hasLength: form.physical == .byteArray, to: &plain) }
    } else {
      dictionary.numbers.withUnsafeBufferPointer {
        if let base = $0.baseAddress { LeafWriter.write(base, $0.count, size: form.size, to: &plain) }
      }
    }
    var compressed = ByteSink()
    try compressor.compress(plain.base, plain.count, into: &compressed)
    var header = ThriftWriter()
    header.structure { page in
      page.field(1, int32: 2)
      page.field(2, int32: plain.count)
      page.field(3, int32: compressed.count)
      page.field(7) { data in
        data.field(1, int32: dictionary.count)
        data.field(2, int32: 0)
      }
    }
    return (header.bytes, Buffer(copying: compressed.bytes), plain.count)
  }

  /// Ready for the next row group.
  func startChunk() {
    pages = []
    dictionary = options.usesDictionaries && form.hasDictionary ? ValueDictionary() : nil
    isGivenUp = false
    hasPlainPages = false
    hasDictionaryPages = false
    chunkRows = 0
    chunkEntries = 0
    chunkNulls = 0
    bufferedBytes = 0
    chunkBounds = Bounds(form.order)
  }
}
