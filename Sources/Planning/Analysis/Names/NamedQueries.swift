import SQL

/// One query of a WITH clause, and what was visible where it stood. Planned anew for every reference, unless it is a shared query.
final class NamedQuery {
  let definition: Syntax.NamedQuery
  /// The named queries visible inside it.
  let surroundings: NamedQueries?
  let scope: Scope?
  let defaults: NameDefaults
  /// Once planned as a shared query: its id and fields.
  var table: (id: Int32, relation: RelationPlan)?

  init(_ definition: Syntax.NamedQuery, surroundings: NamedQueries?, scope: Scope?, defaults: NameDefaults) {
    self.definition = definition
    self.surroundings = surroundings
    self.scope = scope
    self.defaults = defaults
  }
}

/// Visible WITH names, innermost first.
final class NamedQueries {
  let query: NamedQuery
  let parent: NamedQueries?

  init(_ query: NamedQuery, parent: NamedQueries?) {
    self.query = query
    self.parent = parent
  }

  func find(_ name: Syntax.QualifiedName) -> NamedQuery? {
    guard name.parts.count == 1 else { return nil }
    var current: NamedQueries? = self
    while let scope = current {
      if scope.query.definition.name.canonical == name.canonicalLast { return scope.query }
      current = scope.parent
    }
    return nil
  }
}
