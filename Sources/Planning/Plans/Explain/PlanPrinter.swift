import Expressions
import Federation
import Values

/// Prints a plan as a tree, each node with what it does; scans with the exact text their source is sent.
public struct PlanPrinter: Sendable {
  public var catalogs: [String: Catalog]
  /// Further lines for a node: estimates, or what EXPLAIN ANALYZE measured.
  public var details: @Sendable (Plan) -> [String]

  public init(catalogs: [String: Catalog], details: @escaping @Sendable (Plan) -> [String] = { _ in [] }) {
    self.catalogs = catalogs
    self.details = details
  }

  public func text(_ plan: Plan) -> String {
    var lines: [String] = []
    print(plan, 0, &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private func print(_ plan: Plan, _ depth: Int, _ lines: inout [String]) {
    let indent = String(repeating: "    ", count: depth)
    let (title, notes) = describe(plan)
    lines.append(
      "\(indent)- \(title)" + (plan.outputs.isEmpty ? "" : " => [\(plan.outputs.map { "\($0.name):\($0.type)" }.joined(separator: ", "))]"))
    for note in notes + details(plan) { lines += note.split(separator: "\n").map { "\(indent)      \($0)" } }
    for input in plan.inputs { print(input, depth + 1, &lines) }
  }

  /// A node's name, what it is about, and further lines.
  package func description(of plan: Plan) -> (name: String, argument: String?, notes: [String]) {
    let (title, notes) = describe(plan)
    guard let bracket = title.firstIndex(of: "["), title.last == "]" else { return (title, nil, notes) }
    return (String(title[..<bracket]), String(title[title.index(after: bracket)...].dropLast()), notes)
  }

  private func text(_ expression: Expression) -> String { expression.text { $0.name } }
  private func names(_ symbols: [Symbol]) -> String { symbols.map(\.name).joined(separator: ", ") }
  private func text(_ order: [Ordering]) -> String {
    order.map { "\($0.symbol.name) \($0.isAscending ? "ASC" : "DESC") NULLS \($0.nullsFirst ? "FIRST" : "LAST")" }.joined(separator: ", ")
  }

  private func describe(_ plan: Plan) -> (title: String, notes: [String]) {
    switch plan.node {
    case .scan(let node): return scan(node)
    case .values(let node): return ("Values[\(node.rows.count) rows]", [])
    case .filter(let node): return ("Filter[\(text(node.predicate))]", [])
    case .project(let node):
      return ("Project", node.assignments.filter { $0.value.asSymbol != $0.symbol }.map { "\($0.symbol.name) := \(text($0.value))" })
    case .aggregate(let node):
      let step = node.step == .single ? "" : "(\(node.step.rawValue.uppercased()))"
      return ("Aggregate\(step)[\(names(node.keys))]", node.calls.map(call))
    case .groupingSets(let node):
      return ("GroupId[\(node.sets.map { "(" + names($0.map { node.keys[$0].input }) + ")" }.joined(separator: ", "))]", [])
    case .markDistinct(let node): return ("MarkDistinct[\(names(node.keys))]", [])
    case .join(let node): return join(node)
    case .semiJoin(let node): return semiJoin(node)
    case .apply(let node): return ("CorrelatedJoin[\(names(node.correlation))]", [])
    case .sort(let node): return ("Sort[\(text(node.order))]", [])
    case .topN(let node):
      let notes = node.bound.map { "publishes \($0): bound of \(node.order.first?.symbol.name ?? "")" }
      let parts = node.partition.isEmpty ? "" : " for each \(names(node.partition))"
      return ("TopN[\(node.count) by \(text(node.order))\(parts)]", notes.map { [$0] } ?? [])
    case .limit(let node): return ("Limit[\(node.count.map { "\($0)" } ?? "all")\(node.offset > 0 ? " offset \(node.offset)" : "")]", [])
    case .window(let node):
      return (
        "Window[\(node.partition.isEmpty ? "" : "partition by \(names(node.partition))")\(node.order.isEmpty ? "" : " order by \(text(node.order))")]",
        node.calls.map { "\($0.symbol.name) := \($0.function.name)(\($0.arguments.map(text).joined(separator: ", ")))" }
      )
    case .unnest(let node): return ("Unnest[\(names(node.items.map(\.value)))]", [])
    case .union: return ("Union", [])
    case .uniqueID: return ("AssignUniqueId", [])
    case .singleRow: return ("EnforceSingleRow", [])
    case .sample(let node): return ("Sample[\(node.isSystem ? "SYSTEM" : "BERNOULLI") \(node.fraction * 100)%]", [])
    case .sharedQueries(let node): return ("SharedQueries[\(node.tables.map(\.name).joined(separator: ", "))]", [])
    case .sharedQueryScan(let node): return ("SharedQueryScan[\(node.name)]", [])
    case .exchange(let node): return ("\(node.scope == .local ? "Local" : "Remote")Exchange", [])
    case .write(let node): return ("TableWriter[\(node.catalog)]", [])
    case .delete(let node): return ("Delete[\(node.catalog): \(node.table)]", [])
    case .output(let node): return ("Output[\(node.columns.map(\.name).joined(separator: ", "))]", [])
    }
  }

  private func scan(_ node: Plan.Scan) -> (String, [String]) {
    var notes = node.dynamicFilters.map { "narrowed by \($0.filter)" }
    var title = "TableScan[\(node.catalog)]"
    if let catalog = catalogs[node.catalog] {
      let explanation = catalog.explain(node.table, columns: node.columns.map(\.column))
      title = "TableScan[\(node.catalog): \(explanation.table)]"
      if let remote = explanation.remoteText { notes.append("remote SQL: \(remote)") }
      notes += explanation.notes
    }
    return (title, notes)
  }

  private func call(_ call: Plan.Aggregate.Call) -> String {
    var inside = call.arguments.map(text).joined(separator: ", ")
    if call.function.name == "count" && call.arguments.isEmpty { inside = "*" }
    if call.isDistinct { inside = "DISTINCT " + inside }
    if !call.order.isEmpty { inside += " ORDER BY \(text(call.order))" }
    return "\(call.symbol.name) := \(call.function.name)(\(inside))" + (call.filter.map { " FILTER (WHERE \($0.name))" } ?? "")
  }

  private func join(_ node: Plan.Join) -> (String, [String]) {
    let keys = node.equalities.map { "\($0.left.name) = \($0.right.name)" }.joined(separator: " AND ")
    let name =
      switch node.kind {
      case .inner: node.equalities.isEmpty ? "CrossJoin" : "InnerJoin"
      case .left: "LeftJoin"
      case .right: "RightJoin"
      case .full: "FullJoin"
      }
    var notes: [String] = []
    if let residual = node.residual { notes.append("and \(text(residual))") }
    notes += node.dynamicFilters.map { "publishes \($0.filter): keys of \($0.build.name)" }
    return (keys.isEmpty ? name : "\(name)[\(keys)]", notes)
  }

  private func semiJoin(_ node: Plan.SemiJoin) -> (String, [String]) {
    let keys = node.equalities.map { "\($0.left.name) = \($0.right.name)" }.joined(separator: " AND ")
    let name =
      switch node.kind {
      case .mark(let mark): "MarkJoin \(mark.name)"
      case .semi: "SemiJoin"
      case .anti: "AntiJoin"
      }
    var notes: [String] = []
    if node.isNullAware { notes.append("null-aware") }
    if node.buildsLeft { notes.append("hashes the left side") }
    if let residual = node.residual { notes.append("and \(text(residual))") }
    notes += node.dynamicFilters.map { "publishes \($0.filter): keys of \($0.build.name)" }
    return (keys.isEmpty ? name : "\(name)[\(keys)]", notes)
  }
}
