import Execution
import Federation
import Optimization
import Plans
import Values

/// A query's plan as people look at it: what each operator is about, what was expected of it, and what it has done so far.
public struct QueryPlan: Sendable {
  public let root: Operator

  public struct Operator: Sendable {
    /// Numbers from the root, depth first.
    public var id: Int
    /// `TableScan`, and what stands behind it in brackets.
    public var name: String
    public var detail: String?
    /// Further lines of EXPLAIN, the text for a remote source among them.
    public var notes: [String]
    public var outputs: [(symbol: String, type: DataType)]
    public var estimatedRows: Double?
    public var work: Work?
    /// What a scan's source has delivered.
    public var moved: (rows: Int, bytes: Int)?
    public var inputs: [Operator]
  }

  /// What an operator has done, all drivers added up.
  public struct Work: Sendable {
    /// What came out of it.
    public var rows: Int
    public var batches: Int
    public var bytes: Int
    /// Milliseconds.
    public var working: Double
    public var waiting: Double
    public var processor: Double
    /// Its first and last moment, in milliseconds since the query arrived.
    public var began: Double
    public var ended: Double
  }

  /// - Parameter sinceArrival: microseconds from the query's arrival to the making of `metrics`.
  init(_ plan: Plan, _ context: PlanningContext, _ metrics: QueryMetrics, sinceArrival: Int64) {
    let printer = PlanPrinter(catalogs: context.catalogs), estimates = PlanEstimates(plan, context)
    var count = 0
    func describe(_ plan: Plan) -> Operator {
      let description = printer.description(of: plan), id = count
      count += 1
      return Operator(
        id: id, name: description.name, detail: description.argument, notes: description.notes,
        outputs: plan.outputs.map { ($0.name, $0.type) }, estimatedRows: estimates[plan]?.rows,
        work: metrics.work(plan).flatMap { Work($0, metrics, sinceArrival) },
        moved: metrics.scan(plan).map { ($0.rows, $0.bytes) }, inputs: plan.inputs.map(describe))
    }
    root = describe(plan)
  }
}

extension QueryPlan.Work {
  fileprivate init?(_ work: QueryMetrics.Work, _ metrics: QueryMetrics, _ sinceArrival: Int64) {
    guard let began = work.began, let ended = work.ended else { return nil }
    func milliseconds(_ nanoseconds: Int) -> Double { Double(nanoseconds) / 1e6 }
    let start = Double(sinceArrival) / 1000
    self.init(
      rows: work.rows, batches: work.batches, bytes: work.bytes, working: milliseconds(work.wall), waiting: milliseconds(work.waiting),
      processor: milliseconds(work.processor), began: start + milliseconds(began - metrics.began),
      ended: start + milliseconds(ended - metrics.began))
  }
}
