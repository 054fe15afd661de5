extension Plan {
  /// All rows of all inputs: `columns[i][j]` is the symbol of input i that becomes `outputs[j]`.
  public struct Union: PlanNode {
    public var inputs: [Plan]
    public var outputs: [Symbol]
    public var columns: [[Symbol]]

    public init(inputs: [Plan], outputs: [Symbol], columns: [[Symbol]]) {
      self.inputs = inputs
      self.outputs = outputs
      self.columns = columns
    }
  }
}
