// Plans: what a query does, as an immutable tree.
//
// Analysis makes plans, Optimization rewrites them (a rule is a function `Plan -> Plan?`), Execution runs them; the three do not know each
// other. A plan is a class around an enum: the enum makes switches exhaustive, the class gives identity, so that derived facts are memoised per
// node and subtrees are shared between alternatives. Adding a node makes the compiler list every place that must know it.
import Federation
import Values

public final class Plan: Sendable {
  public let node: Node
  public let outputs: [Symbol]

  public init(_ node: Node) {
    self.node = node
    outputs = node.payload.outputs
  }

  public enum Node: Sendable {
    case scan(Scan), values(Values)
    case filter(Filter), project(Project)
    case aggregate(Aggregate), groupingSets(GroupingSets), markDistinct(MarkDistinct)
    case join(Join), semiJoin(SemiJoin), apply(Apply)
    case sort(Sort), topN(TopN), limit(Limit), window(Window)
    case unnest(Unnest), union(Union), uniqueID(UniqueID), singleRow(SingleRow), sample(Sample)
    case sharedQueries(SharedQueries), sharedQueryScan(SharedQueryScan)
    case exchange(Exchange)
    case write(Write), delete(Delete), output(Output)
  }

  public var inputs: [Plan] { node.payload.inputs }

  /// The same node over other inputs (as many as before).
  public func replacingInputs(_ inputs: [Plan]) -> Plan { Plan(node.replacingInputs(inputs)) }
}

/// What every node says about itself, in its own file.
public protocol PlanNode: Sendable {
  var inputs: [Plan] { get set }
  var outputs: [Symbol] { get }
}

extension Plan.Node {
  public var payload: any PlanNode {
    switch self {
    case .scan(let node): node
    case .values(let node): node
    case .filter(let node): node
    case .project(let node): node
    case .aggregate(let node): node
    case .groupingSets(let node): node
    case .markDistinct(let node): node
    case .join(let node): node
    case .semiJoin(let node): node
    case .apply(let node): node
    case .sort(let node): node
    case .topN(let node): node
    case .limit(let node): node
    case .window(let node): node
    case .unnest(let node): node
    case .union(let node): node
    case .uniqueID(let node): node
    case .singleRow(let node): node
    case .sample(let node): node
    case .sharedQueries(let node): node
    case .sharedQueryScan(let node): node
    case .exchange(let node): node
    case .write(let node): node
    case .delete(let node): node
    case .output(let node): node
    }
  }

  func replacingInputs(_ inputs: [Plan]) -> Plan.Node {
    func with<P: PlanNode>(_ node: P) -> P {
      var copy = node
      copy.inputs = inputs
      return copy
    }
    return switch self {
    case .scan(let node): .scan(with(node))
    case .values(let node): .values(with(node))
    case .filter(let node): .filter(with(node))
    case .project(let node): .project(with(node))
    case .aggregate(let node): .aggregate(with(node))
    case .groupingSets(let node): .groupingSets(with(node))
    case .markDistinct(let node): .markDistinct(with(node))
    case .join(let node): .join(with(node))
    case .semiJoin(let node): .semiJoin(with(node))
    case .apply(let node): .apply(with(node))
    case .sort(let node): .sort(with(node))
    case .topN(let node): .topN(with(node))
    case .limit(let node): .limit(with(node))
    case .window(let node): .window(with(node))
    case .unnest(let node): .unnest(with(node))
    case .union(let node): .union(with(node))
    case .uniqueID(let node): .uniqueID(with(node))
    case .singleRow(let node): .singleRow(with(node))
    case .sample(let node): .sample(with(node))
    case .sharedQueries(let node): .sharedQueries(with(node))
    case .sharedQueryScan(let node): .sharedQueryScan(with(node))
    case .exchange(let node): .exchange(with(node))
    case .write(let node): .write(with(node))
    case .delete(let node): .delete(with(node))
    case .output(let node): .output(with(node))
    }
  }
}
