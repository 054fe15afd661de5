import Expressions
import Plans
import SQL
import Values

extension QueryAnalyzer {
  /// Elements of arrays and maps beside the columns of `left`, whose names the expressions may use.
  func unnest(_ unnest: Syntax.Unnest, from left: RelationPlan, isOuter: Bool, _ surroundings: Surroundings) throws -> RelationPlan {
    let subqueries = SubqueryList()
    let analyzer = ExpressionAnalyzer(
      self, surroundings, scope: Scope(left.fields, parent: surroundings.scope), clause: .unnest, subqueries: subqueries)
    let values = try unnest.expressions.map { try analyzer.analyze($0) }
    var builder = columns(over: subqueries.attach(to: left.plan, self))
    var items: [(value: Symbol, outputs: [Symbol])] = []
    var fields: [Field] = []
    for (expression, value) in zip(unnest.expressions, values) {
      let names: [(name: String?, type: DataType)]
      switch value.type {
      case .array(.row(let inner)): names = inner.map { ($0.name, $0.type) }
      case .array(let element): names = [(nil, element)]
      case .map(let key, let element): names = [(nil, key), (nil, element)]
      default:
        throw PrestoError.at(expression.location, .invalidFunctionArgument, "Cannot unnest type: \(value.type)")
      }
      let outputs = names.map { symbols.fresh($0.name ?? "field", $0.type) }
      items.append((builder.symbol(for: value, named: "unnested"), outputs))
      fields += zip(names, outputs).map { Field(name: $0.name, value: .symbol($1)) }
    }
    let ordinality = unnest.hasOrdinality ? symbols.fresh("ordinality", .bigint) : nil
    if let ordinality { fields.append(Field(name: nil, value: .symbol(ordinality))) }
    let plan = Plan(
      .unnest(.init(input: builder.extended, kept: left.plan.outputs, items: items, ordinality: ordinality, isOuter: isOuter)))
    return RelationPlan(plan: plan, fields: fields)
  }
}
