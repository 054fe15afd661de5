import SQL

extension Syntax.Expression {
  /// Expressions directly inside, in the order of the text. Sub-queries are not among them: see `query`.
  var children: [Syntax.Expression] {
    switch self {
    case .identifier, .literal, .parameter, .current, .exists, .subquery: []
    case .dereference(let node): [node.base]
    case .access(let node):
      if case .method(_, let arguments) = node.step { [node.base] + arguments.map(\.value) } else { [node.base] }
    case .logical(let node): node.operands
    case .not(let node): [node.operand]
    case .comparison(let node): [node.left, node.right]
    case .distinctFrom(let node): [node.left, node.right]
    case .between(let node): [node.value, node.lower, node.upper]
    case .inList(let node): [node.value] + node.items
    case .inSubquery(let node): [node.value]
    case .like(let node): [node.value, node.pattern] + (node.escape.map { [$0] } ?? [])
    case .isNull(let node): [node.value]
    case .isTruth(let node): [node.value]
    case .quantified(let node): [node.value]
    case .overlaps(let node): [node.left, node.right]
    case .arithmetic(let node): [node.first] + node.steps.map(\.operand)
    case .unary(let node): [node.operand]
    case .concatenation(let node): node.operands
    case .atTimeZone(let node): [node.value] + (node.zone.map { [$0] } ?? [])
    case .subscript(let node): [node.base, node.index]
    case .cast(let node): [node.value]
    case .case(let node):
      (node.operand.map { [$0] } ?? []) + node.branches.flatMap { [$0.condition, $0.result] } + (node.otherwise.map { [$0] } ?? [])
    case .functionCall(let node): node.inside
    case .lambda(let node): [node.body]
    case .array(let node): node.elements
    case .row(let node): node.fields.map(\.value)
    case .extract(let node): [node.source]
    case .grouping(let node): node.columns
    case .jsonExists(let node): node.call.inside
    case .jsonValue(let node): node.call.inside + [node.onEmpty, node.onError].compactMap(Syntax.defaultValue(of:))
    case .jsonQuery(let node): node.call.inside
    case .jsonObject(let node): node.members.flatMap { [$0.key, $0.value] }
    case .jsonArray(let node): node.elements.map(\.value)
    }
  }

  /// The sub-query that is part of the expression itself.
  var query: Syntax.Query? {
    switch self {
    case .inSubquery(let node): node.query
    case .exists(let node): node.query
    case .quantified(let node): node.query
    case .subquery(let node): node.query
    default: nil
    }
  }

  /// Whether `test` holds here or inside, sub-queries left out.
  func contains(where test: (Syntax.Expression) -> Bool) -> Bool { test(self) || children.contains { $0.contains(where: test) } }

  /// `a.b.c` as its parts; nil for anything but a chain of names.
  var nameParts: [Syntax.Identifier]? {
    switch self {
    case .identifier(let name): [name]
    case .dereference(let node): node.base.nameParts.map { $0 + [node.field] }
    default: nil
    }
  }
}

extension Syntax {
  static func defaultValue(of behavior: JSONValueBehavior?) -> Expression? {
    if case .default(let value) = behavior { value } else { nil }
  }
}

extension Syntax.JSONPathCall {
  var inside: [Syntax.Expression] { [input] + passing.map(\.value) }
}

extension Syntax.FunctionCall {
  var inside: [Syntax.Expression] {
    var all = arguments.map(\.value) + orderBy.map(\.key)
    if let filter { all.append(filter) }
    if case .inline(let window) = window { all += window.inside }
    return all
  }
}

extension Syntax.WindowSpecification {
  var inside: [Syntax.Expression] {
    var all = partitionBy + orderBy.map(\.key)
    for bound in [frame?.start, frame?.end] {
      switch bound {
      case .preceding(let offset), .following(let offset): all.append(offset)
      case .unboundedPreceding, .currentRow, .unboundedFollowing, nil: break
      }
    }
    return all
  }
}
