import Vectors

/// Where each page of a chunk lies: offset in the file, bytes with its header, and the first of its rows within the row group.
struct OffsetIndex {
  var pages: [PagePlace] = []
}

struct PagePlace {
  var offset = 0
  var compressedSize = 0
  var firstRow = 0
}

/// Bounds of each page of a chunk, as the type's plain encoding writes them; ranges are into `bytes`.
struct ColumnIndex {
  var bytes: Buffer
  var isNullPage: [Bool] = []
  var minima: [Range<Int>] = []
  var maxima: [Range<Int>] = []
  var nullCounts: [Int]?
}

extension ThriftReader {
  mutating func offsetIndex() throws(Malformed) -> OffsetIndex {
    var index = OffsetIndex()
    var field = Field()
    while try next(&field) {
      guard field.id == 1 else {
        try skip(field.kind)
        continue
      }
      for _ in 0..<(try structures(field)) {
        var place = PagePlace()
        var inner = Field()
        while try next(&inner) {
          switch inner.id {
          case 1: place.offset = try int(inner)
          case 2: place.compressedSize = try int(inner)
          case 3: place.firstRow = try int(inner)
          default: try skip(inner.kind)
          }
        }
        index.pages.append(place)
      }
    }
    return index
  }

  mutating func columnIndex(in bytes: Buffer) throws(Malformed) -> ColumnIndex {
    var index = ColumnIndex(bytes: bytes)
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        try expect(field, Kind.list)
        for _ in 0..<(try list().count) { index.isNullPage.append(try byte() == Kind.yes) }
      case 2: index.minima = try binaries(field)
      case 3: index.maxima = try binaries(field)
      case 5:
        try expect(field, Kind.list)
        var counts: [Int] = []
        for _ in 0..<(try list().count) { counts.append(try int()) }
        index.nullCounts = counts
      default: try skip(field.kind)
      }
    }
    let count = index.isNullPage.count
    guard index.minima.count == count, index.maxima.count == count, index.nullCounts.map({ $0.count == count }) ?? true else {
      throw Malformed("the column index contradicts itself")
    }
    return index
  }

  private mutating func binaries(_ field: Field) throws(Malformed) -> [Range<Int>] {
    try expect(field, Kind.list)
    let (count, kind) = try list()
    guard count == 0 || kind == Kind.binary else { throw Malformed("the column index holds no bounds") }
    var result: [Range<Int>] = []
    result.reserveCapacity(min(count, 4096))
    for _ in 0..<count { result.append(try binary()) }
    return result
  }
}
