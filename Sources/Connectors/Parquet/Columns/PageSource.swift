import Glibc
import Values
import Vectors

/// Walks the pages of one column chunk: headers, and bodies on demand. Bytes come through a window that is read ahead and used again.
final class PageSource {
  let input: any ParquetInput
  let leaf: LeafColumn
  let chunk: ColumnChunk
  /// Where the next page's header is expected.
  private(set) var position: Int
  /// Offset in the file of the page last asked for: errors name it.
  private(set) var pageOffset: Int
  private let end: Int
  private var window = Buffer(byteCount: 0)
  private var windowStart = 0
  private var windowCount = 0

  /// A page: header, where its body lies in the file, and what is kept of it.
  struct Page {
    var header: PageHeader
    var body: Range<Int>
    var kept: PageCache.Kept?
  }

  private let cache: PageCache.Share?

  init(_ input: any ParquetInput, _ leaf: LeafColumn, _ chunk: ColumnChunk, _ cache: PageCache.Share?) throws {
    self.input = input
    self.cache = cache
    self.leaf = leaf
    self.chunk = chunk
    var start = chunk.dataPageOffset
    if let dictionary = chunk.dictionaryPageOffset, dictionary > 0, dictionary < start { start = dictionary }
    // old writers left the dictionary page's header out of the size; the walk ends with the values anyway
    let (bound, isOver) = start.addingReportingOverflow(chunk.compressedSize)
    guard start >= 4, chunk.compressedSize >= 0, !isOver, bound <= input.size else {
      throw PrestoError.badParquet(
        input.name,
        "column \(leaf.path): the chunk at byte \(start) with \(chunk.compressedSize) bytes lies outside the file of \(input.size) bytes")
    }
    position = start
    pageOffset = start
    end = min(bound + 128, input.size - 8)
  }

  func malformed(_ error: Malformed) -> PrestoError {
    PrestoError.badParquet(input.name, "column \(leaf.path), page at byte \(pageOffset): \(error.message)")
  }

  /// Reads the header at `position` and steps over the page.
  func nextPage() throws -> Page {
    pageOffset = position
    if let kept = cache?.page(at: position) {
      position = kept.body.upperBound
      return Page(header: kept.header, body: kept.body, kept: kept)
    }
    var wanted = 256
    while true {
      let there = min(wanted, end - position)
      guard there > 0 else { throw malformed(Malformed("the chunk ends before its \(chunk.valueCount) values")) }
      let bytes = try ensure(position..<position + there)
      let known = windowStart + windowCount - position
      var reader = ThriftReader(bytes, count: min(known, end - position))
      do throws(Malformed) {
        let header = try reader.pageHeader()
        let start = position + reader.position
        guard header.compressedSize <= end - start else {
          throw Malformed("the page of \(header.compressedSize) bytes ends beyond its chunk")
        }
        position = start + header.compressedSize
        return Page(header: header, body: start..<position)
      } catch {
        // a header may hold long statistics: try again with more of it
        if known >= end - position || wanted >= 16 << 20 { throw malformed(error) }
        wanted = max(wanted, known) * 8
      }
    }
  }

  /// Goes to a page whose place is known from the offset index.
  func jump(to offset: Int) throws {
    guard offset >= 4, offset < end else { throw malformed(Malformed("the offset index names a page at byte \(offset)")) }
    position = offset
  }

  /// Whether the page last asked for should be given to `keep`.
  func wants(_ byteCount: Int) -> Bool { cache?.wants(pageOffset, byteCount) ?? false }

  func keep(_ page: Page, _ content: PageCache.Kept.Content) {
    cache?.keep(PageCache.Kept(header: page.header, body: page.body, content: content), at: pageOffset)
  }

  /// The bytes of a body, readable 64 bytes past their end, valid until the next call.
  func bytes(of body: Range<Int>) throws -> UnsafePointer<UInt8> { try ensure(body) }

  /// The bytes of a body in memory of the caller's.
  func copy(_ body: Range<Int>, into target: UnsafeMutableRawPointer) throws {
    if body.lowerBound >= windowStart && body.upperBound <= windowStart + windowCount {
      target.copyMemory(from: window.base + (body.lowerBound - windowStart), byteCount: body.count)
    } else {
      try input.read(body, into: target)
    }
  }

  private func ensure(_ range: Range<Int>) throws -> UnsafePointer<UInt8> {
    if range.lowerBound < windowStart || range.upperBound > windowStart + windowCount {
      let count = min(max(range.count, input.preferredReadSize), end - range.lowerBound)
      guard count >= range.count else { throw malformed(Malformed("the page ends beyond its chunk")) }
      // what is there already of the new window is moved, not read again
      var kept = 0
      if range.lowerBound >= windowStart && range.lowerBound < windowStart + windowCount {
        kept = windowStart + windowCount - range.lowerBound
      }
      let old = window
      let from = old.base + (range.lowerBound - windowStart)
      if window.byteCount < count { window = Buffer(byteCount: count) }
      if kept > 0 { memmove(window.base, from, kept) }
      windowCount = 0
      windowStart = range.lowerBound
      try withExtendedLifetime(old) {
        try input.read(range.lowerBound + kept..<range.lowerBound + count, into: window.base + kept)
      }
      windowCount = count
    }
    return UnsafePointer(window.pointer(as: UInt8.self)) + (range.lowerBound - windowStart)
  }
}
