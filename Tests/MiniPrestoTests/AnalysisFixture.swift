import Analysis
import Expressions
import Federation
import Functions
import Memory
import Plans
import SQL
import Settings
import Values

/// Two small tables and an analyzer over them.
struct AnalysisFixture {
  var context: PlanningContext
  var views: any ViewResolver = NoViews()

  init() throws {
    let text = DataType.varchar(length: nil)
    let t = try MemoryRows(
      "t", schema: "d",
      [
        .init("a", .bigint), .init("b", .varchar(length: 10)), .init("c", .date), .init("d", .double), .init("xs", .array(.bigint)),
        .init("r", .row([.init("x", .bigint), .init("y", text)])), .init("s", .smallint),
      ], rows: [])
    let u = try MemoryRows("u", schema: "d", [.init("a", .bigint), .init("e", .integer), .init("f", .varchar(length: 20))], rows: [])
    let catalog = Catalog("mem", try MemoryConnector(tables: [t, u]))
    context = PlanningContext(
      session: Session(user: "tester", catalog: "mem", schema: "d"), catalogs: ["mem": catalog], functions: .standard)
  }

  func plan(_ sql: String, parameters: [Syntax.Expression] = []) async throws -> AnalyzedQuery {
    try await Analyzer(context: context, views: views, sessionProperties: Analyzer.declaredProperties)
      .plan(try Parser.statement(sql), parameters: parameters)
  }

  /// `name type` of every column.
  func columns(_ sql: String) async throws -> [String] { try await plan(sql).columns.map { "\($0.name) \($0.type)" } }

  /// The error of a statement, as `NAME: message`.
  func error(_ sql: String) async -> String {
    do {
      _ = try await plan(sql)
      return "no error"
    } catch { return PrestoError(error).description }
  }

  /// The rows of a plan that is nothing but values.
  func rows(_ sql: String) async throws -> [[String?]] {
    func values(_ plan: Plan) -> [[Expression]]? {
      if case .values(let node) = plan.node { return node.rows }
      return plan.inputs.first.flatMap(values)
    }
    return (values(try await plan(sql).plan) ?? []).map { row in
      row.map { cell in if case .constant(let value, _) = cell { value.text ?? value.wideValue.map { "\($0)" } } else { "?" } }
    }
  }

  /// The nodes of a plan, without their contents: `Output(Filter(Scan))`.
  func shape(_ sql: String) async throws -> String { AnalysisFixture.shape(try await plan(sql).plan) }

  static func shape(_ plan: Plan) -> String {
    let inside = plan.inputs.map(shape).joined(separator: ", ")
    return name(plan.node) + (inside.isEmpty ? "" : "(\(inside))")
  }

  private static func name(_ node: Plan.Node) -> String {
    switch node {
    case .scan: "Scan"
    case .values(let node): "Values\(node.rows.count)"
    case .filter: "Filter"
    case .project: "Project"
    case .aggregate(let node): node.calls.isEmpty ? "Distinct" : "Aggregate"
    case .groupingSets(let node): "GroupingSets\(node.sets)"
    case .markDistinct: "MarkDistinct"
    case .join(let node): "\(node.kind)Join\(node.equalities.count)" + (node.residual == nil ? "" : "+")
    case .semiJoin: "SemiJoin"
    case .apply(let node): "Apply[\(node.correlation.map(\.name).joined(separator: ","))]"
    case .sort: "Sort"
    case .topN: "TopN"
    case .limit: "Limit"
    case .window: "Window"
    case .unnest(let node): node.isOuter ? "OuterUnnest" : "Unnest"
    case .union: "Union"
    case .uniqueID: "UniqueID"
    case .singleRow: "SingleRow"
    case .sample: "Sample"
    case .sharedQueries(let node): "SharedQueries\(node.tables.count)"
    case .sharedQueryScan: "SharedQueryScan"
    case .exchange: "Exchange"
    case .write: "Write"
    case .delete: "Delete"
    case .output: "Output"
    }
  }
}
