import Expressions
import Federation
import RemoteSQL
import Values
import Vectors

/// Keys that a join turned out to have, as a condition the server can use an index for.
struct KeyCondition {
  let dialect: PostgresDialect
  /// Estimated rows of what is scanned.
  let rows: Double?
  /// A thousand keys cost the server some milliseconds by index. Up to so many are always sent …
  static let fewValues = 10_000
  /// … and up to so many where they are few beside the rows, or leave out at least half of the column's values; past that, bounds alone.
  static let mostValues = 1_000_000

  init(_ dialect: PostgresDialect, rows: Double?) {
    self.dialect = dialect
    self.rows = rows
  }

  /// nil: the keys help nothing remotely.
  func text(_ column: RemoteColumn, _ keys: KeyFilter) -> RemoteText? {
    guard keys.type == column.type else { return nil }
    let reference = Expr<RemoteColumn>.reference(column, column.type)
    let renderer = Renderer(dialect)
    if isWorthSending(keys, column), let values = keys.values {
      guard renderer.text(.comparison(FunctionID.Operator.equal, reference, reference)) != nil, let left = renderer.text(reference) else {
        return nil
      }
      if let bits = KeyBits(values, of: column) { return bits.condition(on: left.parenthesised) }
      if let list = array(values) {
        var text = left.parenthesised
        text.append(" = ANY (")
        text.append(list)
        text.append(")")
        return text
      }
    }
    guard let low = keys.low, let high = keys.high, !low.isNull, !high.isNull, TypeFamily(column.type) != .text else { return nil }
    let bounds = Expr<RemoteColumn>.and([
      .comparison(FunctionID.Operator.greaterThanOrEqual, reference, .constant(low, column.type)),
      .comparison(FunctionID.Operator.lessThanOrEqual, reference, .constant(high, column.type)),
    ])
    return renderer.predicate(bounds)?.text
  }

  private func isWorthSending(_ keys: KeyFilter, _ column: RemoteColumn) -> Bool {
    if keys.count <= KeyCondition.fewValues { return true }
    if keys.count > KeyCondition.mostValues { return false }
    // the server reads a key in the time it sends some rows
    if let rows, Double(keys.count) * 16 <= rows { return true }
    return column.estimate?.distinct.map { Double(keys.count) * 2 <= $0 } ?? false
  }

  /// `ARRAY[…]`, or `'{1,2}'` for whole numbers, which the server reads much faster.
  private func array(_ values: Vector) -> String? {
    var literals: [String] = []
    literals.reserveCapacity(values.count)
    for row in 0..<values.count {
      let value = values.constant(at: row)
      switch values.type {
      case .smallint, .integer, .bigint:
        guard case .integer(let number) = value else { return nil }
        literals.append(String(number))
      default:
        guard let literal = PostgresLiteral.text(value, values.type) else { return nil }
        literals.append(literal)
      }
    }
    let list = literals.joined(separator: ",")
    switch values.type {
    case .smallint: return "'{\(list)}'::int2[]"
    case .integer: return "'{\(list)}'::int4[]"
    case .bigint: return "'{\(list)}'::int8[]"
    default: return literals.isEmpty ? nil : "ARRAY[\(list)]"
    }
  }
}
