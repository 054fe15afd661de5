extension Plan {
  /// The first `count` rows in order: of all, or of each partition.
  public struct TopN: PlanNode {
    public var input: Plan
    public var count: Int
    public var order: [Ordering]
    public var partition: [Symbol]
    public var step: Aggregate.Step
    /// Announces the last of the rows kept so far, by the first key: later ones need not be read.
    public var bound: DynamicFilterID?

    public init(
      input: Plan, count: Int, order: [Ordering], partition: [Symbol] = [], step: Aggregate.Step = .single, bound: DynamicFilterID? = nil
    ) {
      self.input = input
      self.count = count
      self.order = order
      self.partition = partition
      self.step = step
      self.bound = bound
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
