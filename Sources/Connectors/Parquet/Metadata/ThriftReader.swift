/// Reads Thrift's compact protocol out of bytes that somebody keeps alive. Every read is checked against the end.
///
///     struct   field… 0x00              field   delta·4 │ kind·4  (delta 0: zigzag id follows)
///     integer  zigzag varint            binary  varint length, bytes
///     list     size·4 │ kind·4  (size 15: varint follows), elements
struct ThriftReader {
  let base: UnsafePointer<UInt8>
  let end: Int
  private(set) var position = 0

  enum Kind {
    static let stop: UInt8 = 0, yes: UInt8 = 1, no: UInt8 = 2, byte: UInt8 = 3, int16: UInt8 = 4, int32: UInt8 = 5, int64: UInt8 = 6
    static let double: UInt8 = 7, binary: UInt8 = 8, list: UInt8 = 9, set: UInt8 = 10, map: UInt8 = 11, structure: UInt8 = 12
  }

  /// A field's header.
  struct Field {
    var id: Int = 0
    var kind: UInt8 = Kind.stop
  }

  init(_ base: UnsafePointer<UInt8>, count: Int) {
    self.base = base
    end = count
  }

  @inline(__always)
  mutating func byte() throws(Malformed) -> UInt8 {
    guard position < end else { throw Malformed("metadata ends early") }
    defer { position += 1 }
    return base[position]
  }

  mutating func varint() throws(Malformed) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      result |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return result }
      shift += 7
    }
    throw Malformed("metadata holds a number of more than 64 bits")
  }

  mutating func integer() throws(Malformed) -> Int64 {
    let raw = try varint()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  mutating func int() throws(Malformed) -> Int { Int(try integer()) }

  mutating func int32() throws(Malformed) -> Int32 {
    guard let value = Int32(exactly: try integer()) else { throw Malformed("metadata holds a number of more than 32 bits") }
    return value
  }

  /// Where a binary value lies.
  mutating func binary() throws(Malformed) -> Range<Int> {
    let count = try varint()
    guard count <= UInt64(end - position) else { throw Malformed("metadata holds a text longer than itself") }
    let start = position
    position += Int(count)
    return start..<position
  }

  mutating func text() throws(Malformed) -> String {
    let range = try binary()
    return String(decoding: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
  }

  /// Steps to the next field of the current structure; false at its end. `field` starts as `Field()`.
  mutating func next(_ field: inout Field) throws(Malformed) -> Bool {
    let header = try byte()
    if header == Kind.stop { return false }
    field.kind = header & 15
    if header >> 4 == 0 {
      guard let id = Int16(exactly: try integer()) else { throw Malformed("metadata holds an impossible field") }
      field.id = Int(id)
    } else {
      field.id += Int(header >> 4)
    }
    return true
  }

  /// A list's header. Every element takes at least a byte, so a count beyond what is left is a lie.
  mutating func list() throws(Malformed) -> (count: Int, kind: UInt8) {
    let header = try byte()
    var count = UInt64(header >> 4)
    if count == 15 { count = try varint() }
    guard count <= UInt64(end - position) else { throw Malformed("metadata holds a list longer than itself") }
    return (Int(count), header & 15)
  }

  /// Fails unless the field has the kind that the format gives it.
  func expect(_ field: Field, _ kind: UInt8) throws(Malformed) {
    if field.kind != kind { throw Malformed("metadata field \(field.id) is of kind \(field.kind) instead of \(kind)") }
  }

  static func boolean(_ field: Field) throws(Malformed) -> Bool {
    switch field.kind {
    case Kind.yes: return true
    case Kind.no: return false
    default: throw Malformed("metadata field \(field.id) is not a boolean")
    }
  }

  mutating func skip(_ kind: UInt8, depth: Int = 0) throws(Malformed) {
    guard depth < 64 else { throw Malformed("metadata is nested too deeply") }
    switch kind {
    case Kind.yes, Kind.no: break
    case Kind.byte: _ = try byte()
    case Kind.int16, Kind.int32, Kind.int64: _ = try varint()
    case Kind.double:
      guard end - position >= 8 else { throw Malformed("metadata ends early") }
      position += 8
    case Kind.binary: _ = try binary()
    case Kind.list, Kind.set:
      let (count, element) = try list()
      for _ in 0..<count { try skipElement(element, depth: depth + 1) }
    case Kind.map:
      let count = try varint()
      if count == 0 { return }
      guard count <= UInt64(end - position) else { throw Malformed("metadata holds a map longer than itself") }
      let kinds = try byte()
      for _ in 0..<count {
        try skipElement(kinds >> 4, depth: depth + 1)
        try skipElement(kinds & 15, depth: depth + 1)
      }
    case Kind.structure:
      var field = Field()
      while try next(&field) { try skip(field.kind, depth: depth + 1) }
    default: throw Malformed("metadata holds a field of unknown kind \(kind)")
    }
  }

  /// Booleans take a byte inside collections and none as fields.
  private mutating func skipElement(_ kind: UInt8, depth: Int) throws(Malformed) {
    if kind == Kind.yes || kind == Kind.no { _ = try byte() } else { try skip(kind, depth: depth) }
  }
}
