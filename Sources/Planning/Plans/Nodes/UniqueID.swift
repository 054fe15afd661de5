extension Plan {
  /// Adds a bigint that differs from row to row.
  public struct UniqueID: PlanNode {
    public var input: Plan
    public var symbol: Symbol

    public init(input: Plan, symbol: Symbol) {
      self.input = input
      self.symbol = symbol
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs + [symbol] }
  }
}
