extension Plan {
  /// Exactly one row: nulls for none, SUBQUERY_MULTIPLE_ROWS for more than one.
  public struct SingleRow: PlanNode {
    public var input: Plan

    public init(input: Plan) {
      self.input = input
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
