import Values

/// What the footer and the page indexes say about what has been written.
struct WrittenGroup {
  var rowCount: Int
  var start: Int
  var chunks: [WrittenChunk] = []
}

struct WrittenPage {
  var place: PagePlace
  var bounds: Bounds
  var nullCount: Int
  var isNullPage: Bool
}

struct WrittenChunk {
  var form: LeafForm
  var entries: Int
  var bounds: Bounds
  var nullCount: Int
  var hasPlainPages = false
  var start = 0
  var dictionaryOffset: Int?
  var dataOffset = 0
  var compressedSize = 0
  var uncompressedSize = 0
  var pages: [WrittenPage] = []
  var columnIndexPlace: (offset: Int, count: Int)?
  var offsetIndexPlace: (offset: Int, count: Int)?

  var isUTF8: Bool {
    switch form.type {
    case .varchar, .char, .json: true
    default: false
    }
  }

  /// Bounds of every page; nil where some page with values has none (only NaN, or texts that cannot be cut), or the type has no order.
  func columnIndex() -> [UInt8]? {
    if pages.isEmpty { return nil }
    let encoded = pages.map { $0.bounds.encoded(size: form.size, isUTF8: isUTF8) }
    for (page, bounds) in zip(pages, encoded) where !page.isNullPage && (bounds.low == nil || bounds.high == nil) { return nil }
    var writer = ThriftWriter()
    writer.structure { index in
      index.field(1, list: pages.count, of: ThriftReader.Kind.yes)
      for page in pages { index.element(boolean: page.isNullPage) }
      index.field(2, list: pages.count, of: ThriftReader.Kind.binary)
      for bounds in encoded { index.element(binary: bounds.low ?? []) }
      index.field(3, list: pages.count, of: ThriftReader.Kind.binary)
      for bounds in encoded { index.element(binary: bounds.high ?? []) }
      // unordered: readers then look at every page
      index.field(4, int32: 0)
      index.field(5, list: pages.count, of: ThriftReader.Kind.int64)
      for page in pages { index.element(integer: page.nullCount) }
    }
    return writer.bytes
  }

  func offsetIndex() -> [UInt8] {
    var writer = ThriftWriter()
    writer.structure { index in
      index.field(1, list: pages.count, of: ThriftReader.Kind.structure)
      for page in pages {
        index.structure { place in
          place.field(1, int64: page.place.offset)
          place.field(2, int32: page.place.compressedSize)
          place.field(3, int64: page.place.firstRow)
        }
      }
    }
    return writer.bytes
  }
}
