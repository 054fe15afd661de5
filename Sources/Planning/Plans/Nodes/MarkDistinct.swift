extension Plan {
  /// Adds a boolean: whether this row is the first of its keys.
  public struct MarkDistinct: PlanNode {
    public var input: Plan
    public var keys: [Symbol]
    public var marker: Symbol

    public init(input: Plan, keys: [Symbol], marker: Symbol) {
      self.input = input
      self.keys = keys
      self.marker = marker
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs + [marker] }
  }
}
