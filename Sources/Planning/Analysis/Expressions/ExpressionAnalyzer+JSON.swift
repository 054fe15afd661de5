import Expressions
import Plans
import SQL
import Values

/// JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT, JSON_ARRAY: calls of the library's `$json_…` functions, which get the clauses as constants.
extension ExpressionAnalyzer {
  func jsonExists(_ node: Syntax.JSONExists) throws -> Expression {
    let call = try pathArguments(node.call)
    return jsonCall("$json_exists", call + [.text((node.onError ?? .false).rawValue)], .boolean)
  }

  // MARK: JSON_VALUE

  /// The function says how the path fared; the DEFAULTs are evaluated here, for the rows that need them.
  func jsonValue(_ node: Syntax.JSONValue) throws -> Expression {
    let type = try node.returning.map { try TypeResolution.type($0) } ?? .varchar
    guard type.isText || type.isNumeric || type == .boolean || type.isTemporal else {
      throw PrestoError.at(node.location, .typeMismatch, "Invalid return type of function JSON_VALUE: \(type)")
    }
    let call = try pathArguments(node.call)
    return try jsonScalar(call, type, node.onEmpty, node.onError)
  }

  /// The scalar a path finds, as `type`.
  func jsonScalar(
    _ call: [Expression], _ type: DataType, _ onEmpty: Syntax.JSONValueBehavior?, _ onError: Syntax.JSONValueBehavior?
  ) throws -> Expression {
    let outcomeType = DataType.row([DataType.Field(nil, .tinyint), DataType.Field(nil, .varchar)])
    let target = type == .boolean ? "BOOLEAN" : type.isInteger ? "WHOLE" : type.isNumeric ? "NUMBER" : ""
    let found = jsonCall("$json_value", call + [.text(onEmpty.name), .text(onError.name), .text(target)], outcomeType)
    let outcome = Expression.field(found, index: 0, .tinyint)
    let text = Expression.field(found, index: 1, .varchar)
    let isStrict = onError == .error
    let value: Expression = type == .varchar ? text : .cast(text, to: type, safe: !isStrict)
    func substitute(_ behavior: Syntax.JSONValueBehavior?) throws -> Expression {
      guard case .default(let expression) = behavior else { return .null(type) }
      return try jsonDefault(expression, type)
    }
    let ifEmpty = try substitute(onEmpty), ifError = try substitute(onError)
    func has(_ code: Int64) -> Expression {
      .call(FunctionID(FunctionID.Operator.equal, [.tinyint, .tinyint]), [outcome, .constant(.integer(code), .tinyint)], .boolean)
    }
    var failed = has(2)
    if type != .varchar, !isStrict { failed = .or([failed, .and([.isNull(value), .not(.isNull(text))])]) }
    return .if(has(1), then: ifEmpty, else: .if(failed, then: ifError, else: value))
  }

  private func jsonDefault(_ expression: Syntax.Expression, _ type: DataType) throws -> Expression {
    if expression.contains(where: { $0.query != nil }) {
      throw PrestoError.at(
        expression.location, .unsupportedSubquery, "Subqueries are not supported in JSON_VALUE default expressions")
    }
    let value = try analyze(expression)
    if value.type == type { return value }
    if Coercion.canCoerce(value.type, to: type) { return value.coerced(to: type) }
    // a number that fits is fine, whatever its type: DEFAULT 1000 may stand where tinyint is returned, as long as nobody needs it
    guard value.type.isNumeric, type.isNumeric else {
      throw PrestoError.at(
        expression.location, .typeMismatch, "Default expression must evaluate to \(type) (actual: \(value.type))")
    }
    return .cast(value, to: type, safe: false)
  }

  // MARK: JSON_QUERY

  func jsonQuery(_ node: Syntax.JSONQuery) throws -> Expression {
    let type = try node.returning.map { try TypeResolution.type($0) } ?? .varchar
    try checkOutput(type, node.returningFormat, at: node.place)
    if type == .json, node.quotes == .omit {
      throw PrestoError.at(
        node.location, .invalidFunctionArgument, "OMIT QUOTES behavior is not allowed when JSON_QUERY returns JSON")
    }
    if node.quotes != nil, let wrapper = node.wrapper, wrapper != .without {
      throw PrestoError.at(
        node.location, .invalidFunctionArgument, "\(node.quotes?.rawValue ?? "") QUOTES behavior specified with WRAPPER behavior")
    }
    let call = try pathArguments(node.call)
    return jsonQuery(call, type, node.wrapper, node.quotes, node.onEmpty, node.onError)
  }

  func jsonQuery(
    _ call: [Expression], _ type: DataType, _ wrapper: Syntax.JSONQuery.Wrapper?, _ quotes: Syntax.JSONQuery.Quotes?,
    _ onEmpty: Syntax.JSONQuery.Behavior?, _ onError: Syntax.JSONQuery.Behavior?
  ) -> Expression {
    let clauses: [Expression] = [
      .text((wrapper ?? .without).rawValue), .text((quotes ?? .keep).rawValue), .text((onEmpty ?? .null).rawValue),
      .text((onError ?? .null).rawValue),
    ]
    return jsonOutput(jsonCall("$json_query", call + clauses, .varchar), type)
  }

  // MARK: Constructors

  func jsonObject(_ node: Syntax.JSONObject) throws -> Expression {
    let type = try node.returning.map { try TypeResolution.type($0) } ?? .varchar
    try checkOutput(type, node.returningFormat, at: node.place)
    if node.hasUniqueKeys, node.members.contains(where: { $0.format != nil }) {
      throw PrestoError.at(
        node.location, .notSupported,
        "WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function when input expression has FORMAT")
    }
    let keys = try node.members.map { member -> Expression in
      let key = try analyze(member.key)
      guard key.type.isText || key.type == .unknown else {
        throw PrestoError.at(
          member.key.location, .invalidFunctionArgument, "Invalid type of JSON object key: \(key.type)")
      }
      return key.coerced(to: .varchar)
    }
    let values = try node.members.map { try constructorValue($0.value, $0.format) }
    return jsonOutput(
      jsonCall(
        "$json_object", [jsonRow(keys), jsonRow(values), .boolean(node.isNullAbsent), .boolean(node.hasUniqueKeys)], .varchar), type)
  }

  func jsonArray(_ node: Syntax.JSONArray) throws -> Expression {
    let type = try node.returning.map { try TypeResolution.type($0) } ?? .varchar
    try checkOutput(type, node.returningFormat, at: node.place)
    let values = try node.elements.map { try constructorValue($0.value, $0.format) }
    return jsonOutput(jsonCall("$json_array", [jsonRow(values), .boolean(node.isNullAbsent)], .varchar), type)
  }

  /// What stands in an object or array, or is passed to a path: JSON where the text says so, or where it was made by these functions.
  private func constructorValue(_ expression: Syntax.Expression, _ format: Syntax.JSONFormat?) throws -> Expression {
    if let format { return try jsonInput(expression, format) }
    switch expression {
    case .jsonObject, .jsonArray, .jsonQuery: return try jsonInput(expression, .json)
    default: return try analyze(expression)
    }
  }

  private func jsonRow(_ values: [Expression]) -> Expression {
    if values.isEmpty { return .null(.unknown) }
    let type = DataType.row(values.map { DataType.Field(nil, $0.type) })
    return .call(FunctionID(FunctionID.Operator.row, values.map(\.type)), values, type)
  }

  // MARK: Inputs, paths, outputs

  /// Input, path and passed values, in the order the library takes them. Throws SYNTAX_ERROR and INVALID_PATH for the path.
  func pathArguments(_ node: Syntax.JSONPathCall) throws -> [Expression] {
    let input = try jsonInput(node.input, node.inputFormat ?? .json)
    var names: [String] = []
    var values: [Expression] = []
    for parameter in node.passing {
      let name = parameter.name.isQuoted ? parameter.name.text : parameter.name.text.uppercased()
      if names.contains(name) {
        throw PrestoError.at(
          parameter.location, .duplicateParameterName, "\(name) JSON path parameter is specified more than once")
      }
      names.append(name)
      values.append(try constructorValue(parameter.value, parameter.format))
    }
    try checkPath(node.path, parameters: names, at: node.pathPlace)
    var passed = Expression.null(.unknown)
    if !values.isEmpty {
      let type = DataType.row(zip(names, values).map { DataType.Field($0, $1.type) })
      passed = .call(FunctionID(FunctionID.Operator.row, values.map(\.type)), values, type)
    }
    return [input, .text(node.path), passed]
  }

  /// Reads the path once, so that what is wrong with it is said with its place in the statement.
  func checkPath(_ path: String, parameters: [String], at place: Syntax.Place) throws {
    let names = Expression.constant(.sequence(parameters.map { .text($0) }), .array(.varchar))
    do {
      _ = try jsonCall("$json_check", [.text(path), names], .boolean).value(functions: context.functions, context: context.evaluation)
    } catch let error as PrestoError {
      var location = place.location
      if let inside = error.location {
        // the quote stands before the path's first character
        location.column = inside.line == 1 ? location.column + inside.column : inside.column
        location.line += inside.line - 1
      }
      throw PrestoError.at(location, error.code, error.message)
    }
  }

  /// A value to be read as JSON when it is needed.
  private func jsonInput(_ expression: Syntax.Expression, _ format: Syntax.JSONFormat) throws -> Expression {
    let value = try analyze(expression)
    switch (value.type, format) {
    case (.json, .json): return value
    case (.unknown, _): return .null(.json)
    case (.varchar, .json), (.char, .json):
      return jsonCall("$json_input", [value.asArgument(of: .varchar), .text("")], .json)
    case (.varbinary, _):
      let encoding =
        switch format {
        case .json, .utf8: "UTF8"
        case .utf16: "UTF16"
        case .utf32: "UTF32"
        }
      return jsonCall("$json_input", [value, .text(encoding)], .json)
    default:
      throw PrestoError.at(
        expression.location, .typeMismatch, "Cannot read input of type \(value.type) as JSON using formatting \(format.rawValue)")
    }
  }

  private func checkOutput(_ type: DataType, _ format: Syntax.JSONFormat?, at place: Syntax.Place) throws {
    let isPossible =
      switch (type, format ?? .json) {
      case (.varchar, .json), (.char, .json), (.json, .json), (.varbinary, _): true
      default: false
      }
    if !isPossible {
      throw PrestoError.at(
        place.location, .typeMismatch, "Cannot output JSON value as \(type) using formatting \((format ?? .json).rawValue)")
    }
  }

  /// JSON text as the type RETURNING names.
  private func jsonOutput(_ text: Expression, _ type: DataType) -> Expression {
    switch type {
    case .varchar(nil): text
    case .json: jsonCall("$json_input", [text, .text("")], .json)
    default: .cast(text, to: type, safe: false)
    }
  }

  func jsonCall(_ name: String, _ arguments: [Expression], _ result: DataType) -> Expression {
    let exact = arguments.map { argument -> Expression in
      // a constant of the very type the library declares
      if case .constant(let value, .varchar) = argument { return .constant(value, .varchar) }
      return argument
    }
    let types = exact.map { argument -> DataType in if case .varchar = argument.type { .varchar } else { argument.type } }
    return .call(FunctionID(name, types), exact, result)
  }
}

extension Syntax.JSONValueBehavior? {
  /// What the library is told: DEFAULT is nothing to it.
  fileprivate var name: String { if case .error = self { "ERROR" } else { "NULL" } }
}

extension Expr where Reference == Symbol {
  fileprivate static func text(_ text: String) -> Expression { .constant(.text(text), .varchar) }
  fileprivate static func boolean(_ value: Bool) -> Expression { .constant(.boolean(value), .boolean) }
}
