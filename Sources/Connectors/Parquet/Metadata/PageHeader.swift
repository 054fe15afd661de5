/// What stands before every page.
struct PageHeader {
  enum Kind: Int {
    case data = 0, index, dictionary, dataV2
  }

  var kind: Kind?
  var uncompressedSize = 0
  var compressedSize = 0
  var checksum: Int?
  var valueCount = 0
  var encoding = PageEncoding.plain
  var definitionEncoding = PageEncoding.rle
  var repetitionEncoding = PageEncoding.rle
  /// v2 only.
  var rowCount = 0
  var nullCount = 0
  var definitionBytes = 0
  var repetitionBytes = 0
  var isCompressed = true
}

extension ThriftReader {
  mutating func pageHeader() throws(Malformed) -> PageHeader {
    var header = PageHeader()
    var hasBody = false
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: header.kind = PageHeader.Kind(rawValue: try int(field))
      case 2: header.uncompressedSize = try int(field)
      case 3: header.compressedSize = try int(field)
      case 4: header.checksum = try int(field)
      case 5, 7, 8:
        try expect(field, Kind.structure)
        hasBody = true
        try pageBody(&header, isV2: field.id == 8)
      default: try skip(field.kind)
      }
    }
    guard header.compressedSize >= 0, header.uncompressedSize >= 0, header.compressedSize <= Int(Int32.max),
      header.uncompressedSize <= Int(Int32.max)
    else { throw Malformed("the page header has impossible sizes") }
    if header.kind == nil || header.kind == .index { return header }
    guard hasBody, header.valueCount >= 0, header.valueCount <= Int(Int32.max) else { throw Malformed("the page header lacks its counts") }
    guard header.rowCount >= 0, header.nullCount >= 0, header.definitionBytes >= 0, header.repetitionBytes >= 0,
      header.definitionBytes <= header.compressedSize, header.repetitionBytes <= header.compressedSize - header.definitionBytes,
      header.definitionBytes + header.repetitionBytes <= header.uncompressedSize
    else { throw Malformed("the page header has impossible sizes") }
    return header
  }

  /// DataPageHeader, DictionaryPageHeader and DataPageHeaderV2 agree on little but their first field.
  private mutating func pageBody(_ header: inout PageHeader, isV2: Bool) throws(Malformed) {
    var field = Field()
    while try next(&field) {
      switch (field.id, isV2) {
      case (1, _): header.valueCount = try int(field)
      case (2, false), (4, true): header.encoding = try encoding(field)
      case (3, false) where field.kind != Kind.yes && field.kind != Kind.no: header.definitionEncoding = try encoding(field)
      case (4, false): header.repetitionEncoding = try encoding(field)
      case (2, true): header.nullCount = try int(field)
      case (3, true): header.rowCount = try int(field)
      case (5, true): header.definitionBytes = try int(field)
      case (6, true): header.repetitionBytes = try int(field)
      case (7, true): header.isCompressed = try ThriftReader.boolean(field)
      default: try skip(field.kind)
      }
    }
  }

  private mutating func encoding(_ field: Field) throws(Malformed) -> PageEncoding {
    let raw = try int(field)
    guard let known = Int32(exactly: raw).flatMap(PageEncoding.init) else { throw Malformed("unknown page encoding \(raw)") }
    return known
  }
}
