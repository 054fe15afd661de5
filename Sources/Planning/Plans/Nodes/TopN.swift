extension Plan {
  /// The first `count` rows in order.
  public struct TopN: PlanNode {
    public var input: Plan
    public var count: Int
    public var order: [Ordering]
    public var step: Aggregate.Step

    public init(input: Plan, count: Int, order: [Ordering], step: Aggregate.Step = .single) {
      self.input = input
      self.count = count
      self.order = order
      self.step = step
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
