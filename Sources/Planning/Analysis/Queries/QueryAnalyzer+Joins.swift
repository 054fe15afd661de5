import Expressions
import Federation
import Plans
import SQL
import Values

extension QueryAnalyzer {
  func join(
    _ left: RelationPlan, _ right: Syntax.Relation, _ kind: Syntax.Join.Kind, _ criteria: Syntax.JoinCriteria?,
    _ surroundings: Surroundings,
    at place: Syntax.Place
  ) throws -> RelationPlan {
    if case .natural = criteria { throw PrestoError.at(place.location, .notSupported, "Natural join not supported") }
    if let dependent = try dependentJoin(left, right, kind, criteria, surroundings, at: place) { return dependent }
    let right = try relation(right, surroundings)
    let fields = left.fields + right.fields
    switch criteria {
    case nil, .natural:
      return RelationPlan(plan: Plan(.join(.init(kind: .inner, left: left.plan, right: right.plan, equalities: []))), fields: fields)
    case .on(let condition):
      return RelationPlan(plan: try join(left, right, kind.plain, on: condition, surroundings), fields: fields)
    case .using(let columns):
      return try join(left, right, kind.plain, using: columns, surroundings)
    }
  }

  // MARK: ON

  private func join(
    _ left: RelationPlan, _ right: RelationPlan, _ kind: JoinKind, on condition: Syntax.Expression, _ surroundings: Surroundings
  ) throws -> Plan {
    let subqueries = SubqueryList()
    let scope = Scope(left.fields + right.fields, parent: surroundings.scope)
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: scope, clause: .join, subqueries: subqueries)
    let predicate = try analyzer.predicate(condition, "JOIN ON clause")

    // Sub-queries of the condition are computed on the side they depend on; on an inner join also afterwards.
    var leftPlan = left.plan
    var rightPlan = right.plan
    var late: [PendingSubquery] = []
    for subquery in subqueries.pending {
      let needed = subquery.needed
      if needed.isDisjoint(with: rightPlan.outputs), late.isEmpty {
        leftPlan = subquery.attach(to: leftPlan, self)
      } else if needed.isDisjoint(with: leftPlan.outputs), late.isEmpty {
        rightPlan = subquery.attach(to: rightPlan, self)
      } else if kind == .inner {
        late.append(subquery)
      } else {
        throw PrestoError.at(
          condition.location, .notSupported, "A sub-query in the condition of an outer join cannot depend on both sides of the join")
      }
    }
    let lateSymbols = Set(late.map(\.result))
    var early: [Expression] = []
    var afterwards: [Expression] = []
    for conjunct in predicate.conjuncts {
      if conjunct.references.isDisjoint(with: lateSymbols) { early.append(conjunct) } else { afterwards.append(conjunct) }
    }
    let joined = JoinBuilder(leftPlan, rightPlan, self).join(kind, early)
    return late.reduce(joined) { $1.attach(to: $0, self) }.filtered(.all(afterwards))
  }

  // MARK: USING

  private func join(
    _ left: RelationPlan, _ right: RelationPlan, _ kind: JoinKind, using columns: [Syntax.Identifier], _ surroundings: Surroundings
  ) throws -> RelationPlan {
    let analyzer = ExpressionAnalyzer(self, surroundings, scope: Scope([]), clause: .join)
    let leftScope = Scope(left.fields)
    let rightScope = Scope(right.fields)
    var builder = JoinBuilder(left.plan, right.plan, self)
    var shared: [(name: Syntax.Identifier, left: Field, right: Field, pair: [Expression])] = []
    for column in columns {
      if shared.contains(where: { $0.name == column }) {
        throw PrestoError.at(column.location, .duplicateColumnName, "Column '\(column)' appears multiple times in USING clause")
      }
      let leftField = try analyzer.usingField(column, in: leftScope, "left")
      let rightField = try analyzer.usingField(column, in: rightScope, "right")
      let pair = try analyzer.unified([leftField.value, rightField.value], at: column.place) {
        "Column '\(column)' has incompatible types on the two sides of the join: \($0), \($1)"
      }
      builder.equate(pair[0], pair[1])
      shared.append((column, leftField, rightField, pair))
    }
    let plan = builder.join(kind, [])
    var merged = self.columns(over: plan)
    var fields: [Field] = []
    for column in shared {
      let value: Expression =
        switch kind {
        case .inner, .left: column.pair[0]
        case .right: column.pair[1]
        case .full: .coalesce(column.pair)
        }
      let symbol = merged.symbol(for: value, named: column.name.text)
      fields.append(Field(name: column.left.name, value: .symbol(symbol)))
    }
    for (relation, used) in [(left, shared.map(\.left)), (right, shared.map(\.right))] {
      for var field in relation.fields {
        if used.contains(where: { $0.value == field.value && $0.canonical == field.canonical }) {
          field.isHidden = true
          field.needsQualifier = true
        }
        fields.append(field)
      }
    }
    return RelationPlan(plan: merged.extended, fields: fields)
  }

  // MARK: UNNEST and LATERAL

  /// A right side that may use the columns of the left one; nil when it is of another kind.
  private func dependentJoin(
    _ left: RelationPlan, _ right: Syntax.Relation, _ kind: Syntax.Join.Kind, _ criteria: Syntax.JoinCriteria?,
    _ surroundings: Surroundings,
    at place: Syntax.Place
  ) throws -> RelationPlan? {
    guard let dependent = DependentRelation(right) else { return nil }
    var condition: Syntax.Expression?
    switch criteria {
    case nil, .natural: break
    case .on(let expression): condition = expression
    case .using: return nil
    }
    func named(_ relation: RelationPlan) throws -> RelationPlan {
      try dependent.alias.map { try alias(relation, $0.alias, $0.columns, $0.place) } ?? relation
    }
    let isTrue = condition.map { if case .literal(let literal) = $0 { literal.value == .boolean(true) } else { false } } ?? true
    // The right side is made row by row of the left one, so RIGHT keeps rows of the left one only where it has made some.
    let keepsLeft = kind == .left || kind == .full
    switch dependent.body {
    case .unnest(let unnest):
      guard isTrue || kind == .inner else {
        throw PrestoError.at(
          place.location, .notSupported, "\(kind.rawValue) JOIN involving UNNEST is only supported with condition ON TRUE")
      }
      let elements = try self.unnest(unnest, from: left, isOuter: keepsLeft, surroundings)
      let fields = left.fields + (try named(elements)).fields
      guard let condition, !isTrue else { return RelationPlan(plan: elements.plan, fields: fields) }
      return try filtered(RelationPlan(plan: elements.plan, fields: fields), condition, .join, "JOIN ON clause", surroundings)
    case .jsonTable(let table):
      guard isTrue || kind == .inner else {
        throw PrestoError.at(
          place.location, .notSupported, "\(kind.rawValue) JOIN involving JSON_TABLE is only supported with condition ON TRUE")
      }
      let rows = try jsonTable(table, from: left, isOuter: keepsLeft, surroundings)
      let fields = left.fields + (try named(rows)).fields
      guard let condition, !isTrue else { return RelationPlan(plan: rows.plan, fields: fields) }
      return try filtered(RelationPlan(plan: rows.plan, fields: fields), condition, .join, "JOIN ON clause", surroundings)
    case .lateral(let query):
      guard isTrue || kind != .full else {
        throw PrestoError.at(
          place.location, .notSupported, "FULL JOIN involving LATERAL relation is only supported with condition ON TRUE")
      }
      let boundary = Boundary()
      var inner = surroundings
      inner.scope = .within(Scope(left.fields, parent: surroundings.scope), boundary)
      let subquery = try named(try self.query(query, in: inner, keepsOrder: false))
      let local = Set(left.plan.outputs)
      let correlation = boundary.correlation.filter(local.contains)
      let fields = left.fields + subquery.fields
      let scope = Scope(fields, parent: surroundings.scope)
      let subqueries = SubqueryList()
      let analyzer = ExpressionAnalyzer(self, surroundings, scope: scope, clause: .join, subqueries: subqueries)
      let predicate = try condition.map { try analyzer.predicate($0, "JOIN ON clause") }
      if keepsLeft, !subqueries.pending.isEmpty {
        throw PrestoError.at(place.location, .notSupported, "Sub-queries in the condition of LEFT JOIN LATERAL are not supported")
      }
      let isLate = !subqueries.pending.isEmpty || kind == .right
      let right = subquery.plan.keeping(subquery.symbols)
      let on = isLate || predicate == .true ? nil : predicate
      let apply = Plan(
        .apply(
          .init(
            left: left.plan, right: right, correlation: correlation, kind: .lateral(keepsLeft ? .left : .inner, on: on),
            location: place.location)))
      if kind == .right, let predicate, predicate != .true {
        return emptied(left.fields, unless: predicate, over: subqueries.attach(to: apply, self), beside: subquery.fields)
      }
      let plan = isLate ? subqueries.attach(to: apply, self).filtered(predicate ?? .true) : apply
      return RelationPlan(plan: plan, fields: fields)
    }
  }

  /// Every row of `plan`, with nulls for the fields of the left side where the condition does not hold: what RIGHT JOIN makes of its right rows.
  private func emptied(_ left: [Field], unless condition: Expression, over plan: Plan, beside right: [Field]) -> RelationPlan {
    var tested = columns(over: plan)
    let matches = Expression.symbol(tested.symbol(for: condition, named: "matches"))
    var builder = columns(over: tested.extended)
    let fields = left.map { field in
      var field = field
      let value = Expression.if(matches, then: field.value, else: .null(field.value.type))
      field.value = .symbol(builder.symbol(for: value, named: field.name ?? "field"))
      return field
    }
    return RelationPlan(plan: builder.extended, fields: fields + right)
  }

  func filtered(
    _ relation: RelationPlan, _ condition: Syntax.Expression, _ clause: Clause, _ name: String, _ surroundings: Surroundings
  ) throws -> RelationPlan {
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope(relation.fields, parent: surroundings.scope), clause: clause, subqueries: subqueries)
    let predicate = try analyzer.predicate(condition, name)
    return RelationPlan(plan: subqueries.attach(to: relation.plan, self).filtered(predicate), fields: relation.fields)
  }
}

/// A relation that may use columns of the relations before it.
struct DependentRelation {
  enum Body {
    case unnest(Syntax.Unnest)
    case lateral(Syntax.Query)
    case jsonTable(Syntax.JSONTable)
  }
  var body: Body
  var alias: Syntax.AliasedRelation?

  init?(_ relation: Syntax.Relation) {
    switch relation {
    case .unnest(let unnest): body = .unnest(unnest)
    case .lateral(let lateral): body = .lateral(lateral.query)
    case .jsonTable(let table): body = .jsonTable(table)
    case .aliased(let aliased):
      guard let inner = DependentRelation(aliased.relation), inner.alias == nil else { return nil }
      body = inner.body
      alias = aliased
    case .table, .file, .subquery, .tableFunction, .join, .sampled: return nil
    }
  }
}

extension Syntax.Join.Kind {
  /// CROSS is an inner join without a condition.
  var plain: JoinKind {
    switch self {
    case .inner, .cross: .inner
    case .left: .left
    case .right: .right
    case .full: .full
    }
  }
}

/// Takes a join's condition apart: equalities between the sides become keys, computed beforehand where they are expressions; what else there
/// is stays a condition.
struct JoinBuilder {
  private let leftSymbols: Set<Symbol>
  private let rightSymbols: Set<Symbol>
  private var leftColumns: ColumnBuilder
  private var rightColumns: ColumnBuilder
  private var equalities: [(left: Symbol, right: Symbol)] = []

  init(_ left: Plan, _ right: Plan, _ analyzer: QueryAnalyzer) {
    leftSymbols = Set(left.outputs)
    rightSymbols = Set(right.outputs)
    leftColumns = analyzer.columns(over: left)
    rightColumns = analyzer.columns(over: right)
  }

  mutating func equate(_ leftValue: Expression, _ rightValue: Expression) {
    equalities.append((leftColumns.symbol(for: leftValue, named: "key"), rightColumns.symbol(for: rightValue, named: "key")))
  }

  /// The join with these conjuncts besides the equalities given before.
  func join(_ kind: JoinKind, _ conjuncts: [Expression]) -> Plan {
    var copy = self
    var rest: [Expression] = []
    for conjunct in conjuncts where !copy.takeEquality(conjunct) { rest.append(conjunct) }
    // The rest of an outer join's condition decides about matches, that of an inner join about rows.
    let join = Plan(
      .join(
        .init(
          kind: kind, left: copy.leftColumns.extended, right: copy.rightColumns.extended, equalities: copy.equalities,
          residual: kind == .inner || rest.isEmpty ? nil : .all(rest))))
    return kind == .inner ? join.filtered(.all(rest)) : join
  }

  private mutating func takeEquality(_ conjunct: Expression) -> Bool {
    guard case .call(let id, let operands, _) = conjunct, id.name == FunctionID.Operator.equal, operands.count == 2 else { return false }
    let first = operands[0].references
    let second = operands[1].references
    guard !first.isEmpty, !second.isEmpty else { return false }
    if first.isSubset(of: leftSymbols), second.isSubset(of: rightSymbols) {
      equate(operands[0], operands[1])
    } else if first.isSubset(of: rightSymbols), second.isSubset(of: leftSymbols) {
      equate(operands[1], operands[0])
    } else {
      return false
    }
    return true
  }
}
