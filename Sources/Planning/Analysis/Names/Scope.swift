import Expressions
import Plans
import SQL
import Values

/// One name that expressions may use: a column of a relation, an output column in ORDER BY, a lambda's parameter.
struct Field {
  /// Lower-cased `[catalog, schema, table]` or `[alias]`; empty for columns of no relation.
  var qualifier: [String] = []
  /// As spelt by its source; nil: it cannot be named.
  var name: String?
  var canonical: String?
  /// What the name stands for.
  var value: Expression
  /// Left out of `*`.
  var isHidden = false
  /// Found only with its relation's name before it: the sides of a JOIN … USING column.
  var needsQualifier = false

  init(qualifier: [String] = [], name: String?, value: Expression, isHidden: Bool = false, needsQualifier: Bool = false) {
    self.qualifier = qualifier
    self.name = name
    self.canonical = name?.lowercased()
    self.value = value
    self.isHidden = isHidden
    self.needsQualifier = needsQualifier
  }

  var type: DataType { value.type }

  /// A lambda's parameter.
  var isParameter: Bool { if case .parameter = value { true } else { false } }

  /// Whether `prefix` names this field's relation: `t`, `s.t` and `c.s.t` all name c.s.t.
  func isOf(relation prefix: some Collection<String>) -> Bool {
    prefix.count <= qualifier.count && qualifier.suffix(prefix.count).elementsEqual(prefix)
  }
}

/// The edge of a sub-query. Whatever a name finds beyond it is a correlation.
final class Boundary {
  private(set) var correlation: [Symbol] = []

  func add(_ symbols: some Sequence<Symbol>) {
    for symbol in symbols where !correlation.contains(symbol) { correlation.append(symbol) }
  }
}

/// Visible names, innermost first: the fields of a FROM clause, then what surrounds it.
final class Scope {
  let fields: [Field]
  let parent: Scope?
  /// Not nil: between this scope and its parent runs the edge of a sub-query.
  let boundary: Boundary?
  private let byName: [String: [Int]]

  init(_ fields: [Field], parent: Scope? = nil, boundary: Boundary? = nil) {
    self.fields = fields
    self.parent = parent
    self.boundary = boundary
    var byName: [String: [Int]] = [:]
    for (index, field) in fields.enumerated() {
      if let canonical = field.canonical { byName[canonical, default: []].append(index) }
    }
    self.byName = byName
  }

  /// The scope inside the edge of a sub-query that stands in `outer`.
  static func within(_ outer: Scope?, _ boundary: Boundary) -> Scope { Scope([], parent: outer, boundary: boundary) }

  enum Resolution {
    case found(Field)
    case ambiguous
    case missing
  }

  /// Looks a qualified name up from the inside outwards and notes correlations on the way.
  func resolve(_ parts: [Syntax.Identifier]) -> Resolution {
    var crossed: [Boundary] = []
    var current: Scope? = self
    while let scope = current {
      let found = scope.matches(parts)
      if let first = found.first {
        if found.count > 1, !found.dropFirst().allSatisfy({ $0.value == first.value }) { return .ambiguous }
        for boundary in crossed { boundary.add(first.value.references) }
        return .found(first)
      }
      // a lambda's parameter stands before any relation of its name: what follows the dot is a field
      if parts.count > 1, scope.fields.contains(where: { $0.isParameter && $0.canonical == parts[0].canonical }) { return .missing }
      if let boundary = scope.boundary { crossed.append(boundary) }
      current = scope.parent
    }
    return .missing
  }

  /// Whether some prefix of the name is a column, so that the rest must be fields of a row.
  func isColumn(_ parts: [Syntax.Identifier]) -> Bool {
    for length in 1..<max(1, parts.count) {
      if case .missing = resolve(Array(parts.prefix(length))) { continue }
      return true
    }
    return false
  }

  /// Every field of this scope alone that the name may mean. Among several, those spelt exactly so win.
  private func matches(_ parts: [Syntax.Identifier]) -> [Field] {
    guard let last = parts.last, let indices = byName[last.canonical] else { return [] }
    let prefix = parts.dropLast().map(\.canonical)
    let found = indices.map { fields[$0] }.filter { prefix.isEmpty ? !$0.needsQualifier : $0.isOf(relation: prefix) }
    guard found.count > 1 else { return found }
    let exact = found.filter { $0.name == last.text }
    return exact.count == 1 ? exact : found
  }

  /// The fields `t.*` means, from the nearest scope that has the relation; nil when none has.
  func fields(ofRelation parts: some Collection<Syntax.Identifier>) -> [Field]? {
    let prefix = parts.map(\.canonical)
    var current: Scope? = self
    var crossed: [Boundary] = []
    while let scope = current {
      let found = scope.fields.filter { !$0.qualifier.isEmpty && $0.isOf(relation: prefix) }
      if !found.isEmpty {
        for boundary in crossed { boundary.add(found.flatMap { $0.value.references }) }
        return found.filter { !$0.isHidden || $0.needsQualifier }
      }
      if let boundary = scope.boundary { crossed.append(boundary) }
      current = scope.parent
    }
    return nil
  }

  /// A sub-query planned here refers to `symbols` of scopes around: notes them on every edge between here and where they live.
  func note(_ symbols: [Symbol]) {
    for symbol in symbols {
      var crossed: [Boundary] = []
      var current: Scope? = self
      while let scope = current {
        if scope.fields.contains(where: { $0.value.references.contains(symbol) }) {
          for boundary in crossed { boundary.add([symbol]) }
          break
        }
        if let boundary = scope.boundary { crossed.append(boundary) }
        current = scope.parent
      }
    }
  }

  /// Names of relations visible from here, for hints.
  var visibleRelations: [String] {
    var names: [String] = []
    var current: Scope? = self
    while let scope = current {
      for field in scope.fields { if let name = field.qualifier.last, !names.contains(name) { names.append(name) } }
      current = scope.parent
    }
    return names
  }

  /// All names visible from here, for hints.
  var visibleNames: [String] {
    var names: [String] = []
    var current: Scope? = self
    while let scope = current {
      names += scope.fields.compactMap { $0.isHidden ? nil : $0.name }
      current = scope.parent
    }
    return names
  }
}
