import Expressions

extension Plan {
  /// Keeps the rows for which the predicate is true (not null).
  public struct Filter: PlanNode {
    public var input: Plan
    public var predicate: Expression

    public init(input: Plan, predicate: Expression) {
      self.input = input
      self.predicate = predicate
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
