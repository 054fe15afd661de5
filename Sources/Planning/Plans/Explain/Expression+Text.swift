import Expressions
import Values

extension Expr {
  /// SQL-like text for people: EXPLAIN and error messages. Not for sending anywhere.
  public func text(_ name: (Reference) -> String) -> String {
    func inner(_ e: Expr) -> String { e.text(name) }
    func list(_ all: [Expr]) -> String { all.map(inner).joined(separator: ", ") }
    switch self {
    case .reference(let reference, _): return name(reference)
    case .constant(let value, let type): return value.text(as: type)
    case .call(let id, let arguments, _):
      if let sign = Expr.infix[id.name], arguments.count == 2 { return "(\(inner(arguments[0])) \(sign) \(inner(arguments[1])))" }
      switch id.name {
      case FunctionID.Operator.negate: return "(-\(list(arguments)))"
      case FunctionID.Operator.subscripted where arguments.count == 2: return "\(inner(arguments[0]))[\(inner(arguments[1]))]"
      case FunctionID.Operator.row: return "ROW(\(list(arguments)))"
      case FunctionID.Operator.array: return "ARRAY[\(list(arguments))]"
      default: return "\(id.name.hasPrefix("$") ? String(id.name.dropFirst()) : id.name)(\(list(arguments)))"
      }
    case .cast(let value, let type, let safe): return "\(safe ? "TRY_CAST" : "CAST")(\(inner(value)) AS \(type))"
    case .and(let all): return "(" + all.map(inner).joined(separator: " AND ") + ")"
    case .or(let branches): return "(" + branches.map(inner).joined(separator: " OR ") + ")"
    case .not(.isNull(let value)): return "(\(inner(value)) IS NOT NULL)"
    case .not(let value): return "(NOT \(inner(value)))"
    case .isNull(let value): return "(\(inner(value)) IS NULL)"
    case .if(let condition, let then, let otherwise): return "IF(\(list([condition, then] + (otherwise.map { [$0] } ?? []))))"
    case .coalesce(let all): return "COALESCE(\(list(all)))"
    case .among(let value, let members):
      let shown = members.prefix(10).map(inner).joined(separator: ", ") + (members.count > 10 ? ", … \(members.count) values" : "")
      return "(\(inner(value)) IN (\(shown)))"
    case .field(let value, let index, _):
      if case .row(let fields) = value.type, index < fields.count, let field = fields[index].name { return "\(inner(value)).\(field)" }
      return "\(inner(value))[\(index + 1)]"
    case .lambda(let parameters, let body): return "(\(parameters.map(\.name).joined(separator: ", "))) -> \(inner(body))"
    case .parameter(let parameter): return parameter.name
    case .attempt(let value): return "TRY(\(inner(value)))"
    }
  }

  private static var infix: [String: String] {
    [
      FunctionID.Operator.add: "+", FunctionID.Operator.subtract: "-", FunctionID.Operator.multiply: "*", FunctionID.Operator.divide: "/",
      FunctionID.Operator.modulus: "%", FunctionID.Operator.equal: "=", FunctionID.Operator.notEqual: "<>",
      FunctionID.Operator.lessThan: "<",
      FunctionID.Operator.lessThanOrEqual: "<=", FunctionID.Operator.greaterThan: ">", FunctionID.Operator.greaterThanOrEqual: ">=",
      FunctionID.Operator.like: "LIKE", FunctionID.Operator.ilike: "ILIKE", FunctionID.Operator.isDistinctFrom: "IS DISTINCT FROM",
    ]
  }
}

extension Constant {
  /// As a literal of the type: dates as dates, decimals with their point.
  public func text(as type: DataType) -> String {
    switch (self, type) {
    case (.null, _): return "null"
    case (.boolean(let value), _): return value ? "true" : "false"
    case (.integer(let value), .date):
      let (year, month, day) = Calendar.civil(days: Int(value))
      return "DATE '\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)'"
    case (_, .decimal(_, let scale)): return wideValue.map { Constant.decimalText($0, scale: scale) } ?? "?"
    case (.integer(let value), _): return "\(value)"
    case (.wide(let value), _): return "\(value)"
    case (.real(let value), _): return "\(value)"
    case (.double(let value), _): return "\(value)"
    case (.bytes, _) where type.isText:
      return "'" + (text ?? "").split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    case (.bytes(let bytes), _): return "\(type) of \(bytes.count) bytes"
    case (.sequence(let values), .array(let element)): return "[" + values.map { $0.text(as: element) }.joined(separator: ", ") + "]"
    case (.sequence(let values), _): return "\(type) of \(values.count)"
    }
  }

  private static func decimalText(_ value: Int128, scale: Int) -> String {
    let digits = String(value.magnitude)
    let sign = value < 0 ? "-" : ""
    if scale <= 0 { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}
