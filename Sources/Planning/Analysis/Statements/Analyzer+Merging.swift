import Expressions
import Federation
import Plans
import SQL
import Values

/// MERGE: the target and the source fully joined, every row with the number of the first clause that applies to it.
///
///     Write: rows that are kept, with the clause's values
///       Filter number = 1, and no second clause for a row of the target
///         Window per row of the target: clauses applied, row_number with applied ones first
///           Project clause = CASE WHEN matched AND condition THEN 1 …
///             Join FULL on the condition
///               UniqueID target
///               UniqueID source
extension Analyzer {
  func plan(_ merge: Syntax.Merge, parameters: [Syntax.Expression]) async throws -> AnalyzedQuery {
    let name = try defaults.complete(merge.target)
    for clause in merge.clauses {
      switch clause.action {
      case .update(let assignments): try access.check(.update(name, columns: assignments.map(\.column.canonical)))
      case .delete: try access.check(.delete(name))
      case .insert: try access.check(.insert(name))
      }
    }
    var requests = MetadataRequests(parameters: parameters)
    requests.add(.table(name))
    requests.collect(merge.source, defaults, [], MetadataFilter())
    for expression in [merge.condition] + merge.clauses.flatMap(\.expressions) { requests.collect(expression, defaults, []) }
    let target = try await modification(name, merge.target, requests, parameters, alias: merge.alias?.canonical)
    let joined = try joined(merge, target)
    var planner = MergePlanner(target: target, joined: joined, surroundings: surroundings)
    return try planner.plan(merge)
  }

  /// Target rows have a number in `row`, source rows one in `origin`.
  private func joined(_ merge: Syntax.Merge, _ target: Modification) throws -> MergePlanner.Joined {
    let analyzer = target.analyzer, symbols = analyzer.symbols
    let source = try analyzer.relation(merge.source, surroundings)
    let row = symbols.fresh("row", .bigint), origin = symbols.fresh("origin", .bigint)
    let left = Plan(.uniqueID(.init(input: target.relation.plan, symbol: row)))
    let right = Plan(.uniqueID(.init(input: source.plan, symbol: origin)))
    let both = Scope(target.relation.fields + source.fields)
    let condition = try ExpressionAnalyzer(analyzer, surroundings, scope: both, clause: .join).predicate(merge.condition, "MERGE condition")
    let join = JoinBuilder(left, right, analyzer).join(.full, condition.conjuncts)
    return MergePlanner.Joined(plan: join, row: row, origin: origin, source: source)
  }
}

extension Syntax.MergeClause {
  fileprivate var expressions: [Syntax.Expression] {
    let values: [Syntax.Expression] =
      switch action {
      case .update(let assignments): assignments.map(\.value)
      case .delete: []
      case .insert(_, let values): values
      }
    return values + (condition.map { [$0] } ?? [])
  }
}

struct MergePlanner {
  struct Joined {
    var plan: Plan
    var row: Symbol
    var origin: Symbol
    var source: RelationPlan
  }

  let target: Modification
  let joined: Joined
  let surroundings: Surroundings

  private var symbols: SymbolAllocator { target.analyzer.symbols }

  mutating func plan(_ merge: Syntax.Merge) throws -> AnalyzedQuery {
    let subqueries = SubqueryList()
    let both = ExpressionAnalyzer(
      target.analyzer, surroundings, scope: Scope(target.relation.fields + joined.source.fields), clause: .where, subqueries: subqueries)
    let alone = ExpressionAnalyzer(
      target.analyzer, surroundings, scope: Scope(joined.source.fields), clause: .where, subqueries: subqueries)
    let isInTarget = Expression.not(.isNull(.symbol(joined.row))), isInSource = Expression.not(.isNull(.symbol(joined.origin)))
    let isMatched = Expression.and([isInTarget, isInSource])
    let isNew = Expression.and([.isNull(.symbol(joined.row)), isInSource])
    var choice: Expression = .constant(.integer(0), .bigint)
    let clause = symbols.fresh("clause", .bigint)
    var values = target.values
    var deleting: [Expression] = [], inserting: [Expression] = []
    for (index, written) in merge.clauses.enumerated().reversed() {
      let inner = written.isMatched ? both : alone
      var applies = [written.isMatched ? isMatched : isNew]
      if let condition = written.condition {
        applies.append(.coalesce([try inner.predicate(condition, "MERGE clause condition"), .false]))
      }
      choice = .if(.all(applies), then: .constant(.integer(Int64(index + 1)), .bigint), else: choice)
      let isChosen = Expression.comparison(FunctionID.Operator.equal, .symbol(clause), .constant(.integer(Int64(index + 1)), .bigint))
      switch written.action {
      case .delete: deleting.append(isChosen)
      case .update(let assignments):
        for (column, value) in try target.assigned(assignments, inner, at: written.place) {
          values[column] = .if(isChosen, then: value, else: values[column])
        }
      case .insert(let columns, let inserted):
        inserting.append(isChosen)
        for (column, value) in try self.inserted(columns, inserted, inner, at: written.place) {
          values[column] = .if(isChosen, then: value, else: values[column])
        }
      }
    }
    let chosen = subqueries.attach(to: joined.plan, target.analyzer).adding([(clause, choice)])
    let isKept: Expression = .or([.and([isInTarget, .not(.or([.false] + deleting))]), .or([.false] + inserting)])
    let isChanged = Expression.comparison(FunctionID.Operator.greaterThan, .symbol(clause), .constant(.integer(0), .bigint))
    return try target.replaced(once(chosen, clause), values, isKept: isKept, isChanged: isChanged, "MERGE")
  }

  /// `INSERT (a, b) VALUES (1, 2)` as values of the columns at these places; the others are null, which a row beyond the target is already.
  private func inserted(
    _ columns: [Syntax.Identifier], _ values: [Syntax.Expression], _ inner: ExpressionAnalyzer, at place: Syntax.Place
  ) throws -> [(Int, Expression)] {
    let places = try columns.isEmpty ? Array(target.values.indices) : columns.map { try target.index(of: $0, "MERGE INSERT") }
    guard places.count == values.count else {
      throw PrestoError.at(
        place.location, .typeMismatch, "Insert query has mismatched column types: \(places.count) columns, \(values.count) values")
    }
    return try zip(places, values).map { ($0, try target.value($1, at: $0, inner, "MERGE")) }
  }

  /// Every row of the target once: as the clause leaves it that applied, or as it is. Two that apply are an error.
  private func once(_ plan: Plan, _ clause: Symbol) -> Plan {
    let zero = Expression.constant(.integer(0), .bigint)
    let applied = symbols.fresh("applied", .boolean), lone = symbols.fresh("lone", .bigint)
    let marked = plan.adding([
      (applied, .comparison(FunctionID.Operator.greaterThan, .symbol(clause), zero)),
      (lone, .if(.isNull(.symbol(joined.row)), then: .symbol(joined.origin), else: nil)),
    ])
    let whole = Plan.Window.Frame(.rows, .unboundedPreceding, .unboundedFollowing)
    let count = symbols.fresh("count", .bigint), number = symbols.fresh("row_number", .bigint)
    let numbered = Plan(
      .window(
        .init(
          input: marked, partition: [joined.row, lone], order: [Ordering(applied, isAscending: false, nullsFirst: false)],
          calls: [
            .init(symbol: count, function: FunctionID("count", []), arguments: [], frame: whole, filter: applied),
            .init(symbol: number, function: FunctionID("row_number", []), arguments: [], frame: whole),
          ])))
    let one = Expression.constant(.integer(1), .bigint)
    let isFirst = Expression.comparison(FunctionID.Operator.equal, .symbol(number), one)
    let isTwice = Expression.comparison(FunctionID.Operator.greaterThan, .symbol(count), one)
    return numbered.filtered(.if(isTwice, then: .call(FunctionID(Function.multipleMatchesError, []), [], .boolean), else: isFirst))
  }
}
