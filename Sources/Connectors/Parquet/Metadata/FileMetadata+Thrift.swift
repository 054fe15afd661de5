extension ThriftReader {
  /// FileMetaData. Schema elements are handed out apart: they become a tree and are forgotten.
  mutating func fileMetadata() throws(Malformed) -> (FileMetadata, [SchemaElement]) {
    var file = FileMetadata()
    var schema: [SchemaElement] = []
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: file.version = try int(field)
      case 2:
        for _ in 0..<(try structures(field)) { schema.append(try schemaElement()) }
      case 3: file.rowCount = try int(field)
      case 4:
        let count = try structures(field)
        file.groups.reserveCapacity(min(count, 1024))
        for _ in 0..<count { file.groups.append(try rowGroup()) }
      case 5:
        for _ in 0..<(try structures(field)) { file.keyValues.append(try keyValue()) }
      case 6:
        try expect(field, Kind.binary)
        file.createdBy = try text()
      case 7:
        for _ in 0..<(try structures(field)) { file.hasTypeOrder.append(try columnOrder()) }
      default: try skip(field.kind)
      }
    }
    return (file, schema)
  }

  /// An integer field of any width.
  mutating func int(_ field: Field) throws(Malformed) -> Int {
    guard field.kind >= Kind.int16 && field.kind <= Kind.int64 else { throw Malformed("metadata field \(field.id) is not a number") }
    return try int()
  }

  /// Header of a list of structures.
  mutating func structures(_ field: Field) throws(Malformed) -> Int {
    try expect(field, Kind.list)
    let (count, kind) = try list()
    guard count == 0 || kind == Kind.structure else { throw Malformed("metadata field \(field.id) is not a list of structures") }
    return count
  }

  private mutating func schemaElement() throws(Malformed) -> SchemaElement {
    var element = SchemaElement()
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        let raw = try int(field)
        guard let known = Int32(exactly: raw).flatMap(PhysicalType.init) else {
          throw Malformed("the schema names unknown physical type \(raw)")
        }
        element.physical = known
      case 2: element.length = try int(field)
      case 3:
        let raw = try int(field)
        guard let known = Int32(exactly: raw).flatMap(Repetition.init) else {
          throw Malformed("the schema names unknown repetition \(raw)")
        }
        element.repetition = known
      case 4:
        try expect(field, Kind.binary)
        element.name = try text()
      case 5: element.childCount = try int(field)
      case 6: element.converted = Int32(exactly: try int(field))
      case 7: element.scale = try int(field)
      case 8: element.precision = try int(field)
      case 10:
        try expect(field, Kind.structure)
        element.logical = try annotation()
      default: try skip(field.kind)
      }
    }
    return element
  }

  /// LogicalType: a union, so one field.
  private mutating func annotation() throws(Malformed) -> Annotation {
    var result = Annotation.none
    var field = Field()
    while try next(&field) {
      guard field.kind == Kind.structure else {
        try skip(field.kind)
        continue
      }
      switch field.id {
      case 1: result = .string
      case 2: result = .map
      case 3: result = .list
      case 4: result = .enumeration
      case 5:
        result = try decimalAnnotation()
        continue
      case 6: result = .date
      case 7, 8:
        let (unit, isAdjusted) = try timeAnnotation()
        result =
          switch unit {
          case .some(let unit): field.id == 7 ? .time(unit, isAdjustedToUTC: isAdjusted) : .timestamp(unit, isAdjustedToUTC: isAdjusted)
          case .none: .unknown
          }
        continue
      case 10:
        result = try integerAnnotation()
        continue
      case 11: result = .null
      case 12: result = .json
      case 13: result = .bson
      case 14: result = .uuid
      case 15: result = .float16
      default: result = .unknown
      }
      try skip(Kind.structure)
    }
    return result
  }

  private mutating func decimalAnnotation() throws(Malformed) -> Annotation {
    var scale = 0
    var precision = 0
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: scale = try int(field)
      case 2: precision = try int(field)
      default: try skip(field.kind)
      }
    }
    return .decimal(precision: precision, scale: scale)
  }

  private mutating func timeAnnotation() throws(Malformed) -> (TimeUnit?, Bool) {
    var unit: TimeUnit?
    var isAdjusted = false
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1: isAdjusted = try ThriftReader.boolean(field)
      case 2:
        try expect(field, Kind.structure)
        var inner = Field()
        while try next(&inner) {
          switch inner.id {
          case 1: unit = .milliseconds
          case 2: unit = .microseconds
          case 3: unit = .nanoseconds
          default: break
          }
          try skip(inner.kind)
        }
      default: try skip(field.kind)
      }
    }
    return (unit, isAdjusted)
  }

  private mutating func integerAnnotation() throws(Malformed) -> Annotation {
    var bits = 32
    var isSigned = true
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        try expect(field, Kind.byte)
        bits = Int(try byte())
      case 2: isSigned = try ThriftReader.boolean(field)
      default: try skip(field.kind)
      }
    }
    return .integer(bits: bits, isSigned: isSigned)
  }

  private mutating func keyValue() throws(Malformed) -> (key: String, value: String?) {
    var pair: (key: String, value: String?) = ("", nil)
    var field = Field()
    while try next(&field) {
      switch field.id {
      case 1:
        try expect(field, Kind.binary)
        pair.key = try text()
      case 2:
        try expect(field, Kind.binary)
        pair.value = try text()
      default: try skip(field.kind)
      }
    }
    return pair
  }

  /// ColumnOrder: true for TypeDefinedOrder, the only one there is.
  private mutating func columnOrder() throws(Malformed) -> Bool {
    var isTypeOrder = false
    var field = Field()
    while try next(&field) {
      if field.id == 1 { isTypeOrder = true }
      try skip(field.kind)
    }
    return isTypeOrder
  }
}
