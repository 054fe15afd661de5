import Expressions
import Federation
import Parquet
import Values
import Vectors

/// What a filter says of single columns: ranges and sets of values, for skipping files, row groups and pages.
struct LakeConditions: Sendable {
  struct Condition: Sendable {
    var column: LakeColumn
    var ranges: [ConstantRange]
    var allowsNull = false
  }

  private(set) var conditions: [Condition] = []

  private typealias Operator = FunctionID.Operator

  init(_ filter: Expr<LakeColumn>?) {
    for conjunct in filter?.conjuncts ?? [] {
      if let condition = LakeConditions.condition(conjunct) { conditions.append(condition) }
    }
  }

  /// Adds what joins have told of their keys.
  mutating func add(_ keys: [(column: LakeColumn, filter: KeyFilter)]) {
    for (column, filter) in keys where filter.type == column.type {
      if filter.isEmpty {
        conditions.append(Condition(column: column, ranges: []))
      } else if filter.count <= 256, let values = filter.values {
        conditions.append(Condition(column: column, ranges: (0..<values.count).map { ConstantRange(point: values.constant(at: $0)) }))
      } else if filter.low != nil || filter.high != nil {
        conditions.append(Condition(column: column, ranges: [ConstantRange(low: filter.low, high: filter.high)]))
      }
    }
  }

  /// For one file: conditions on columns that it stores with the table's own type.
  func columns(of mapping: FileMapping) -> [ColumnCondition] {
    conditions.compactMap { condition in
      mapping.plainIndex(of: condition.column).map {
        ColumnCondition(column: $0, ranges: condition.ranges, allowsNull: condition.allowsNull)
      }
    }
  }

  private static func condition(_ expression: Expr<LakeColumn>) -> Condition? {
    switch expression {
    case .call(let id, let arguments, _) where arguments.count == 2: return comparison(id.name, arguments[0], arguments[1])
    case .among(.reference(let column, let type), let list):
      var ranges: [ConstantRange] = []
      for element in list {
        guard case .constant(let value, type) = element else { return nil }
        if !value.isNull { ranges.append(ConstantRange(point: value)) }
      }
      return Condition(column: column, ranges: ranges)
    case .isNull(.reference(let column, _)): return Condition(column: column, ranges: [], allowsNull: true)
    case .not(.isNull(.reference(let column, _))): return Condition(column: column, ranges: [ConstantRange(low: nil, high: nil)])
    case .reference(let column, .boolean): return Condition(column: column, ranges: [ConstantRange(point: .boolean(true))])
    case .not(.reference(let column, .boolean)): return Condition(column: column, ranges: [ConstantRange(point: .boolean(false))])
    case .or(let terms):
      // of one column only
      let all = terms.compactMap(condition)
      guard let first = all.first, all.count == terms.count, all.allSatisfy({ $0.column == first.column }) else { return nil }
      return Condition(column: first.column, ranges: all.flatMap(\.ranges), allowsNull: all.contains(where: \.allowsNull))
    case .and(let terms):
      // any one of them is a condition of the whole
      return terms.lazy.compactMap(condition).first
    default: return nil
    }
  }

  private static func comparison(_ name: String, _ left: Expr<LakeColumn>, _ right: Expr<LakeColumn>) -> Condition? {
    switch (left, right) {
    case (.reference(let column, let type), .constant(let value, let valueType)):
      if value.isNull { return nil }
      if name == Operator.like { return prefix(column, value) }
      guard type == valueType || (type.isText && valueType.isText && !isChar(type) && !isChar(valueType)) else { return nil }
      switch name {
      case Operator.equal: return Condition(column: column, ranges: [ConstantRange(point: value)])
      case Operator.lessThan: return Condition(column: column, ranges: [ConstantRange(low: nil, high: value, includesHigh: false)])
      case Operator.lessThanOrEqual: return Condition(column: column, ranges: [ConstantRange(low: nil, high: value)])
      case Operator.greaterThan: return Condition(column: column, ranges: [ConstantRange(low: value, includesLow: false, high: nil)])
      case Operator.greaterThanOrEqual: return Condition(column: column, ranges: [ConstantRange(low: value, high: nil)])
      default: return nil
      }
    case (.constant, .reference):
      let mirrored = [
        Operator.lessThan: Operator.greaterThan, Operator.lessThanOrEqual: Operator.greaterThanOrEqual,
        Operator.greaterThan: Operator.lessThan, Operator.greaterThanOrEqual: Operator.lessThanOrEqual, Operator.equal: Operator.equal,
      ]
      return mirrored[name].flatMap { comparison($0, right, left) }
    default: return nil
    }
  }

  private static func isChar(_ type: DataType) -> Bool { if case .char = type { true } else { false } }

  /// `LIKE 'abc%…'`: texts from 'abc' up to, not including, the next text of that length.
  private static func prefix(_ column: LakeColumn, _ pattern: Constant) -> Condition? {
    guard case .bytes(let bytes) = pattern, case .varchar = column.type else { return nil }
    let literal = Array(bytes.prefix { $0 != 37 && $0 != 95 })
    guard let last = literal.last, last < 0xFF else { return nil }
    let next = literal.dropLast() + [last + 1]
    return Condition(column: column, ranges: [ConstantRange(low: .bytes(literal), high: .bytes(Array(next)), includesHigh: false)])
  }
}
