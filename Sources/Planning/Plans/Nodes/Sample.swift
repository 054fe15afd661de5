extension Plan {
  /// TABLESAMPLE: each row (bernoulli) or each batch (system) with the given probability, 0...1.
  public struct Sample: PlanNode {
    public var input: Plan
    public var fraction: Double
    public var isSystem: Bool

    public init(input: Plan, fraction: Double, isSystem: Bool) {
      self.input = input
      self.fraction = fraction
      self.isSystem = isSystem
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
