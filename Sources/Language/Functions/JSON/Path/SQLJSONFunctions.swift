import Expressions
import Values
import Vectors

/// What JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY are compiled to. The analyzer writes the clauses as constants:
///
///     $json_query(input, 'lax $.a', row(passed values), 'WITHOUT', 'KEEP', 'NULL', 'NULL')
///
/// Inputs are json values that nobody has looked at yet (`$json_input`), so that what is malformed meets the ON ERROR clause.
extension Function {
  static let sqlJSON: [Function] = [
    hidden("$json_input", "(varchar, varchar) -> json", "A text as JSON, unchecked") { arguments, _, _ in arguments[0].retyped(.json) },
    hidden("$json_input", "(varbinary, varchar) -> json", "Encoded bytes as JSON, unchecked") { arguments, rows, _ in
      let encodings = arguments[1].reader(as: Bytes.self)
      guard rows > 0, encodings.isValid(0), encodings[0].string != "UTF8" else { return arguments[0].retyped(.json) }
      let width = encodings[0].string == "UTF16" ? 2 : 4, bytes = arguments[0].reader(as: Bytes.self)
      return try ScalarLoop.written(rows, arguments[0].rowValidity, .json) { row, out in
        bytes[row].withBytes { writeScalars($0, width: width, &out) }
      }
    },
    hidden("$json_check", "(varchar, array(varchar)) -> boolean", "Whether a path is one, and its parameters are passed") {
      arguments, rows, _ in
      let paths = arguments[0].reader(as: Bytes.self)
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool.self) { row in
        var names: Set<String> = []
        if case .sequence(let list) = arguments[1].constant(at: row) { names = Set(list.compactMap(\.text)) }
        try SQLJSONPath(paths[row].array).checkParameters(names)
        return true
      }.vector(.boolean, rows: rows, heap: [])
    },
    hidden("$json_exists", "(json, varchar, P, varchar) -> boolean", "Whether a path finds an item") { arguments, rows, _ in
      let call = try PathCall(arguments), onErrors = arguments[3].reader(as: Bytes.self)
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool?.self) { row -> Bool? in
        do { return try !call.items(row).isEmpty } catch let error as PrestoError {
          switch onErrors[row].string {
          case "ERROR": throw error
          case "TRUE": return true
          case "UNKNOWN": return nil
          default: return false
          }
        }
      }.vector(.boolean, rows: rows, heap: [])
    },
    hidden(
      "$json_query", "(json, varchar, P, varchar, varchar, varchar, varchar) -> varchar", "The JSON text of what a path finds"
    ) { arguments, rows, type in
      let call = try PathCall(arguments)
      let wrapper = arguments[3].reader(as: Bytes.self), quotes = arguments[4].reader(as: Bytes.self)
      let onEmpty = arguments[5].reader(as: Bytes.self), onError = arguments[6].reader(as: Bytes.self)
      return try ScalarLoop.written(rows, arguments[0].rowValidity, type) { row, out in
        do {
          let items = try call.items(row)
          if items.isEmpty { return try substitute(onEmpty[row].string, "JSON path found no items", &out) }
          let item: JSONItem
          switch wrapper[row].string {
          case "WITH UNCONDITIONAL": item = .array(items)
          case "WITH CONDITIONAL" where !(items.count == 1 && items[0].isNested): item = .array(items)
          default:
            guard items.count == 1 else { return try substitute(onError[row].string, "JSON path found multiple items", &out) }
            item = items[0]
          }
          if case .text(let text) = item, quotes[row].string == "OMIT" {
            text.withUnsafeBytes { out.write($0) }
          } else {
            item.write(&out)
          }
        } catch let error as PrestoError where error.code == .pathEvaluationError || error.code == .jsonInputConversionError {
          if onError[row].string == "ERROR" { throw error }
          try substitute(onError[row].string, "", &out)
        }
      }
    },
    Function(
      "$json_value", .scalar, Signature("(json, varchar, P, varchar, varchar, varchar) -> row(tinyint, varchar)"),
      "How a path fared (0: a value, 1: nothing, 2: an error), and the text of the scalar, made for a whole number or a boolean",
      isHidden: true,
      .scalar { _, result in { arguments, rows, _ in try values(arguments, rows, result) } }),
    hidden(
      "$json_elements", "(varchar...) -> array(row(integer, varchar, bigint))", "The elements of JSON arrays: whose, text, place from 1"
    ) { arguments, rows, type in
      let texts = arguments.map { $0.reader(as: Bytes.self) }
      let builder = VectorBuilder(type, capacity: rows)
      let fields = builder.children[0].children
      for row in 0..<rows {
        for (index, text) in texts.enumerated() where text.isValid(row) {
          try text[row].withBytes { bytes in
            var cursor = JSONCursor(bytes)
            var place: Int64 = 0
            do {
              try cursor.elements { cursor, _ in
                let range = try cursor.value(depth: 1)
                place += 1
                fields[0].append(Int32(truncatingIfNeeded: index))
                fields[1].append(UnsafeRawBufferPointer(rebasing: bytes[range]))
                fields[2].append(place)
                builder.children[0].closeRow()
              }
            } catch is JSONCursor.Malformed { throw PrestoError(.jsonInputConversionError, "conversion to JSON failed") }
          }
        }
        builder.closeList()
      }
      return builder.finish()
    },
    hidden("$json_object", "(K, V, boolean, boolean) -> varchar", "A JSON object of keys and values") { arguments, rows, type in
      let isAbsent = arguments[2].reader(as: Bool.self), isUnique = arguments[3].reader(as: Bool.self)
      return try ScalarLoop.written(rows, nil, type) { row, out in
        var members: [JSONMember] = []
        let keys = fields(arguments[0], row), values = fields(arguments[1], row)
        for (key, value) in zip(keys, values) {
          guard case .bytes(let name) = key.value else {
            throw invalidArgument("null value passed for JSON object key to JSON_OBJECT function")
          }
          let item = try [JSONItem](value.value, value.type).first
          if item == nil || value.value.isNull, isAbsent[row] { continue }
          if members.contains(where: { $0.name == name }) {
            throw isUnique[row]
              ? invalidArgument("duplicate key passed to JSON_OBJECT function")
              : PrestoError(.notSupported, "cannot construct a JSON object with duplicate key")
          }
          members.append(JSONMember(name: name, value: item ?? .null))
        }
        JSONItem.object(members).write(&out)
      }
    },
    hidden("$json_array", "(V, boolean) -> varchar", "A JSON array of values") { arguments, rows, type in
      let isAbsent = arguments[1].reader(as: Bool.self)
      return try ScalarLoop.written(rows, nil, type) { row, out in
        var items: [JSONItem] = []
        for value in fields(arguments[0], row) {
          if value.value.isNull, isAbsent[row] { continue }
          items.append(try [JSONItem](value.value, value.type).first ?? .null)
        }
        JSONItem.array(items).write(&out)
      }
    },
  ]

  private static func hidden(
    _ name: String, _ signature: String, _ summary: String,
    _ kernel: @escaping @Sendable ([Vector], Int, DataType) throws -> Vector
  ) -> Function {
    Function(
      name, .scalar, Signature(signature), summary, isHidden: true,
      .scalar { _, result in
        { arguments, rows, _ in try withExtendedLifetime(arguments) { try kernel(arguments, rows, result) } }
      })
  }
}

/// The paths and inputs of one batch. A constant path is read once.
private struct PathCall {
  private let inputs: [Vector]
  private let constant: SQLJSONPath?
  private let paths: Reader<Bytes>
  private let texts: Reader<Bytes>

  init(_ arguments: [Vector]) throws {
    inputs = arguments
    texts = arguments[0].reader(as: Bytes.self)
    paths = arguments[1].reader(as: Bytes.self)
    constant = arguments[1].constantValue != nil && paths.isValid(0) ? try SQLJSONPath(paths[0].array) : nil
  }

  func items(_ row: Int) throws -> [JSONItem] {
    let path = try constant ?? SQLJSONPath(paths[row].array)
    var parameters: [String: [JSONItem]] = [:]
    for field in fields(inputs[2], row) { parameters[field.name] = try [JSONItem](field.value, field.type) }
    let context: JSONItem
    do { context = try JSONItem(json: texts[row]) } catch is JSONCursor.Malformed { throw conversionFailure }
    return try SQLJSONPathEvaluation(isLax: path.isLax, context: context, parameters: parameters).items(path.root)
  }
}

private let conversionFailure = PrestoError(.jsonInputConversionError, "conversion to JSON failed: ")

/// The fields of a row value; none of a null.
private func fields(_ vector: Vector, _ row: Int) -> [(name: String, value: Constant, type: DataType)] {
  guard case .row(let declared) = vector.type, case .sequence(let values) = vector.constant(at: row) else { return [] }
  return zip(declared, values).map { ($0.name ?? "", $1, $0.type) }
}

/// What ON EMPTY and ON ERROR say to give instead.
private func substitute(_ behavior: String, _ reason: String, _ out: inout TextWriter) throws {
  switch behavior {
  case "ERROR": throw PrestoError(.jsonOutputConversionError, "conversion from JSON failed: \(reason)")
  case "EMPTY ARRAY": out.write("[]")
  case "EMPTY OBJECT": out.write("{}")
  default: out.writeNull()
  }
}

private func values(_ arguments: [Vector], _ rows: Int, _ result: DataType) throws -> Vector {
  let call = try PathCall(arguments), builder = VectorBuilder(result, capacity: rows)
  let onEmpty = arguments[3].reader(as: Bytes.self), onError = arguments[4].reader(as: Bytes.self)
  let inputs = arguments[0].reader(as: Bytes.self), targets = arguments[5].reader(as: Bytes.self)
  func put(_ outcome: Int8, _ text: [UInt8]?) {
    builder.children[0].append(outcome)
    if let text { text.withUnsafeBytes { builder.children[1].append($0) } } else { builder.children[1].appendNull() }
    builder.closeRow()
  }
  func fail(_ reason: String) throws {
    if onError[0].string == "ERROR" {
      throw PrestoError(.jsonValueResultError, "cannot extract SQL scalar from JSON: JSON path found \(reason)")
    }
    put(2, nil)
  }
  try withExtendedLifetime(arguments) {
    for row in 0..<rows {
      guard inputs.isValid(row) else {
        put(0, nil)
        continue
      }
      do {
        let items = try call.items(row)
        if items.isEmpty {
          if onEmpty[0].string == "ERROR" {
            throw PrestoError(.jsonValueResultError, "cannot extract SQL scalar from JSON: JSON path found no items")
          }
          put(1, nil)
        } else if items.count > 1 {
          try fail("multiple items")
        } else if items[0].isNested {
          try fail("an item that cannot be converted to an SQL value")
        } else {
          put(0, items[0].scalar(for: targets[0].string).scalarText)
        }
      } catch let error as PrestoError where error.code == .pathEvaluationError || error.code == .jsonInputConversionError {
        if onError[0].string == "ERROR" { throw error }
        put(2, nil)
      }
    }
  }
  return builder.finish()
}

/// UTF-16 or UTF-32, least byte first, as UTF-8.
private func writeScalars(_ bytes: UnsafeRawBufferPointer, width: Int, _ out: inout TextWriter) {
  var units = (0..<(bytes.count / width)).map { index in
    (0..<width).reduce(UInt32(0)) { $0 | UInt32(bytes[index * width + $1]) << UInt32(8 * $1) }
  }[...]
  while let unit = units.popFirst() {
    if width == 2, unit >= 0xD800, unit < 0xDC00, let low = units.first, low >= 0xDC00, low < 0xE000 {
      units.removeFirst()
      out.write(scalar: 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    } else {
      out.write(scalar: Unicode.Scalar(unit) == nil ? 0xFFFD : unit)
    }
  }
}

extension JSONItem {
  /// A number or a boolean as CAST would have it: numbers are rounded where whole ones are wanted, and true unless 0.
  func scalar(for target: String) -> JSONItem {
    switch (target, self) {
    case ("BOOLEAN", .number(let number)): .boolean(number.double != 0)
    case ("WHOLE", .boolean(let flag)), ("NUMBER", .boolean(let flag)): .number(.integer(flag ? 1 : 0))
    case ("WHOLE", .number(.double(let value))):
      Int64(exactly: value.rounded(.toNearestOrAwayFromZero)).map { .number(.integer($0)) } ?? self
    case ("WHOLE", .number(.decimal(let value, let scale))):
      Decimal.rescaled(value, from: scale, to: 0).map { .number(.decimal($0, scale: 0)) } ?? self
    default: self
    }
  }

  var isNested: Bool {
    switch self {
    case .array, .object: true
    case .null, .boolean, .number, .text, .moment: false
    }
  }

  /// A SQL value that is no JSON.
  fileprivate init(sql value: Constant, _ type: DataType) {
    switch (type, value) {
    case (_, .null): self = .null
    case (.boolean, .boolean(let flag)): self = .boolean(flag)
    case (.tinyint, .integer(let number)), (.smallint, .integer(let number)), (.integer, .integer(let number)),
      (.bigint, .integer(let number)):
      self = .number(.integer(number))
    case (.decimal(_, let scale), _): self = value.wideValue.map { .number(.decimal($0, scale: scale)) } ?? .null
    case (.double, .double(let number)): self = .number(.double(number))
    case (.real, .real(let number)): self = .number(.double(Double("\(number)") ?? Double(number)))
    case (.varchar, .bytes(let text)): self = .text(text)
    case (.date, _), (.time, _), (.timeWithTimeZone, _), (.timestamp, _), (.timestampWithTimeZone, _):
      self = .moment(JSONMoment(type: type, value: value))
    default: self = .text(Array((value.text(as: type) ?? "").utf8))
    }
  }
}

extension [JSONItem] {
  /// A SQL value as items: one, or none for a null that was to be read as JSON. Throws JSON_INPUT_CONVERSION_ERROR.
  fileprivate init(_ value: Constant, _ type: DataType) throws {
    guard type == .json else {
      self = [JSONItem(sql: value, type)]
      return
    }
    guard case .bytes(let text) = value else {
      self = []
      return
    }
    do {
      self = [
        try text.withUnsafeBytes { bytes in try JSONItem(json: bytes.baseAddress.map { Bytes($0, count: bytes.count) } ?? .empty) }
      ]
    } catch is JSONCursor.Malformed { throw conversionFailure }
  }
}
