import Expressions

extension Plan {
  /// Literal rows: `rows[i][j]` is of the type of `outputs[j]` and refers to nothing.
  public struct Values: PlanNode {
    public var outputs: [Symbol]
    public var rows: [[Expression]]

    public init(outputs: [Symbol], rows: [[Expression]]) {
      self.outputs = outputs
      self.rows = rows
    }
    public var inputs: [Plan] {
      get { [] }
      set {}
    }
  }
}
