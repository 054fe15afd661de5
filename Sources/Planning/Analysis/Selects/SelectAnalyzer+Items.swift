import Expressions
import Plans
import SQL
import Values

extension SelectAnalyzer {
  /// The SELECT list with stars written out.
  func items(_ subqueries: SubqueryList) throws -> [Item] {
    let analyzer = analyzer(.select, subqueries)
    var items: [Item] = []
    for item in select.items {
      switch item {
      case .expression(let node):
        let name = node.alias?.text ?? node.value.nameParts?.last?.text ?? node.value.fieldName
        items.append(
          Item(name: name, value: try analyzer.analyze(node.value), text: queries.text(node.value), location: node.value.location))
      case .all(let all): items += try star(all, analyzer)
      }
    }
    return items
  }

  private func star(_ all: Syntax.AllColumns, _ analyzer: ExpressionAnalyzer) throws -> [Item] {
    var columns: [(name: String?, value: Expression)]
    if let base = all.base, base.nameParts.map({ scope.fields(ofRelation: $0) == nil }) ?? true,
      let value = try analyzer.jsonMembers(of: base)
    {
      return [Item(name: nil, value: value, text: queries.text(base), location: all.location)]
    }
    if let base = all.base {
      if let parts = base.nameParts, let fields = scope.fields(ofRelation: parts) {
        columns = fields.map { ($0.name, $0.value) }
      } else {
        if let parts = base.nameParts, !scope.isColumn(parts + parts.suffix(1)) {
          throw PrestoError.at(all.location, .invalidColumnReference, "Unable to resolve reference \(queries.text(base))")
        }
        let value = try analyzer.analyze(base)
        guard case .row(let fields) = value.type else {
          throw PrestoError.at(base.location, .typeMismatch, "Cannot expand \(queries.text(base)).*: not a relation, and not of type ROW")
        }
        columns = fields.enumerated().map { ($1.name, .field(value, index: $0, $1.type)) }
      }
    } else {
      if select.from.isEmpty {
        throw PrestoError.at(all.location, .columnNotFound, "SELECT * not allowed in queries without FROM clause")
      }
      columns = source.visible.map { ($0.name, $0.value) }
    }
    for name in all.excluded {
      guard columns.contains(where: { $0.name?.lowercased() == name.canonical }) else {
        throw PrestoError.at(
          name.location, .columnNotFound, "Column '\(name)' cannot be resolved",
          hint: NearestName.find(name.text, among: columns.compactMap(\.name)).map { "Did you mean '\($0)'?" })
      }
      columns.removeAll { $0.name?.lowercased() == name.canonical }
    }
    if columns.isEmpty { throw PrestoError.at(all.location, .columnNotFound, "SELECT * from relation that has no columns") }
    if !all.aliases.isEmpty {
      guard all.aliases.count == columns.count else {
        throw PrestoError.at(
          all.location, .mismatchedColumnAliases,
          "Column alias list has \(all.aliases.count) entries but relation has \(columns.count) columns")
      }
      columns = zip(all.aliases, columns).map { ($0.text, $1.value) }
    }
    return columns.map { Item(name: $0.name, value: $0.value, text: $0.name ?? "column", location: all.location) }
  }

  // MARK: ORDER BY

  /// Output names come first, then those of FROM; a bare integer is a column's number.
  func order(_ orderBy: [Syntax.SortItem], _ items: [Item], _ subqueries: SubqueryList) throws -> [OutputOrder] {
    if orderBy.isEmpty { return [] }
    let named = items.compactMap { item in item.name.map { Field(name: $0, value: item.value) } }
    let analyzer = analyzer(.orderBy, subqueries, scope: Scope(named, parent: scope))
    return try orderBy.map { sortItem in
      let key = sortItem.key
      if let ordinal = key.ordinal {
        guard ordinal > 0, ordinal <= items.count else {
          throw PrestoError.at(key.location, .invalidColumnReference, "ORDER BY position \(ordinal) is not in select list")
        }
        try analyzer.checkOrderable(items[ordinal - 1].value, key)
        return .column(ordinal - 1)
      }
      let value = try analyzer.analyze(key)
      try analyzer.checkOrderable(value, key)
      if case .identifier(let name) = key,
        let index = items.firstIndex(where: { $0.name?.lowercased() == name.canonical && $0.value == value })
      {
        return .column(index)
      }
      return .expression(value, text: queries.text(key), key.location)
    }
  }
}

extension Syntax.Expression {
  /// `row.field` and `f(x).field` are called `field`.
  var fieldName: String? {
    if case .dereference(let node) = self { node.field.text } else { nil }
  }
}
