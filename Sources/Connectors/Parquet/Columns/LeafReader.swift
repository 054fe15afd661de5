import Values
import Vectors

/// Decodes one column chunk, front to back. Owned by one thread.
///
/// A page holds levels and values; values wait in one of three forms and are taken in segments:
///
///     indices   dictionary indices, still packed
///     slots     slots of our layout side by side: the page itself where its bytes are slots already, else converted once per page
///     texts     PLAIN texts, still in the page
///
/// `LeafReader+Flat` takes rows of columns without nesting, `LeafReader+Nested` takes entries with their levels.
final class LeafReader {
  enum Mode { case indices, slots, texts }

  let pages: PageSource
  let leaf: LeafColumn
  let chunk: ColumnChunk
  let rowCount: Int
  let context: DecodingContext

  // the current page
  var mode = Mode.slots
  /// Entries whose levels have not been decoded.
  var entriesLeft = 0
  /// Entries of all pages loaded or passed.
  var entriesSeen = 0
  var definition: HybridDecoder
  var repetition: HybridDecoder
  var indices: HybridDecoder
  var texts: PlainTextDecoder
  var indexWidth = 0
  var slotBase: UnsafeMutableRawPointer
  var slotOwner: Buffer
  var slotCount = 0
  var slotPosition = 0
  var pageHeap: [Buffer] = []
  var pageIsV2 = false
  var currentPage: Buffer?

  // the chunk
  private var isPrepared = false
  var dictionary: ChunkDictionary?
  var keepsDictionary = true
  /// Bytes of the last page's levels: the next page is placed so that its values are aligned.
  var levelBytes = 0
  /// Decompressed pages whose bytes nobody keeps, and levels of the oldest form.
  let pageScratch = Scratch()
  let legacyRepetitions = Scratch()
  let legacyDefinitions = Scratch()
  private var offsetIndex: OffsetIndex?
  private var triedOffsetIndex = false

  // flat columns
  /// Rows to pass before the next read.
  var pendingSkip = 0

  // nested columns: levels decoded but not taken
  var pendingDefinitions: [UInt8] = []
  var pendingRepetitions: [UInt8] = []
  var pendingNext = 0
  /// Row starts passed.
  var rowsSeen = 0
  /// Pages were passed by the offset index.
  var hasJumped = false

  init(
    _ input: any ParquetInput, _ leaf: LeafColumn, _ chunk: ColumnChunk, rowCount: Int, _ context: DecodingContext,
    _ cache: PageCache.Share? = nil
  ) throws {
    if let unsupported = leaf.unsupported {
      throw PrestoError(.notSupported, "\(input.name): column \(leaf.path) cannot be read: \(unsupported)")
    }
    if chunk.isEncrypted { throw PrestoError(.notSupported, "\(input.name): column \(leaf.path) is encrypted") }
    if chunk.isElsewhere { throw PrestoError(.notSupported, "\(input.name): column \(leaf.path) lies in another file") }
    pages = try PageSource(input, leaf, chunk, cache)
    guard !chunk.lacksMetadata, chunk.physical == leaf.physical, chunk.valueCount >= 0 else {
      throw pages.malformed(Malformed("the chunk's metadata contradict the schema"))
    }
    if chunk.codec == .lzo { throw PrestoError(.notSupported, "\(input.name): column \(leaf.path) is compressed by LZO") }
    self.leaf = leaf
    self.chunk = chunk
    self.rowCount = rowCount
    self.context = context
    slotOwner = context.nothing
    slotBase = context.nothing.base
    let start = UnsafePointer(context.nothing.pointer(as: UInt8.self))
    definition = HybridDecoder(packed: start, byteCount: 0, width: 1, count: 0)
    repetition = definition
    indices = definition
    texts = PlainTextDecoder(start, end: start)
  }

  /// Decodes the dictionary if the chunk starts with one.
  private func prepare() throws {
    isPrepared = true
    if leaf.conversion == .boolean { dictionary = context.booleans }
    let start = pages.position
    let first = try pages.nextPage()
    if first.header.kind == .dictionary { try loadDictionary(first) } else { try pages.jump(to: start) }
  }

  /// The header of the next data page; nil after the last.
  func nextDataPage() throws -> PageSource.Page? {
    if !isPrepared { try prepare() }
    var strangers = 0
    while entriesSeen < chunk.valueCount {
      let page = try pages.nextPage()
      switch page.header.kind {
      case .data, .dataV2:
        guard page.header.valueCount <= chunk.valueCount - entriesSeen else {
          throw pages.malformed(Malformed("\(page.header.valueCount) values where the chunk has \(chunk.valueCount - entriesSeen) left"))
        }
        if page.header.valueCount > 0 { return page }
      case .dictionary where dictionary == nil: try loadDictionary(page)
      case .dictionary: throw pages.malformed(Malformed("a second dictionary"))
      case .index, nil: break
      }
      strangers += 1
      if strangers > 10_000 { throw pages.malformed(Malformed("no data in \(strangers) pages")) }
    }
    return nil
  }

  /// The next data page becomes the current one.
  func loadNextPage() throws {
    guard let page = try nextDataPage() else {
      throw pages.malformed(Malformed("the column has \(chunk.valueCount) values, too few for its \(rowCount) rows"))
    }
    try load(page)
  }

  func load(_ page: PageSource.Page) throws {
    entriesSeen += page.header.valueCount
    entriesLeft = page.header.valueCount
    if isIndexed(page.header.encoding) && dictionary == nil { throw pages.malformed(Malformed("dictionary indices without a dictionary")) }
    do { try loadPage(page) } catch let error as Malformed { throw pages.malformed(error) }
  }

  func isIndexed(_ encoding: PageEncoding) -> Bool { encoding == .plainDictionary || encoding == .rleDictionary }

  private func loadDictionary(_ page: PageSource.Page) throws {
    do { dictionary = try decodeDictionary(page) } catch let error as Malformed { throw pages.malformed(error) }
    let count = dictionary?.count ?? 0
    // Fixed-width values are worth indexing only while the dictionary is small and its entries come often.
    keepsDictionary =
      leaf.conversion.isText ? count <= max(chunk.valueCount / 2, 1) : count < DictionarySlots.leastNarrow && count <= chunk.valueCount / 8
    if leaf.conversion == .boolean { keepsDictionary = false }
  }

  /// Places of the chunk's pages, if the file says.
  func pagePlaces() throws -> [PagePlace]? {
    if !isPrepared { try prepare() }
    if !triedOffsetIndex {
      triedOffsetIndex = true
      offsetIndex = try context.offsetIndex(of: chunk, leaf, rowCount, pages.input)
    }
    return offsetIndex?.pages
  }

  func check<T>(_ body: () throws(Malformed) -> T) throws -> T {
    do throws(Malformed) { return try body() } catch { throw pages.malformed(error) }
  }
}
