extension Plan {
  /// Skips `offset` rows, then passes `count` (nil: all).
  public struct Limit: PlanNode {
    public var input: Plan
    public var count: Int?
    public var offset: Int

    public init(input: Plan, count: Int?, offset: Int = 0) {
      self.input = input
      self.count = count
      self.offset = offset
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs }
  }
}
