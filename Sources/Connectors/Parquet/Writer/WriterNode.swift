import Values

/// How slots of a leaf become physical values.
enum LeafSource: Sendable {
  case boolean
  /// Sign-extended numbers, written in 4 or 8 bytes.
  case int8, int16, int32, int64
  case float, double
  /// 64-bit slots divided by this.
  case divided(Int64)
  /// 128-bit slots shifted right, divided, and refused beyond 64 bits.
  case dividedWide(shift: Int, by: Int128)
  case texts
  /// 16-byte texts.
  case uuid
  /// 128-bit slots as big-endian bytes.
  case decimal(length: Int)
  /// Nothing but nulls.
  case nothing
}

/// The schema of a file being written, with levels, and what the footer says of it.
final class WriterNode {
  enum Shape {
    case leaf(Int)
    case list(WriterNode)
    case map(key: WriterNode, value: WriterNode)
    case row([WriterNode])
  }

  let name: String
  let shape: Shape
  let isOptional: Bool
  /// Level of the elements of a list or map.
  let repetition: Int
  let leaves: Range<Int>

  init(_ name: String, _ shape: Shape, isOptional: Bool, repetition: Int, leaves: Range<Int>) {
    self.name = name
    self.shape = shape
    self.isOptional = isOptional
    self.repetition = repetition
    self.leaves = leaves
  }
}

/// One leaf's physical form.
struct LeafForm {
  var path: [String]
  var type: DataType
  var physical: PhysicalType
  var length = 0
  var source: LeafSource
  var maximumDefinition: Int
  var maximumRepetition: Int
}

/// Turns SQL types into a Parquet schema: three-level lists, `key_value` maps, everything but map keys optional.
struct WriterSchema {
  private(set) var elements: [SchemaElement] = []
  private(set) var leaves: [LeafForm] = []
  private(set) var columns: [WriterNode] = []
  private var path: [String] = []

  init(_ fields: [DataType.Field]) throws {
    elements.append(SchemaElement(name: "schema", childCount: fields.count))
    for (i, field) in fields.enumerated() {
      columns.append(try node(field.name ?? "field\(i)", field.type, isOptional: true, definition: 0, repetition: 0))
    }
  }

  private mutating func node(_ name: String, _ type: DataType, isOptional: Bool, definition: Int, repetition: Int) throws -> WriterNode {
    path.append(name)
    defer { path.removeLast() }
    let own = definition + (isOptional ? 1 : 0)
    let first = leaves.count
    let at = elements.count
    elements.append(SchemaElement(repetition: isOptional ? .optional : .required, name: name))
    let shape: WriterNode.Shape
    switch type {
    case .array(let element):
      elements[at].childCount = 1
      elements[at].logical = .list
      elements.append(SchemaElement(repetition: .repeated, name: "list", childCount: 1))
      path.append("list")
      shape = .list(try node("element", element, isOptional: true, definition: own + 1, repetition: repetition + 1))
      path.removeLast()
    case .map(let key, let value):
      elements[at].childCount = 1
      elements[at].logical = .map
      elements.append(SchemaElement(repetition: .repeated, name: "key_value", childCount: 2))
      path.append("key_value")
      let keys = try node("key", key, isOptional: false, definition: own + 1, repetition: repetition + 1)
      shape = .map(key: keys, value: try node("value", value, isOptional: true, definition: own + 1, repetition: repetition + 1))
      path.removeLast()
    case .row(let fields):
      guard !fields.isEmpty else { throw unsupported(type) }
      elements[at].childCount = fields.count
      var children: [WriterNode] = []
      for (i, field) in fields.enumerated() {
        children.append(try node(field.name ?? "field\(i)", field.type, isOptional: true, definition: own, repetition: repetition))
      }
      shape = .row(children)
    default:
      let (physical, length, logical, source) = try form(type)
      elements[at].physical = physical
      elements[at].length = length
      elements[at].logical = logical
      shape = .leaf(leaves.count)
      leaves.append(
        LeafForm(
          path: path, type: type, physical: physical, length: length, source: source, maximumDefinition: own, maximumRepetition: repetition)
      )
    }
    return WriterNode(name, shape, isOptional: isOptional, repetition: repetition + 1, leaves: first..<leaves.count)
  }

  private func unsupported(_ type: DataType) -> PrestoError {
    PrestoError(.notSupported, "Column \(path.joined(separator: ".")) of type \(type) cannot be written to Parquet")
  }

  private func form(_ type: DataType) throws -> (PhysicalType, Int, Annotation, LeafSource) {
    switch type {
    case .unknown: return (.int32, 0, .null, .nothing)
    case .boolean: return (.boolean, 0, .none, .boolean)
    case .tinyint: return (.int32, 0, .integer(bits: 8, isSigned: true), .int8)
    case .smallint: return (.int32, 0, .integer(bits: 16, isSigned: true), .int16)
    case .integer: return (.int32, 0, .none, .int32)
    case .bigint: return (.int64, 0, .none, .int64)
    case .real: return (.float, 0, .none, .float)
    case .double: return (.double, 0, .none, .double)
    case .decimal(let precision, let scale):
      let annotation = Annotation.decimal(precision: precision, scale: scale)
      if precision <= 9 { return (.int32, 0, annotation, .int64) }
      if precision <= 18 { return (.int64, 0, annotation, .int64) }
      // the fewest bytes that hold 10^precision - 1 and a sign
      var length = 8
      var bound = Int128(Int64.max)
      var largest: Int128 = 1
      for _ in 0..<precision { largest *= 10 }
      while bound < largest - 1 {
        length += 1
        bound = length == 16 ? Int128.max : bound << 8 | 0xFF
      }
      return (.fixedLengthByteArray, length, annotation, .decimal(length: length))
    case .varchar, .char: return (.byteArray, 0, .string, .texts)
    case .varbinary: return (.byteArray, 0, .none, .texts)
    case .json: return (.byteArray, 0, .json, .texts)
    case .uuid: return (.fixedLengthByteArray, 16, .uuid, .uuid)
    case .date: return (.int32, 0, .date, .int32)
    case .time(let precision):
      if precision <= 3 { return (.int32, 0, .time(.milliseconds, isAdjustedToUTC: false), .divided(1_000_000_000)) }
      if precision <= 6 { return (.int64, 0, .time(.microseconds, isAdjustedToUTC: false), .divided(1_000_000)) }
      if precision <= 9 { return (.int64, 0, .time(.nanoseconds, isAdjustedToUTC: false), .divided(1_000)) }
    case .timestamp(let precision):
      if precision <= 3 { return (.int64, 0, .timestamp(.milliseconds, isAdjustedToUTC: false), .divided(1_000)) }
      if precision <= 6 { return (.int64, 0, .timestamp(.microseconds, isAdjustedToUTC: false), .int64) }
      if precision <= 9 { return (.int64, 0, .timestamp(.nanoseconds, isAdjustedToUTC: false), .dividedWide(shift: 0, by: 1_000)) }
    case .timestampWithTimeZone(let precision):
      if precision <= 3 { return (.int64, 0, .timestamp(.milliseconds, isAdjustedToUTC: true), .dividedWide(shift: 16, by: 1_000_000_000)) }
      if precision <= 6 { return (.int64, 0, .timestamp(.microseconds, isAdjustedToUTC: true), .dividedWide(shift: 16, by: 1_000_000)) }
      if precision <= 9 { return (.int64, 0, .timestamp(.nanoseconds, isAdjustedToUTC: true), .dividedWide(shift: 16, by: 1_000)) }
    case .ipaddress, .ipprefix, .timeWithTimeZone, .intervalDayToSecond, .intervalYearToMonth, .hyperLogLog, .tdigest, .qdigest,
      .setDigest, .kllSketch, .function,
      .array,
      .map,
      .row:
      break
    }
    throw unsupported(type)
  }
}
