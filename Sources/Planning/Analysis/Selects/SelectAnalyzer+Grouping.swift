import Expressions
import Plans
import SQL
import Values

/// What a SELECT groups by: keys, and which of them make up each grouping set. Without GROUP BY: one set of none.
struct GroupingKeys {
  var keys: [Expression] = []
  /// Indices into `keys`.
  var sets: [[Int]] = [[]]
}

extension SelectAnalyzer {
  static let setLimit = 2_048

  /// nil: no GROUP BY.
  func grouping(_ items: [Item], _ aliases: Scope, _ selected: SubqueryList) throws -> GroupingKeys? {
    guard let groupBy = select.groupBy else { return nil }
    var collector = KeyCollector()
    if groupBy.isAutomatic {
      let computed = selection.computed
      for item in items where item.value.references.isDisjoint(with: computed) && !item.value.isConstant {
        collector.add(try checked(item.value, item.text, item.location))
      }
      // Keys named by ordinal or alias may contain sub-queries of the SELECT list.
      for key in collector.keys { selected.move(neededBy: key, to: selection.sourceSubqueries) }
      return GroupingKeys(keys: collector.keys, sets: [Array(collector.keys.indices)])
    }
    var inner = analyzer(.groupBy, selection.sourceSubqueries, fallback: aliases)
    inner.selection = nil
    func key(_ expression: Syntax.Expression) throws -> Int {
      if let ordinal = expression.ordinal {
        guard ordinal > 0, ordinal <= items.count else {
          throw PrestoError.at(expression.location, .invalidColumnReference, "GROUP BY position \(ordinal) is not in select list")
        }
        return collector.add(try checked(items[ordinal - 1].value, items[ordinal - 1].text, expression.location))
      }
      return collector.add(try checked(try inner.analyze(expression), queries.text(expression), expression.location))
    }
    func sets(_ element: Syntax.GroupingElement) throws -> [[Int]] {
      switch element {
      case .set(let expressions): return [try expressions.map(key)]
      case .sets(let elements): return try elements.flatMap(sets)
      case .automatic:
        let computed = selection.computed
        return [
          try items.filter { $0.value.references.isDisjoint(with: computed) && !$0.value.isConstant }.map {
            collector.add(try checked($0.value, $0.text, $0.location))
          }
        ]
      case .rollup(let groups):
        let keys = try groups.map { try $0.map(key) }
        return (0...keys.count).reversed().map { keys.prefix($0).flatMap { $0 } }
      case .cube(let groups):
        let keys = try groups.map { try $0.map(key) }
        guard keys.count < 12 else { throw tooMany(groupBy, keys.count < 63 ? 1 << keys.count : .max) }
        return (0..<(1 << keys.count)).map { mask in
          keys.indices.filter { mask >> (keys.count - 1 - $0) & 1 == 0 }.flatMap { keys[$0] }
        }
      }
    }
    // Several elements: every combination of their sets.
    var product: [[Int]] = [[]]
    for element in groupBy.elements {
      let own = try sets(element)
      guard product.count * own.count <= SelectAnalyzer.setLimit else { throw tooMany(groupBy, product.count * own.count) }
      product = product.flatMap { left in own.map { left + $0 } }
    }
    var unique = product.map { set in
      var seen = Set<Int>()
      return set.filter { seen.insert($0).inserted }
    }
    if groupBy.quantifier == .distinct {
      var seen = Set<Set<Int>>()
      unique = unique.filter { seen.insert(Set($0)).inserted }
    }
    // Keys named by ordinal or alias may contain sub-queries of the SELECT list.
    for key in collector.keys { selected.move(neededBy: key, to: selection.sourceSubqueries) }
    return GroupingKeys(keys: collector.keys, sets: unique)
  }

  private func tooMany(_ groupBy: Syntax.GroupBy, _ count: Int) -> PrestoError {
    .at(
      groupBy.location, .tooManyGroupingSets, "GROUP BY has \(count) grouping sets but can contain at most \(SelectAnalyzer.setLimit)")
  }

  /// A key may not depend on aggregates or windows, and must have an equality.
  private func checked(_ key: Expression, _ text: String, _ location: SourceLocation) throws -> Expression {
    guard key.references.isDisjoint(with: selection.computed) else {
      throw PrestoError.at(
        location, .expressionNotScalar, "GROUP BY clause cannot contain aggregations, window functions or grouping operations: [\(text)]")
    }
    guard key.type.isComparable else {
      throw PrestoError.at(
        location, .typeMismatch, "\(key.type) is not comparable, and therefore cannot be used in GROUP BY")
    }
    return key
  }
}

/// Numbers distinct keys.
private struct KeyCollector {
  private(set) var keys: [Expression] = []
  private var indices: [Expression: Int] = [:]

  @discardableResult
  mutating func add(_ key: Expression) -> Int {
    if let index = indices[key] { return index }
    indices[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }
}
