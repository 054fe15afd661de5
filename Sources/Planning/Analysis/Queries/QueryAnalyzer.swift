import Expressions
import Plans
import SQL
import Settings
import Values

/// Plans the queries of one statement: what they share, and the query itself. Relations, joins, SELECT, set operations and the rest stand in
/// extensions and types of their own.
final class QueryAnalyzer {
  let context: PlanningContext
  let metadata: Metadata
  /// What `?` stands for.
  let parameters: [Syntax.Expression]
  private(set) var warnings: [AnalysisWarning] = []
  /// Views being planned, against views that name themselves.
  var viewsUnderWay: [ObjectName] = []

  private var references = 0
  /// Named queries that are computed once, in order of need.
  var sharedQueries: [Plan.SharedQueries.Table] = []

  /// What the user may do.
  let access: Access
  /// Whether tables are described, not read.
  var isDescribing = false
  /// Tables whose filters and masks are being planned, against ones that read their own table.
  var policiesUnderWay: [ObjectName] = []
  /// Columns the user may not read: symbols that nothing produces.
  var refusedColumns: [Symbol: (table: ObjectName, column: String)] = [:]

  init(context: PlanningContext, metadata: Metadata, parameters: [Syntax.Expression], access: Access) {
    self.access = access
    self.context = context
    self.metadata = metadata
    self.parameters = parameters
  }

  var symbols: SymbolAllocator { context.symbols }

  func warn(_ code: AnalysisWarning.Code, _ message: String) {
    let warning = AnalysisWarning(code: code, message: message)
    if !warnings.contains(warning) { warnings.append(warning) }
  }

  func columns(over plan: Plan) -> ColumnBuilder { ColumnBuilder(over: plan, context) }

  /// WITH queries and views are planned for every reference: ones that name each other twice would double without end.
  func countReference(at location: SourceLocation) throws {
    references += 1
    guard references <= 5_000 else {
      throw PrestoError.at(location, .queryHasTooManyStages, "Query has too many references to WITH queries and views: more than 5000")
    }
  }

  /// The query of a whole statement, with the shared queries it reads.
  func statement(_ query: Syntax.Query, in outer: Surroundings) throws -> RelationPlan {
    var relation = try self.query(query, in: outer, keepsOrder: true)
    if !sharedQueries.isEmpty { relation.plan = Plan(.sharedQueries(.init(tables: sharedQueries, body: relation.plan))) }
    try checkColumns(relation)
    return relation
  }

  /// - Parameter keepsOrder: whether the order of the rows is seen by whoever asks; a sub-query's order is only seen by its own LIMIT.
  func query(_ query: Syntax.Query, in outer: Surroundings, keepsOrder: Bool) throws -> RelationPlan {
    if let assignment = query.session.first {
      throw PrestoError.at(assignment.location, .notSupported, "WITH SESSION is not supported: use SET SESSION")
    }
    var inner = outer
    inner.named = try namedQueries(query.with, outer)
    let isCut = query.limit?.count != nil || query.offset != nil
    let isSorted = keepsOrder || isCut
    if !isSorted, let item = query.orderBy.first {
      warn(.redundantOrderBy, "line \(item.location.line):\(item.location.column): ORDER BY in a sub-query without LIMIT has no effect")
    }
    if case .select(let select) = query.body {
      var analyzer = try SelectAnalyzer(self, select, inner)
      let sorted = try analyzer.plan(orderBy: query.orderBy, isSorted: isSorted)
      let relation = RelationPlan(plan: try cut(sorted.relation.plan, sorted.order, query, inner), fields: sorted.relation.fields)
      return keepsOrder ? relation : ownColumns(relation)
    }
    let relation = try body(query.body, inner, keepsOrder: keepsOrder && query.orderBy.isEmpty && !isCut)
    let order = try ordering(of: relation, query.orderBy, inner)
    let sorted = isSorted && !order.keys.isEmpty ? Plan(.sort(.init(input: order.plan, order: order.keys))) : order.plan
    return RelationPlan(plan: try cut(sorted, order.keys, query, inner), fields: relation.fields)
  }

  /// A symbol of its own for every column: `SELECT a AS x, a AS y` are two columns to the query around, which may group by one of them alone.
  private func ownColumns(_ relation: RelationPlan) -> RelationPlan {
    var seen = Set<Symbol>()
    var copies: [(symbol: Symbol, value: Expression)] = []
    var fields = relation.fields
    for index in fields.indices {
      guard let symbol = fields[index].value.asSymbol, !seen.insert(symbol).inserted else { continue }
      let copy = symbols.fresh(symbol.name, symbol.type)
      copies.append((copy, .symbol(symbol)))
      fields[index].value = .symbol(copy)
    }
    return copies.isEmpty ? relation : RelationPlan(plan: relation.plan.adding(copies), fields: fields)
  }

  func body(_ body: Syntax.QueryBody, _ surroundings: Surroundings, keepsOrder: Bool = false) throws -> RelationPlan {
    switch body {
    case .select(let select):
      var analyzer = try SelectAnalyzer(self, select, surroundings)
      return try analyzer.plan(orderBy: [], isSorted: false).relation
    case .values(let values): return try self.values(values, surroundings)
    case .table(let table):
      let relation = try self.table(table, surroundings)
      return RelationPlan(plan: relation.plan, fields: relation.visible.map { Field(name: $0.name, value: $0.value) })
    case .setOperation(let operation): return try setOperation(operation, surroundings)
    case .subquery(let query): return try self.query(query, in: surroundings, keepsOrder: keepsOrder)
    }
  }

  /// The WITH clause's names, in front of those around it.
  private func namedQueries(_ with: Syntax.With?, _ outer: Surroundings) throws -> NamedQueries? {
    guard let with else { return outer.named }
    var names = Set<String>()
    var visible = outer.named
    for definition in with.queries {
      guard names.insert(definition.name.canonical).inserted else {
        throw PrestoError.at(
          definition.location, .duplicateNamedQuery, "WITH query name '\(definition.name)' specified more than once")
      }
      let isRecursive = with.isRecursive && definition.query.names(definition.name)
      let query =
        try isRecursive
        ? recursive(definition, visible: visible, outer)
        : NamedQuery(definition, surroundings: visible, scope: outer.scope, defaults: outer.defaults)
      visible = NamedQueries(query, parent: visible)
    }
    return visible
  }

  /// Sort keys over the output of a set operation, VALUES or TABLE.
  private func ordering(of relation: RelationPlan, _ items: [Syntax.SortItem], _ surroundings: Surroundings) throws -> (
    plan: Plan, keys: [Ordering]
  ) {
    if items.isEmpty { return (relation.plan, []) }
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope(relation.fields, parent: surroundings.scope), clause: .orderBy, subqueries: subqueries)
    var values: [(item: Syntax.SortItem, value: Expression)] = []
    for item in items {
      let value: Expression
      if let ordinal = item.key.ordinal {
        guard ordinal > 0, ordinal <= relation.fields.count else {
          throw PrestoError.at(item.key.location, .invalidColumnReference, "ORDER BY position \(ordinal) is not in select list")
        }
        value = relation.fields[ordinal - 1].value
      } else {
        value = try analyzer.analyze(item.key)
      }
      try analyzer.checkOrderable(value, item.key)
      if !value.isConstant { values.append((item, value)) }
    }
    var builder = columns(over: subqueries.attach(to: relation.plan, self))
    var keys: [Ordering] = []
    for (item, value) in values {
      let symbol = builder.symbol(for: value)
      if !keys.contains(where: { $0.symbol == symbol }) {
        keys.append(Ordering(symbol, isAscending: item.isAscending, nullsFirst: item.nullsComeFirst))
      }
    }
    return (builder.extended, keys)
  }
}

extension Syntax.SortItem {
  var isAscending: Bool { direction == .ascending }
  /// Nulls come last in both directions unless it says otherwise.
  var nullsComeFirst: Bool { nullOrder == .first }
}

extension Syntax.Expression {
  /// A bare integer, as in `ORDER BY 2`.
  var ordinal: Int? {
    if case .literal(let literal) = self, case .integer(let value) = literal.value { Int(value) } else { nil }
  }
}

extension Expr {
  var isConstant: Bool { if case .constant = self { true } else { false } }
}

extension PlanningContext {
  /// Whether evaluating twice gives the same.
  func isDeterministic(_ expression: Expression) -> Bool {
    !expression.contains { inner in
      if case .call(let id, _, _) = inner { functions.functions[id.name]?.contains { !$0.isDeterministic } ?? false } else { false }
    }
  }
}

extension Syntax.Query {
  /// Whether some table in FROM (of this query or of any inside) has this name.
  func names(_ name: Syntax.Identifier) -> Bool {
    var requests = MetadataRequests(parameters: [])
    requests.collect(self, NameDefaults(catalog: "", schema: ""))
    return requests.keys[.table(ObjectName(catalog: "", schema: "", name: name.canonical))] != nil
  }
}
