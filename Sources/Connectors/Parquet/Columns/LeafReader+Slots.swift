import Values
import Vectors

/// Values that become slots of our layout all at once: what is not taken from the page as it lies.
extension LeafReader {
  /// All values of a page, or of a dictionary, as slots: `slotBase`, `slotOwner`, `slotCount` and `pageHeap` are set.
  func decodeSlots(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ owner: Buffer?, _ encoding: PageEncoding, limit: Int
  ) throws(Malformed) {
    let conversion = leaf.conversion
    // no writer makes such pages, and what a few bytes can claim must not decide how much memory is taken
    guard limit <= 1 << 27 else { throw Malformed("a page of \(limit) values") }
    if conversion == .nothing {
      setSlots(Buffer(byteCount: limit), limit)
      slotBase.initializeMemory(as: UInt8.self, repeating: 0, count: limit)
      return
    }
    switch (encoding, leaf.physical) {
    case (.plain, .byteArray): try decodeTexts(start, end, limit: limit, owner)
    case (.plain, .boolean):
      let count = min(limit, (end - start) * 8)
      setSlots(Buffer(byteCount: count), count)
      _ = convertFixed(start, 0, conversion, count: count, into: slotBase)
    case (.plain, .int32), (.plain, .int64), (.plain, .int96), (.plain, .float), (.plain, .double), (.plain, .fixedLengthByteArray):
      try convert(start, min(limit, (end - start) / physicalSize), owner)
    case (.deltaBinaryPacked, .int32): try decodeDeltas(Int32.self, start, end, limit: limit)
    case (.deltaBinaryPacked, .int64): try decodeDeltas(Int64.self, start, end, limit: limit)
    case (.deltaLengthByteArray, .byteArray):
      let views = context.values
      let count = try decodeDeltaLengths(start, end: end, limit: limit, context.extra) { n in
        views.reserve((n + 8) * 16).assumingMemoryBound(to: Bytes.self)
      }
      try takeViews(count, heap: owner.map { [$0] } ?? [])
    case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
      let views = context.values
      var heap: [Buffer] = []
      let count = try decodeDeltaTexts(
        start, end: end, limit: limit, context.extra, context.indices,
        heap: { size in
          let memory = Buffer(byteCount: size)
          heap.append(memory)
          return memory.pointer(as: UInt8.self)
        }, { n in views.reserve((n + 8) * 16).assumingMemoryBound(to: Bytes.self) })
      try takeViews(count, heap: heap)
    case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float), (.byteStreamSplit, .double),
      (.byteStreamSplit, .fixedLengthByteArray):
      let size = physicalSize
      let count = (end - start) / size
      guard count <= limit, count * size == end - start else { throw Malformed("\(end - start) bytes do not split into \(size) streams") }
      let joined = Buffer(byteCount: count * size)
      joinByteStreams(start, width: size, count: count, into: joined.pointer(as: UInt8.self))
      try convert(UnsafePointer(joined.pointer(as: UInt8.self)), count, joined)
    default: throw Malformed("\(leaf.physical) values in encoding \(encoding)")
    }
  }

  private var physicalSize: Int {
    switch leaf.physical {
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixedLengthByteArray: leaf.length
    case .boolean, .byteArray: 1
    }
  }

  private func setSlots(_ buffer: Buffer, _ count: Int) {
    slotOwner = buffer
    slotBase = buffer.base
    slotCount = count
  }

  /// Fixed-width physical values: as they lie where they are slots already, else converted.
  private func convert(_ source: UnsafePointer<UInt8>, _ count: Int, _ owner: Buffer?) throws(Malformed) {
    let conversion = leaf.conversion
    if conversion == .copy4 || conversion == .copy8, let owner {
      slotOwner = owner
      slotBase = UnsafeMutableRawPointer(mutating: source)
      slotCount = count
      return
    }
    if conversion == .fixedTexts && leaf.length > Bytes.inlineCapacity && count > 0 {
      guard let owner else { throw Malformed("values without memory") }
      pageHeap = [owner]
    }
    setSlots(Buffer(byteCount: count * conversion.width), count)
    guard convertFixed(source, leaf.length, conversion, count: count, into: slotBase) else {
      throw Malformed("a value is out of range for \(leaf.type)")
    }
  }

  private func decodeDeltas<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _: Value.Type, _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, limit: Int
  ) throws(Malformed) {
    var decoder = DeltaBinaryPacked(start, end: end)
    var made: Buffer?
    let count = try decoder.decode(Value.self, limit: limit) { n in
      let memory = Buffer(byteCount: (n + 8) * MemoryLayout<Value>.size)
      made = memory
      return memory.pointer(as: Value.self)
    }
    guard let made else { return }
    try convert(UnsafePointer(made.pointer(as: UInt8.self)), count, made)
  }

  /// PLAIN texts that are not kept as texts: dictionaries, and decimals.
  private func decodeTexts(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, limit: Int, _ owner: Buffer?) throws(Malformed) {
    var count = 0
    var p = start
    while count < limit && end - p >= 4 {
      let length = Int(UnsafeRawPointer(p).loadUnaligned(as: UInt32.self))
      guard length <= end - p - 4 else { throw Malformed("a text ends beyond its page") }
      p += 4 + length
      count += 1
    }
    let views = context.values.reserve((count + 8) * 16).assumingMemoryBound(to: Bytes.self)
    var decoder = PlainTextDecoder(start, end: end)
    try decoder.read(into: views, count: count)
    try takeViews(count, heap: owner.map { [$0] } ?? [])
  }

  /// Views in `context.values` become slots.
  private func takeViews(_ count: Int, heap: [Buffer]) throws(Malformed) {
    let views = UnsafePointer(context.values.base.assumingMemoryBound(to: Bytes.self))
    let conversion = leaf.conversion
    if leaf.physical == .fixedLengthByteArray {
      for i in 0..<count where views[i].count != leaf.length {
        throw Malformed("a value of \(views[i].count) bytes where all have \(leaf.length)")
      }
    }
    setSlots(Buffer(byteCount: (count + 1) * conversion.width), count)
    switch conversion {
    case .texts, .fixedTexts:
      slotBase.copyMemory(from: views, byteCount: count * 16)
      pageHeap = heap
    case .textDecimal64, .textDecimal128:
      guard convertTexts(views, conversion, count: count, into: slotBase) else {
        throw Malformed("a value is out of range for \(leaf.type)")
      }
    default:
      let packed = context.extra.reserve((count + 1) * leaf.length + 16).assumingMemoryBound(to: UInt8.self)
      for i in 0..<count {
        views[i].withBytes { raw in
          (UnsafeMutableRawPointer(packed) + i * leaf.length).copyMemory(
            from: raw.baseAddress ?? UnsafeRawPointer(packed), byteCount: leaf.length)
        }
      }
      guard convertFixed(packed, leaf.length, conversion, count: count, into: slotBase) else {
        throw Malformed("a value is out of range for \(leaf.type)")
      }
    }
  }

  /// A dictionary page is PLAIN, whatever old writers call it.
  func decodeDictionary(_ page: PageSource.Page) throws -> ChunkDictionary {
    let header = page.header
    // a broken file may let two columns of different types begin at one place
    if case .dictionary(leaf.type, let count, let slots, let heap)? = page.kept?.content {
      return ChunkDictionary(leaf.type, count: count, slots: slots, heap: heap)
    }
    guard header.encoding == .plain || header.encoding == .plainDictionary, leaf.physical != .boolean else {
      throw Malformed("a dictionary in encoding \(header.encoding)")
    }
    try verify(page)
    let bytes = try pages.bytes(of: page.body)
    let body = try unpack(bytes, page.body.count, chunk.codec, header.uncompressedSize, keeps: leaf.conversion.isText, pad: 0)
    mode = .slots
    defer {
      slotCount = 0
      pageHeap = []
    }
    let count = min(header.valueCount, body.count / physicalSize)
    if leaf.conversion == .copy8, count == header.valueCount, let narrow = DictionarySlots(narrowing: body.start, count: count) {
      return kept(page, narrow, count)
    }
    if leaf.conversion == .copy4 || leaf.conversion == .copy8 {
      setSlots(Buffer(byteCount: (count + 1) * leaf.conversion.width), count)
      slotBase.copyMemory(from: body.start, byteCount: count * leaf.conversion.width)
    } else {
      try decodeSlots(body.start, body.end, body.owner, .plain, limit: header.valueCount)
    }
    guard slotCount == header.valueCount else { throw Malformed("the dictionary holds \(slotCount) of its \(header.valueCount) values") }
    // the slot behind the last stands for null
    let width = leaf.conversion.width
    var values = slotOwner
    if values.byteCount < (slotCount + 1) * width {
      values = Buffer(byteCount: (slotCount + 1) * width)
      values.base.copyMemory(from: slotBase, byteCount: slotCount * width)
    }
    (values.base + slotCount * width).initializeMemory(as: UInt8.self, repeating: 0, count: width)
    return kept(page, DictionarySlots(values), slotCount)
  }

  private func kept(_ page: PageSource.Page, _ slots: DictionarySlots, _ count: Int) -> ChunkDictionary {
    if pages.wants(pageHeap.reduce(slots.buffer.byteCount) { $0 + $1.byteCount }) {
      pages.keep(page, .dictionary(leaf.type, count: count, slots: slots, heap: pageHeap))
    }
    return ChunkDictionary(leaf.type, count: count, slots: slots, heap: pageHeap)
  }
}
