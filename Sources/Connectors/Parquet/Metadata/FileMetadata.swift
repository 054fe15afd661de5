import Vectors

/// How values lie in pages.
package enum PhysicalType: Int32, Sendable {
  case boolean = 0, int32, int64, int96, float, double, byteArray, fixedLengthByteArray
}

package enum Repetition: Int32, Sendable {
  case required = 0, optional, repeated
}

package enum CompressionCodec: Int32, Sendable, CaseIterable {
  case uncompressed = 0, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw
}

package enum PageEncoding: Int32, Sendable {
  case plain = 0
  case plainDictionary = 2, rle, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, rleDictionary, byteStreamSplit
}

package enum TimeUnit: Sendable { case milliseconds, microseconds, nanoseconds }

/// What a column means beyond its bytes; newer annotations win over older ones.
package enum Annotation: Hashable, Sendable {
  case none
  case string, map, list, enumeration, date, json, bson, uuid, float16, null, interval, mapKeyValue
  case decimal(precision: Int, scale: Int)
  case time(TimeUnit, isAdjustedToUTC: Bool)
  case timestamp(TimeUnit, isAdjustedToUTC: Bool)
  case integer(bits: Int, isSigned: Bool)
  /// Newer than this reader: the physical type is what remains.
  case unknown
}

/// One node of the schema as the footer lists it, depth first.
struct SchemaElement {
  var physical: PhysicalType?
  var length = 0
  var repetition = Repetition.required
  var name = ""
  var childCount = 0
  var converted: Int32?
  var scale = 0
  var precision = 0
  var logical = Annotation.none
}

/// Bytes of the footer: statistics are decoded when somebody asks.
struct FooterRange: Sendable {
  var start: Int32 = -1
  var count: Int32 = 0
}

struct ColumnStatistics: Sendable {
  /// Bounds by the order of the type; nil where not written.
  var minimum: FooterRange?
  var maximum: FooterRange?
  /// Bounds by whatever order the writer had: only right for signed numbers.
  var oldMinimum: FooterRange?
  var oldMaximum: FooterRange?
  var nullCount: Int?
  var distinctCount: Int?
  var isMinimumExact: Bool?
  var isMaximumExact: Bool?
}

struct ColumnChunk: Sendable {
  var physical: PhysicalType?
  var codec = CompressionCodec.uncompressed
  var valueCount = 0
  var compressedSize = 0
  var uncompressedSize = 0
  var dataPageOffset = 0
  var dictionaryPageOffset: Int?
  var statistics = ColumnStatistics()
  var bloomFilterOffset: Int?
  var bloomFilterLength: Int?
  var offsetIndexOffset: Int?
  var offsetIndexLength = 0
  var columnIndexOffset: Int?
  var columnIndexLength = 0
  /// The chunk lies in another file: never written by anybody, refused by us.
  var isElsewhere = false
  var isEncrypted = false
  var lacksMetadata = true
}

struct RowGroup: Sendable {
  var chunks: [ColumnChunk] = []
  var rowCount = 0
  var totalByteSize = 0
}

/// The footer, parsed.
struct FileMetadata: Sendable {
  var version = 0
  var rowCount = 0
  var groups: [RowGroup] = []
  var keyValues: [(key: String, value: String?)] = []
  var createdBy: String?
  /// For each leaf: bounds are ordered as the type's order says.
  var hasTypeOrder: [Bool] = []
}
