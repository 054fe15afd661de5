import Values
import Vectors

/// From a page's bytes to levels and values.
extension LeafReader {
  /// Memory with what is left of it: bytes that stay where they are until the page is done.
  struct PageBody {
    var start: UnsafePointer<UInt8>
    var end: UnsafePointer<UInt8>
    /// Keeps the bytes alive for vectors; nil where they lie in working memory.
    var owner: Buffer?
    var count: Int { end - start }
  }

  func loadPage(_ page: PageSource.Page) throws {
    let header = page.header
    pageIsV2 = header.kind == .dataV2
    var body = try content(of: page)
    // levels are read from the page as long as it is the current one, whoever else keeps it
    currentPage = body.owner
    let start = body.start
    if pageIsV2 {
      let split = start + header.repetitionBytes
      if leaf.maximumRepetition > 0 { repetition = try HybridDecoder(start, end: split, width: bitWidth(leaf.maximumRepetition)) }
      if leaf.maximumDefinition > 0 {
        definition = try HybridDecoder(split, end: split + header.definitionBytes, width: bitWidth(leaf.maximumDefinition))
      }
      body.start = split + header.definitionBytes
    } else {
      if leaf.maximumRepetition > 0 {
        repetition = try levels(&body, header.repetitionEncoding, leaf.maximumRepetition, header.valueCount, legacyRepetitions)
      }
      if leaf.maximumDefinition > 0 {
        definition = try levels(&body, header.definitionEncoding, leaf.maximumDefinition, header.valueCount, legacyDefinitions)
      }
      levelBytes = body.start - start
    }
    try loadValues(body, header.encoding, limit: header.valueCount)
  }

  /// Levels and values, decompressed: as they were kept, or from the file.
  private func content(of page: PageSource.Page) throws -> PageBody {
    if case .page(let bytes, let start)? = page.kept?.content {
      let first = UnsafePointer(bytes.pointer(as: UInt8.self))
      return PageBody(start: first + start, end: first + bytes.byteCount, owner: bytes)
    }
    try verify(page)
    let header = page.header
    let codec = !pageIsV2 || header.isCompressed ? chunk.codec : .uncompressed
    let isWanted = codec != .uncompressed && pages.wants(header.uncompressedSize)
    let keeps = isWanted || keepsBytes(header.encoding)
    let plainLevels = pageIsV2 ? header.repetitionBytes + header.definitionBytes : 0
    let pad = keeps ? (64 - (pageIsV2 ? plainLevels : levelBytes) & 63) & 63 : 0
    let bytes = try pages.bytes(of: page.body)
    let body = try unpack(bytes, page.body.count, codec, header.uncompressedSize, plain: plainLevels, keeps: keeps, pad: pad)
    if isWanted, let owner = body.owner { pages.keep(page, .page(owner, start: pad)) }
    return body
  }

  /// CRC-32 of the body as it lies in the file.
  func verify(_ page: PageSource.Page) throws {
    guard context.verifiesChecksums, let checksum = page.header.checksum else { return }
    let sum = checksumOf(try pages.bytes(of: page.body), page.body.count)
    guard sum == UInt32(truncatingIfNeeded: checksum) else { throw Malformed("the page does not have its checksum") }
  }

  func bitWidth(_ maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// Values of this encoding are handed out where they lie.
  private func keepsBytes(_ encoding: PageEncoding) -> Bool {
    switch encoding {
    case .plain: leaf.conversion == .copy4 || leaf.conversion == .copy8 || leaf.conversion.isText
    case .deltaLengthByteArray: leaf.conversion.isText
    case .plainDictionary, .rle, .bitPacked, .deltaBinaryPacked, .deltaByteArray, .rleDictionary, .byteStreamSplit: false
    }
  }

  /// `plain`: so many bytes at the start are not compressed.
  func unpack(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ codec: CompressionCodec, _ size: Int, plain: Int = 0, keeps: Bool, pad: Int
  ) throws(Malformed) -> PageBody {
    if size == 0 { return PageBody(start: source, end: source, owner: nil) }
    if codec == .uncompressed && !keeps {
      guard size == count else { throw Malformed("an uncompressed page of \(count) bytes claims \(size)") }
      return PageBody(start: source, end: source + count, owner: nil)
    }
    guard plain <= count, plain <= size else { throw Malformed("levels end beyond their page") }
    // a page of levels and nulls has no values
    if size > plain { try Decompressor.check(codec, source + plain, count - plain, claims: size - plain) }
    let page = keeps ? Buffer(byteCount: size + pad) : nil
    let target = page.map { $0.base + pad } ?? pageScratch.reserve(size)
    if plain > 0 { target.copyMemory(from: source, byteCount: plain) }
    if size > plain { try context.decompressor.decompress(codec, source + plain, count - plain, into: target + plain, size: size - plain) }
    let start = UnsafePointer(target.assumingMemoryBound(to: UInt8.self))
    return PageBody(start: start, end: start + size, owner: page)
  }

  /// v1 levels at the start of the page.
  private func levels(
    _ body: inout PageBody, _ encoding: PageEncoding, _ maximum: Int, _ count: Int, _ scratch: Scratch
  ) throws(Malformed) -> HybridDecoder {
    let width = bitWidth(maximum)
    if encoding == .bitPacked {
      let bytes = (count * width + 7) >> 3
      guard bytes <= body.count else { throw Malformed("levels end beyond their page") }
      let target = scratch.reserve(bytes).assumingMemoryBound(to: UInt8.self)
      repackLegacyLevels(body.start, width: width, count: count, into: target)
      body.start += bytes
      return HybridDecoder(packed: UnsafePointer(target), byteCount: bytes, width: width, count: count)
    }
    guard encoding == .rle else { throw Malformed("levels in encoding \(encoding)") }
    guard body.count >= 4 else { throw Malformed("levels end beyond their page") }
    let size = Int(UnsafeRawPointer(body.start).loadUnaligned(as: UInt32.self))
    guard size <= body.count - 4 else { throw Malformed("levels end beyond their page") }
    let start = body.start + 4
    body.start = start + size
    return try HybridDecoder(start, end: start + size, width: width)
  }

  private func loadValues(_ body: PageBody, _ encoding: PageEncoding, limit: Int) throws(Malformed) {
    slotPosition = 0
    slotCount = 0
    pageHeap = []
    switch encoding {
    case .plainDictionary, .rleDictionary:
      indexWidth = body.count == 0 ? 0 : Int(body.start.pointee)
      indices = try HybridDecoder(body.count == 0 ? body.start : body.start + 1, end: body.end, width: indexWidth)
      mode = .indices
    case .rle:
      guard leaf.physical == .boolean else { throw Malformed("\(leaf.physical) values in encoding rle") }
      guard body.count >= 4 else {
        mode = .slots
        return
      }
      let size = Int(UnsafeRawPointer(body.start).loadUnaligned(as: UInt32.self))
      guard size <= body.count - 4 else { throw Malformed("values end beyond their page") }
      indexWidth = 1
      dictionary = context.booleans
      indices = try HybridDecoder(body.start + 4, end: body.start + 4 + size, width: 1)
      mode = .indices
    case .plain where leaf.conversion == .texts:
      texts = PlainTextDecoder(body.start, end: body.end)
      pageHeap = body.owner.map { [$0] } ?? []
      mode = .texts
    case .plain, .bitPacked, .deltaBinaryPacked, .deltaLengthByteArray, .deltaByteArray, .byteStreamSplit:
      mode = .slots
      try decodeSlots(body.start, body.end, body.owner, encoding, limit: limit)
    }
  }
}
