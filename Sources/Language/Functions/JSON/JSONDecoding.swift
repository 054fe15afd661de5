import Values
import Vectors

/// JSON as SQL values. A number, a text or a boolean becomes any scalar it can; rows are read from objects by name or from arrays by place.
enum JSONDecoding {
  static func read(_ cursor: inout JSONCursor, _ type: DataType, depth: Int = 0, _ builder: VectorBuilder) throws {
    let kind = try cursor.kind(), start = cursor.at, bytes = cursor.bytes
    if type == .json {
      var writer = TextWriter(capacity: 64)
      try CanonicalJSON.write(&cursor, sorted: true, depth: depth, &writer)
      return builder.append(UnsafeRawBufferPointer(writer.written))
    }
    if kind == .word, bytes[start] == UInt8(ascii: "n") {
      try cursor.value()
      return builder.appendNull()
    }
    func mismatch() throws -> PrestoError {
      var whole = JSONCursor(bytes)
      whole.at = start
      let range = try whole.value(depth: depth)
      return PrestoError(
        .invalidCastArgument, "Cannot cast '\(String(decoding: bytes[range], as: UTF8.self))' to \("\(type)".uppercased())")
    }
    switch type {
    case .array(let element):
      guard kind == .array else { throw try mismatch() }
      try cursor.elements(depth: depth) { cursor, _ in try read(&cursor, element, depth: depth + 1, builder.children[0]) }
      builder.closeList()
    case .map(let key, let value):
      guard kind == .object else { throw try mismatch() }
      var seen = Set<[UInt8]>()
      try cursor.members(depth: depth) { cursor, name in
        let text = cursor.text(name)
        if !seen.insert(text).inserted {
          throw PrestoError(.invalidCastArgument, "Cannot cast to \(type). Duplicate keys are not allowed")
        }
        try JSONScalar(kind: .string, text: text, mismatch: mismatch).append(as: key, to: builder.children[0])
        try read(&cursor, value, depth: depth + 1, builder.children[1])
      }
      builder.closeList()
    case .row(let fields):
      if kind == .array {
        var count = 0
        try cursor.elements(depth: depth) { cursor, index in
          guard index < fields.count else { throw try mismatch() }
          try read(&cursor, fields[index].type, depth: depth + 1, builder.children[index])
          count = index + 1
        }
        if count != fields.count { throw try mismatch() }
      } else if kind == .object {
        try readMembers(&cursor, fields, type, depth, builder)
      } else {
        throw try mismatch()
      }
      builder.closeRow()
    default:
      guard kind != .array, kind != .object else { throw try mismatch() }
      let range = try cursor.value()
      let text = kind == .string ? cursor.text(range) : Array(bytes[range])
      try JSONScalar(kind: kind, text: text, mismatch: mismatch).append(as: type, to: builder)
    }
  }

  private static func readMembers(
    _ cursor: inout JSONCursor, _ fields: [DataType.Field], _ type: DataType, _ depth: Int, _ builder: VectorBuilder
  ) throws {
    var found: [Int: Range<Int>] = [:]
    try cursor.members(depth: depth) { cursor, name in
      let text = String(decoding: cursor.text(name), as: UTF8.self).lowercased()
      cursor.skipBlanks()
      let range = try cursor.value(depth: depth + 1)
      if let index = fields.firstIndex(where: { $0.name?.lowercased() == text }) {
        if found[index] != nil { throw PrestoError(.invalidCastArgument, "Cannot cast to \(type). Duplicate field: \(text)") }
        found[index] = range
      }
    }
    for (index, field) in fields.enumerated() {
      guard let range = found[index] else {
        builder.children[index].appendNull()
        continue
      }
      var inner = JSONCursor(UnsafeRawBufferPointer(rebasing: cursor.bytes[range]))
      try read(&inner, field.type, depth: depth + 1, builder.children[index])
    }
  }
}

/// A number, word or text out of JSON, on its way into a scalar type.
struct JSONScalar {
  let kind: JSONCursor.Kind
  /// The characters of a text; a number or word as written.
  let text: [UInt8]
  let mismatch: () throws -> PrestoError

  private var isTrue: Bool { kind == .word && text.first == UInt8(ascii: "t") }
  private var isWhole: Bool { kind == .number && !text.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") } }

  private func view<R>(_ body: (Bytes) -> R) -> R {
    text.withUnsafeBytes { bytes in body(bytes.baseAddress.map { Bytes($0, count: bytes.count) } ?? .empty) }
  }

  private func double() throws -> Double {
    if kind == .word { return isTrue ? 1 : 0 }
    guard let value = view({ NumberText.double($0) }) else { throw try mismatch() }
    return value
  }

  private func whole<T: FixedWidthInteger & Storable>(_: T.Type, _ builder: VectorBuilder) throws {
    var value: T?
    if kind == .word {
      value = isTrue ? 1 : 0
    } else if kind == .string || isWhole {
      value = view { NumberText.integer($0) }.flatMap { T(exactly: $0) }
    } else {
      value = T(exactly: try double().rounded(.toNearestOrAwayFromZero))
    }
    guard let value else { throw try mismatch() }
    builder.append(value)
  }

  func append(as type: DataType, to builder: VectorBuilder) throws {
    switch type {
    case .boolean: builder.append(try boolean())
    case .tinyint: try whole(Int8.self, builder)
    case .smallint: try whole(Int16.self, builder)
    case .integer: try whole(Int32.self, builder)
    case .bigint: try whole(Int64.self, builder)
    case .double: builder.append(try double())
    case .real:
      // a number is read as a real at once, not rounded twice
      if kind == .number, let value = Float(String(decoding: text, as: UTF8.self)) {
        builder.append(value)
      } else {
        builder.append(Float(try double()))
      }
    case .decimal(let precision, let scale):
      let digits = kind == .word ? JSONScalar(kind: .number, text: [isTrue ? 49 : 48], mismatch: mismatch) : self
      guard let value = digits.view({ NumberText.decimal($0, precision: precision, scale: scale) }) else { throw try mismatch() }
      if type.layout == .int64 { builder.append(Int64(truncatingIfNeeded: value)) } else { builder.append(value) }
    case .varchar(let length):
      var shown = text
      if kind == .number && !isWhole {
        var writer = TextWriter(capacity: 32)
        let number = try double()
        if number == 0 { writer.write("0E0") } else { NumberText.write(cast: number, &writer) }
        shown = [UInt8](UnsafeRawBufferPointer(writer.written))
      }
      if let length, shown.withUnsafeBytes({ CodePoints.count($0) }) > length { throw try mismatch() }
      shown.withUnsafeBytes { builder.append($0) }
    case .date:
      guard kind == .string, let days = view({ CalendarText.date($0) }) else { throw try mismatch() }
      builder.append(Int32(truncatingIfNeeded: days))
    case .timestamp(let precision):
      guard kind == .string, let parsed = view({ CalendarText.timestamp($0, takesT: true) }) else { throw try mismatch() }
      let picos = Int128(parsed.days) * Int128(CalendarText.picosecondsPerDay) + Int128(parsed.picoseconds)
      let rounded = CalendarText.rounded(picos, to: Int128(CalendarText.unit(precision)))
      if type.layout == .int64 { builder.append(Int64(truncatingIfNeeded: rounded / 1_000_000)) } else { builder.append(rounded) }
    default: throw try mismatch()
    }
  }

  private func boolean() throws -> Bool {
    switch kind {
    case .word: return isTrue
    case .number: return try double() != 0
    case .string, .object, .array:
      switch String(decoding: text, as: UTF8.self).lowercased() {
      case "true", "t", "1": return true
      case "false", "f", "0": return false
      default: throw try mismatch()
      }
    }
  }
}
