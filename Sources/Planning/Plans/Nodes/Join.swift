import Expressions
import Federation

extension Plan {
  /// Joins on equality of symbols and, beyond that, a residual over both sides. The right side is built, the left side probes it.
  /// Inner without equalities is a cross join (filtered by the residual).
  public struct Join: PlanNode {
    public var kind: JoinKind
    public var left: Plan
    public var right: Plan
    public var equalities: [(left: Symbol, right: Symbol)]
    /// For outer joins part of the ON condition: a row without a match is still null-extended.
    public var residual: Expression?
    /// Build keys published for scans on the left.
    public var dynamicFilters: [(build: Symbol, filter: DynamicFilterID)]
    /// Outputs needed further up, nil: all of both sides.
    public var columns: [Symbol]?

    public init(
      kind: JoinKind, left: Plan, right: Plan, equalities: [(left: Symbol, right: Symbol)], residual: Expression? = nil,
      dynamicFilters: [(build: Symbol, filter: DynamicFilterID)] = [], columns: [Symbol]? = nil
    ) {
      self.kind = kind
      self.left = left
      self.right = right
      self.equalities = equalities
      self.residual = residual
      self.dynamicFilters = dynamicFilters
      self.columns = columns
    }
    public var inputs: [Plan] {
      get { [left, right] }
      set {
        left = newValue[0]
        right = newValue[1]
      }
    }
    public var outputs: [Symbol] { columns ?? left.outputs + right.outputs }
  }
}
