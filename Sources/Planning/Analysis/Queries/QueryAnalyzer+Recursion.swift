import Expressions
import Plans
import SQL
import Settings
import Values

extension SessionProperty where Value == Int {
  package static let maxRecursionDepth = SessionProperty(
    "max_recursion_depth", 10, "How often the step of a WITH RECURSIVE query is applied before it is an error that it still yields rows")
}

/// WITH RECURSIVE: the base and as many applications of the step as the session allows, each a shared query that reads the one before it. The last
/// one must be empty.
///
///     t(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3)
///
///     t, 0: VALUES 1
///     t, 1: SELECT n + 1 FROM (t, 0) WHERE n < 3
///     …
///     t:    (t, 0) UNION ALL (t, 1) UNION ALL … UNION ALL an error for every row of (t, 11)
extension QueryAnalyzer {
  /// The named query with its table planned.
  func recursive(_ definition: Syntax.NamedQuery, visible: NamedQueries?, _ outer: Surroundings) throws -> NamedQuery {
    let (union, base, step) = try recursionParts(definition)
    let depth = context.session[.maxRecursionDepth]
    guard (1...1_000).contains(depth) else {
      throw PrestoError(.invalidSessionProperty, "max_recursion_depth must be between 1 and 1000: \(depth)")
    }
    let boundary = Boundary()
    var surroundings = Surroundings(
      scope: outer.scope.map { .within($0, boundary) }, named: visible, defaults: outer.defaults)
    var relation = try recursionBase(base, union, surroundings)
    if union.quantifier == .distinct { relation.plan = Plan(.aggregate(.init(input: relation.plan, keys: relation.symbols, calls: []))) }
    var steps: [NamedQuery] = []
    func add(_ relation: RelationPlan) -> NamedQuery {
      let id = symbols.freshID()
      sharedQueries.append(.init(id: id, name: definition.name.text, plan: relation.plan, columns: relation.symbols))
      let named = NamedQuery(definition, surroundings: visible, scope: nil, defaults: outer.defaults)
      named.table = (id, relation)
      return named
    }
    for _ in 0..<depth {
      steps.append(add(relation))
      surroundings.named = NamedQueries(steps[steps.count - 1], parent: visible)
      relation = try recursionStep(step, like: relation, definition, surroundings)
      if union.quantifier == .distinct { relation = try unseen(relation, steps) }
    }
    steps.append(add(relation))
    surroundings.named = NamedQueries(steps[steps.count - 1], parent: visible)
    var last = try recursionStep(step, like: relation, definition, surroundings)
    if union.quantifier == .distinct { last = try unseen(last, steps) }
    let limit = Expression.constant(.integer(Int64(depth)), .bigint)
    last.plan = last.plan.filtered(.call(FunctionID(Function.recursionLimitError, [.bigint]), [limit], .boolean))
    guard boundary.correlation.isEmpty else {
      throw PrestoError.at(definition.location, .notSupported, "A recursive query cannot use columns of the query around it")
    }
    return add(try together(try steps.map { try reader(of: $0) } + [last]))
  }

  /// The parts before the last of a UNION, which refers to the query itself.
  private func recursionParts(_ definition: Syntax.NamedQuery) throws -> (
    Syntax.SetOperation, base: [Syntax.QueryBody], step: Syntax.QueryBody
  ) {
    let query = definition.query
    func invalid(_ message: String) -> PrestoError { .at(definition.location, .invalidRecursiveReference, message) }
    guard case .setOperation(let union) = query.body, union.operator == .union, let step = union.operands.last else {
      throw invalid("WITH RECURSIVE query '\(definition.name)' must be a UNION of a base and a step that refers to it")
    }
    guard query.orderBy.isEmpty, query.limit == nil, query.offset == nil, query.with == nil else {
      throw invalid("ORDER BY, LIMIT, OFFSET and WITH are not allowed in a recursive query")
    }
    let base = Array(union.operands.dropLast())
    guard !base.contains(where: { $0.names(definition.name) }) else {
      throw invalid("WITH table name is referenced in the base relation of recursion")
    }
    return (union, base, step)
  }

  private func recursionBase(_ operands: [Syntax.QueryBody], _ union: Syntax.SetOperation, _ surroundings: Surroundings) throws
    -> RelationPlan
  {
    var relation: RelationPlan
    if operands.count == 1 {
      relation = try body(operands[0], surroundings)
    } else {
      var inner = union
      inner.operands = operands
      relation = try setOperation(inner, surroundings)
    }
    // texts may grow from step to step
    return columns(of: relation) { $0.isText ? .varchar : $0 }
  }

  /// The step's rows with the columns of the base.
  private func recursionStep(
    _ step: Syntax.QueryBody, like base: RelationPlan, _ definition: Syntax.NamedQuery, _ surroundings: Surroundings
  ) throws -> RelationPlan {
    let relation = try body(step, surroundings)
    guard relation.fields.count == base.fields.count else {
      throw PrestoError.at(
        definition.location, .typeMismatch,
        "base and step relations of recursion have different number of fields: \(base.fields.count), \(relation.fields.count)")
    }
    var builder = columns(over: relation.plan)
    var assignments: [(symbol: Symbol, value: Expression)] = []
    for (index, (field, target)) in zip(relation.fields, base.fields).enumerated() {
      guard Coercion.canCoerce(field.type, to: target.type) else {
        throw PrestoError.at(
          definition.location, .typeMismatch,
          "recursion step relation output type (\(field.type)) is not coercible to recursion base relation output type (\(target.type)) at column \(index + 1)"
        )
      }
      let value = builder.symbol(for: field.value.coerced(to: target.type), named: "column")
      assignments.append((symbols.fresh(target.name ?? "column", target.type), .symbol(value)))
    }
    let plan = Plan(.project(.init(input: builder.replaced, assignments: assignments)))
    return RelationPlan(plan: plan, fields: zip(base.fields, assignments).map { Field(name: $0.name, value: .symbol($1.symbol)) })
  }

  /// Columns under symbols of their own, converted.
  private func columns(of relation: RelationPlan, _ type: (DataType) -> DataType) -> RelationPlan {
    let targets = relation.fields.map { symbols.fresh($0.name ?? "column", type($0.type)) }
    let assignments = zip(relation.fields, targets).map { field, symbol in
      (symbol: symbol, value: field.value.coerced(to: symbol.type))
    }
    return RelationPlan(
      plan: Plan(.project(.init(input: relation.plan, assignments: assignments))),
      fields: zip(relation.fields, targets).map { Field(name: $0.name, value: .symbol($1)) })
  }

  /// The rows of a table, for the union.
  private func reader(of named: NamedQuery) throws -> RelationPlan {
    guard let (id, relation) = named.table else { return RelationPlan(plan: .oneRow, fields: []) }
    var columns: [(symbol: Symbol, column: Symbol)] = []
    for symbol in relation.symbols { columns.append((symbols.fresh(symbol.name, symbol.type), symbol)) }
    return RelationPlan(
      plan: Plan(.sharedQueryScan(.init(table: id, name: named.definition.name.text, columns: columns))),
      fields: zip(relation.fields, columns).map { Field(name: $0.name, value: .symbol($1.symbol)) })
  }

  private func together(_ relations: [RelationPlan]) throws -> RelationPlan {
    let outputs = relations[0].symbols.map { symbols.fresh($0.name, $0.type) }
    let plan = Plan(.union(.init(inputs: relations.map(\.plan), outputs: outputs, columns: relations.map(\.symbols))))
    return RelationPlan(plan: plan, fields: zip(relations[0].fields, outputs).map { Field(name: $0.name, value: .symbol($1)) })
  }

  /// UNION DISTINCT: the rows that no earlier step had, once each.
  private func unseen(_ relation: RelationPlan, _ steps: [NamedQuery]) throws -> RelationPlan {
    let earlier = try together(try steps.map { try reader(of: $0) })
    let plan = difference(of: relation.plan, relation.symbols, without: earlier.plan, earlier.symbols)
    return RelationPlan(plan: plan.plan, fields: zip(relation.fields, plan.outputs).map { Field(name: $0.name, value: .symbol($1)) })
  }
}

extension Syntax.QueryBody {
  /// Whether some table in FROM, here or inside, has this name.
  fileprivate func names(_ name: Syntax.Identifier) -> Bool {
    var requests = MetadataRequests(parameters: [])
    requests.collect(self, NameDefaults(catalog: "", schema: ""), [])
    return requests.keys[.table(ObjectName(catalog: "", schema: "", name: name.canonical))] != nil
  }
}
