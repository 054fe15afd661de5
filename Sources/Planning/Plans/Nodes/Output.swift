extension Plan {
  /// The query's result columns, with the names the client sees.
  public struct Output: PlanNode {
    public var input: Plan
    public var columns: [(name: String, symbol: Symbol)]

    public init(input: Plan, columns: [(name: String, symbol: Symbol)]) {
      self.input = input
      self.columns = columns
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { columns.map(\.symbol) }
  }
}
