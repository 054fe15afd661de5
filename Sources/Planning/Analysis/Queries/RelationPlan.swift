import Expressions
import Plans
import Values

/// A planned relation and the names of its columns. The plan may yield more than the fields show.
struct RelationPlan {
  var plan: Plan
  var fields: [Field]

  /// The symbols of the fields, in order; every field of a relation stands for a symbol.
  var symbols: [Symbol] { fields.compactMap(\.value.asSymbol) }

  /// The columns `*` shows.
  var visible: [Field] { fields.filter { !$0.isHidden } }

  /// The same relation under another name.
  func renamed(_ qualifier: [String]) -> RelationPlan {
    RelationPlan(
      plan: plan,
      fields: fields.filter { !$0.needsQualifier }.map {
        Field(qualifier: qualifier, name: $0.name, value: $0.value, isHidden: $0.isHidden)
      })
  }
}

/// What stands around a query: outer names, WITH queries, and where short table names are looked up.
struct Surroundings {
  var scope: Scope?
  var named: NamedQueries?
  var defaults: NameDefaults
}

extension Plan {
  func filtered(_ predicate: Expression) -> Plan {
    if predicate == .true { return self }
    return Plan(.filter(.init(input: self, predicate: predicate)))
  }

  /// The plan's columns and these beside them.
  func adding(_ assignments: [(symbol: Symbol, value: Expression)]) -> Plan {
    if assignments.isEmpty { return self }
    return Plan(.project(.init(input: self, assignments: outputs.map { ($0, .symbol($0)) } + assignments)))
  }

  /// These columns alone, in this order; repeated symbols once.
  func keeping(_ symbols: [Symbol]) -> Plan {
    var seen = Set<Symbol>()
    let unique = symbols.filter { seen.insert($0).inserted }
    if unique == outputs { return self }
    return Plan(.project(.init(input: self, assignments: unique.map { ($0, .symbol($0)) })))
  }

  /// One row without columns: what a query without FROM reads.
  static var oneRow: Plan { Plan(.values(.init(outputs: [], rows: [[]]))) }
}

/// Gathers expressions that must become columns of a plan: equal ones become one column, the plan's own symbols stay what they are.
struct ColumnBuilder {
  private let plan: Plan
  private let available: Set<Symbol>
  private let context: PlanningContext
  private var assignments: [(symbol: Symbol, value: Expression)] = []
  private var known: [Expression: Symbol] = [:]

  init(over plan: Plan, _ context: PlanningContext) {
    self.plan = plan
    self.context = context
    available = Set(plan.outputs)
  }

  /// The column of an expression. `name` is for people. An outer query's symbol becomes a column of its own.
  mutating func symbol(for value: Expression, named name: String = "expr") -> Symbol {
    if let symbol = known[value] { return symbol }
    if let symbol = value.asSymbol, available.contains(symbol) {
      known[value] = symbol
      assignments.append((symbol, value))
      return symbol
    }
    let symbol = context.symbols.fresh(value.asSymbol?.name ?? name, value.type)
    if context.isDeterministic(value) { known[value] = symbol }
    assignments.append((symbol, value))
    return symbol
  }

  /// The plan with the gathered columns and nothing else.
  var replaced: Plan {
    if assignments.allSatisfy({ $0.value.asSymbol == $0.symbol }) {
      return assignments.isEmpty ? plan : plan.keeping(assignments.map(\.symbol))
    }
    return Plan(.project(.init(input: plan, assignments: assignments)))
  }

  /// The plan with the gathered columns beside its own.
  var extended: Plan { plan.adding(assignments.filter { $0.value.asSymbol != $0.symbol }) }
}
