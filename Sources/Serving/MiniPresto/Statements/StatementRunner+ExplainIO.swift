import Analysis
import Expressions
import Federation
import Optimization
import Plans
import Settings
import Values
import Vectors

/// EXPLAIN (TYPE IO): which tables a statement reads and writes, with what is asked of their columns. As JSON, with Presto's keys.
extension StatementRunner {
  func inputsAndOutputs(_ analyzed: Analyzed) async throws -> JSONDocument {
    // filters stay above their scans where nothing is offered to the sources
    var local = self
    local.session.set(.pushdown, to: false)
    var query = analyzed
    query.context.session = local.session
    let (plan, context) = try await local.optimized(query)
    let estimates = await estimates(plan, context)
    var inputs: [(order: String, json: JSONDocument)] = []
    collect(plan, nil, analyzed.tables, estimates, &inputs)
    var members: [(String, JSONDocument)] = [
      ("inputTableColumnInfos", .list(inputs.sorted { $0.order < $1.order }.map(\.json)))
    ]
    if let target = target(plan, analyzed.tables) { members.append(("outputTable", target)) }
    members.append(("estimate", estimate(estimates[plan])))
    return .object(members)
  }

  private func collect(
    _ plan: Plan, _ filter: (predicate: Expression, plan: Plan)?, _ tables: [AnalyzedQuery.Table], _ estimates: PlanEstimates,
    _ inputs: inout [(order: String, json: JSONDocument)]
  ) {
    switch plan.node {
    case .filter(let node): collect(node.input, (node.predicate, plan), tables, estimates, &inputs)
    case .scan(let scan):
      guard let table = tables.first(where: { $0.name.catalog == scan.catalog && $0.handle == scan.table }) else { return }
      let domains = filter?.predicate.domains ?? Domains()
      var constraints: [JSONDocument] = []
      for (symbol, handle) in scan.columns {
        guard let domain = domains[symbol], let column = table.columns.first(where: { $0.column == handle }) else { continue }
        constraints.append(
          .object([("columnName", .text(column.name)), ("type", .text("\(column.type)")), ("domain", json(domain))]))
      }
      inputs.append(
        (
          "\(table.name)",
          .object([
            ("table", json(table.name)),
            ("constraint", .object([("none", .boolean(domains.isNone)), ("columnConstraints", .list(constraints))])),
            ("estimate", estimate(estimates[filter?.plan ?? plan])),
          ])
        ))
    default: for input in plan.inputs { collect(input, nil, tables, estimates, &inputs) }
    }
  }

  private func target(_ plan: Plan, _ tables: [AnalyzedQuery.Table]) -> JSONDocument? {
    switch plan.node {
    case .write(let node):
      switch node.target {
      case .create(let name, _, _): return json(ObjectName(catalog: node.catalog, schema: name.schema, name: name.table))
      case .insert(let handle), .replace(let handle):
        return tables.first { $0.name.catalog == node.catalog && $0.handle == handle }.map { json($0.name) }
      }
    default: return plan.inputs.count == 1 ? target(plan.inputs[0], tables) : nil
    }
  }

  private func json(_ name: ObjectName) -> JSONDocument {
    .object([
      ("catalog", .text(name.catalog)), ("schemaTable", .object([("schema", .text(name.schema)), ("table", .text(name.name))])),
    ])
  }

  private func json(_ domain: Domain) -> JSONDocument {
    func bound(_ value: Constant?, _ isIncluded: Bool, _ beyond: String) -> JSONDocument {
      guard let value else { return .object([("bound", .text(beyond))]) }
      let text: String = value.text(as: domain.type) ?? "null"
      return .object([("value", .text(text)), ("bound", .text(isIncluded ? "EXACTLY" : beyond))])
    }
    let ranges = domain.intervals.map { interval in
      JSONDocument.object([
        ("low", bound(interval.low, interval.isLowIncluded, "ABOVE")), ("high", bound(interval.high, interval.isHighIncluded, "BELOW")),
      ])
    }
    return .object([("nullsAllowed", .boolean(domain.allowsNull)), ("ranges", .list(ranges))])
  }

  private func estimate(_ known: PlanEstimates.Known?) -> JSONDocument {
    // Superset reads all five; as in Trino, what is not estimated is the text NaN
    let unknown = JSONDocument.text("NaN")
    return .object([
      ("outputRowCount", known.map { .number($0.rows.rounded()) } ?? unknown),
      ("outputSizeInBytes", known.map { .number($0.bytes.rounded()) } ?? unknown), ("cpuCost", unknown), ("maxMemory", unknown),
      ("networkCost", unknown),
    ])
  }
}
