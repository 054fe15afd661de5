extension Plan {
  /// All rows in order.
  public struct Sort: PlanNode {
    public var input: Plan
    public var order: [Ordering]

    public init(input: Plan, order: [Ordering]) {
      self.input = input
      self.order = order
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
