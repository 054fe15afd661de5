import SQL
import Values

/// Finds every relation a statement names, so that all of them can be asked for at once before analysis begins: analysis itself never
/// suspends, and a query over many sources waits for the slowest, not for the sum.
///
/// Names of WITH queries are not asked for. A name that cannot be completed is left for analysis to complain about.
struct MetadataRequests {
  private(set) var keys: [RelationKey: MetadataFilter] = [:]
  let parameters: [Syntax.Expression]

  init(parameters: [Syntax.Expression]) { self.parameters = parameters }

  mutating func add(_ key: RelationKey, _ filter: MetadataFilter = MetadataFilter()) {
    keys[key] = keys[key]?.union(filter) ?? filter
  }

  mutating func collect(_ query: Syntax.Query, _ defaults: NameDefaults, named: Set<String> = []) {
    var named = named
    for definition in query.with?.queries ?? [] {
      if query.with?.isRecursive == true { named.insert(definition.name.canonical) }
      collect(definition.query, defaults, named: named)
      named.insert(definition.name.canonical)
    }
    collect(query.body, defaults, named)
    for item in query.orderBy { collect(item.key, defaults, named) }
    for expression in [query.offset, query.limit?.count] { if let expression { collect(expression, defaults, named) } }
  }

  mutating func collect(_ body: Syntax.QueryBody, _ defaults: NameDefaults, _ named: Set<String>) {
    switch body {
    case .select(let select): collect(select, defaults, named)
    case .values(let values): for row in values.rows { collect(row, defaults, named) }
    case .table(let table): collect(table, defaults, named, MetadataFilter())
    case .setOperation(let operation): for operand in operation.operands { collect(operand, defaults, named) }
    case .subquery(let query): collect(query, defaults, named: named)
    }
  }

  private mutating func collect(_ select: Syntax.Select, _ defaults: NameDefaults, _ named: Set<String>) {
    let filter = select.from.count == 1 ? select.where.map(MetadataFilter.init) : nil
    for relation in select.from { collect(relation, defaults, named, filter ?? MetadataFilter()) }
    for item in select.items {
      switch item {
      case .expression(let expression): collect(expression.value, defaults, named)
      case .all(let all): if let base = all.base { collect(base, defaults, named) }
      }
    }
    for element in select.groupBy?.elements ?? [] { for key in element.expressions { collect(key, defaults, named) } }
    for window in select.windows { for inside in window.specification.inside { collect(inside, defaults, named) } }
    for clause in [select.where, select.having, select.qualify] { if let clause { collect(clause, defaults, named) } }
  }

  mutating func collect(_ relation: Syntax.Relation, _ defaults: NameDefaults, _ named: Set<String>, _ filter: MetadataFilter) {
    switch relation {
    case .table(let table): collect(table, defaults, named, filter)
    case .file(let file): add(.file(file.path))
    case .subquery(let derived): collect(derived.query, defaults, named: named)
    case .lateral(let lateral): collect(lateral.query, defaults, named: named)
    case .unnest(let unnest): for expression in unnest.expressions { collect(expression, defaults, named) }
    case .tableFunction(let call): collect(call, defaults, named)
    case .jsonTable(let table): for expression in table.call.inside { collect(expression, defaults, named) }
    case .join(let join):
      collect(join.left, defaults, named, MetadataFilter())
      collect(join.right, defaults, named, MetadataFilter())
      if case .on(let condition) = join.criteria { collect(condition, defaults, named) }
    case .aliased(let aliased): collect(aliased.relation, defaults, named, aliased.columns == nil ? filter : MetadataFilter())
    case .sampled(let sampled):
      collect(sampled.relation, defaults, named, filter)
      collect(sampled.percentage, defaults, named)
    }
  }

  private mutating func collect(_ table: Syntax.Table, _ defaults: NameDefaults, _ named: Set<String>, _ filter: MetadataFilter) {
    if table.name.parts.count == 1, named.contains(table.name.canonicalLast) { return }
    guard let name = try? defaults.complete(table.name) else { return }
    add(.table(name), filter)
  }

  private mutating func collect(_ call: Syntax.TableFunctionCall, _ defaults: NameDefaults, _ named: Set<String>) {
    if let key = RemoteQueryCall.key(of: call, parameters: parameters) { add(key) }
    for argument in call.arguments {
      switch argument.value {
      case .expression(let expression): collect(expression, defaults, named)
      case .table(let table): collect(table.relation, defaults, named, MetadataFilter())
      case .descriptor, .nullDescriptor: break
      }
    }
  }

  mutating func collect(_ expression: Syntax.Expression, _ defaults: NameDefaults, _ named: Set<String>) {
    if let query = expression.query { collect(query, defaults, named: named) }
    for child in expression.children { collect(child, defaults, named) }
  }
}

extension Syntax.GroupingElement {
  var expressions: [Syntax.Expression] {
    switch self {
    case .set(let all): all
    case .sets(let elements): elements.flatMap(\.expressions)
    case .rollup(let groups), .cube(let groups): groups.flatMap { $0 }
    case .automatic: []
    }
  }
}

/// `TABLE(catalog.system.query(query => 'text'))`: a text handed to the source as it is.
enum RemoteQueryCall {
  /// nil: another function, or a text that is not a constant.
  static func key(of call: Syntax.TableFunctionCall, parameters: [Syntax.Expression]) -> RelationKey? {
    let parts = call.name.canonicalParts
    guard parts.count == 3, parts[1] == "system", parts[2] == "query" else { return nil }
    for argument in call.arguments where argument.name == nil || argument.name?.canonical == "query" {
      guard case .expression(var expression) = argument.value else { continue }
      if case .parameter(let parameter) = expression, parameters.indices.contains(parameter.index) {
        expression = parameters[parameter.index]
      }
      if case .literal(let literal) = expression, case .string(let text) = literal.value {
        return .remoteQuery(catalog: parts[0], text: text)
      }
    }
    return nil
  }
}

extension MetadataFilter {
  /// What the conjuncts of a WHERE clause say about `table_schema` and `table_name`.
  init(_ condition: Syntax.Expression) {
    self.init()
    let conjuncts: [Syntax.Expression]
    if case .logical(let logical) = condition, logical.operator == .and { conjuncts = logical.operands } else { conjuncts = [condition] }
    for conjunct in conjuncts {
      guard let (name, values) = MetadataFilter.restriction(conjunct) else { continue }
      let lowered = Set(values.map { $0.lowercased() })
      switch name {
      case "table_schema", "schema_name": schemas = schemas?.intersection(lowered) ?? lowered
      case "table_name": tables = tables?.intersection(lowered) ?? lowered
      default: break
      }
    }
  }

  /// `name = 'text'`, `'text' = name`, `name IN ('a', 'b')`.
  private static func restriction(_ expression: Syntax.Expression) -> (name: String, values: [String])? {
    func text(_ expression: Syntax.Expression) -> String? {
      if case .literal(let literal) = expression, case .string(let text) = literal.value { text } else { nil }
    }
    switch expression {
    case .comparison(let comparison) where comparison.operator == .equal:
      if let name = comparison.left.nameParts?.last, let value = text(comparison.right) { return (name.canonical, [value]) }
      if let name = comparison.right.nameParts?.last, let value = text(comparison.left) { return (name.canonical, [value]) }
      return nil
    case .inList(let list) where !list.isNegated:
      let values = list.items.compactMap(text)
      guard let name = list.value.nameParts?.last, values.count == list.items.count else { return nil }
      return (name.canonical, values)
    default: return nil
    }
  }
}
