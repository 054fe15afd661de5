import Admission
import Analysis
import Execution
import Expressions
import Federation
import Optimization
import Plans
import SQL
import Settings
import Values
import Vectors

/// Queries: analysis, optimization, running.
extension StatementRunner {
  /// A statement as a plan.
  struct Analyzed {
    var plan: Plan
    var columns: [ResultColumn]
    var warnings: [QueryWarning]
    var updateType: String?
    var context: PlanningContext
    /// Of sources, that the statement names.
    var tables: [AnalyzedQuery.Table]
  }

  func planningContext() -> PlanningContext { PlanningContext(session: session, catalogs: engine.catalogs, functions: engine.functions) }

  func analyze(_ statement: Syntax.Statement) async throws -> Analyzed {
    let began = WallClock.micros()
    defer { record.add(analysisMicros: max(0, WallClock.micros() - began)) }
    let context = planningContext()
    let analyzer = Analyzer(
      context: context, views: engine.views, sessionProperties: engine.sessionProperties, access: engine.configuration.accessControl)
    let answer = try await analyzer.plan(statement, parameters: parameters)
    return Analyzed(
      plan: answer.plan, columns: answer.columns.map { ResultColumn($0.name, $0.type) },
      warnings: answer.warnings.map { QueryWarning(name: $0.code.rawValue, message: $0.message) },
      updateType: answer.updateType, context: context, tables: answer.tables)
  }

  func optimized(_ analyzed: Analyzed) async throws -> (plan: Plan, context: PlanningContext) {
    var context = analyzed.context
    context.statistics = await ScanStatistics.collect(analyzed.plan, context.catalogs)
    return (try Optimizer(context).optimize(analyzed.plan).plan, context)
  }

  func select(_ statement: Syntax.Statement) async throws -> QueryResult {
    let analyzed = try await analyze(statement)
    return try await run(analyzed)
  }

  func run(_ analyzed: Analyzed) async throws -> QueryResult {
    let (plan, context) = try await optimized(analyzed)
    return QueryResult(
      columns: analyzed.columns, updateType: analyzed.updateType, changes: [], warnings: analyzed.warnings,
      query: try start(plan, context, QueryMetrics(isTiming: engine.configuration.metersOperators)))
  }

  /// Starts an optimized plan. `isResult`: its end is the query's end.
  func start(_ plan: Plan, _ planning: PlanningContext, _ metrics: QueryMetrics, isResult: Bool = true) throws -> RunningQuery {
    let memory = MemoryPool("query", limit: min(engine.configuration.queryMemoryLimit, limits.memory.bytes), parent: engine.memory)
    let concurrency = session[.taskConcurrency]
    let catalogs = engine.catalogs
    let sinceArrival = WallClock.micros() - session.startMicros
    record.describe { QueryPlan(plan, planning, metrics, sinceArrival: sinceArrival) }
    let context = ExecutionContext(
      catalogs: catalogs, functions: engine.functions, evaluation: planningContext().evaluation, memory: memory, pool: engine.pool,
      queryID: session.queryID, metrics: metrics, parallelism: concurrency > 0 ? min(concurrency, 256) : nil,
      adaptsAggregation: session[.adaptivePartialAggregation])
    let query = RunningQuery(
      record, .plan(try RunningPlan(plan, context)), metrics: metrics, memory: memory, isResult: isResult,
      remoteCatalogs: limits.countsRemote ? engine.remoteCatalogs : [])
    record.attach(query)
    return query
  }
}

/// Statistics of all tables a plan scans, asked for once. A source that has none to give does not stop the query.
enum ScanStatistics {
  static func collect(_ plan: Plan, _ catalogs: [String: Catalog]) async -> [PlanningContext.ScanKey: TableStatistics<ColumnHandle>] {
    var keys = Set<PlanningContext.ScanKey>()
    gather(plan, &keys)
    var result: [PlanningContext.ScanKey: TableStatistics<ColumnHandle>] = [:]
    if keys.count == 1, let key = keys.first {
      result[key] = try? await catalogs[key.catalog]?.statistics(of: key.table)
      return result
    }
    await withTaskGroup(of: (PlanningContext.ScanKey, TableStatistics<ColumnHandle>?).self) { group in
      for key in keys {
        guard let catalog = catalogs[key.catalog] else { continue }
        group.addTask { (key, try? await catalog.statistics(of: key.table)) }
      }
      for await (key, statistics) in group { result[key] = statistics }
    }
    return result
  }

  private static func gather(_ plan: Plan, _ keys: inout Set<PlanningContext.ScanKey>) {
    if case .scan(let node) = plan.node { keys.insert(.init(catalog: node.catalog, table: node.table)) }
    for input in plan.inputs { gather(input, &keys) }
  }
}
