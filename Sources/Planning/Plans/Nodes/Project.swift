import Expressions

extension Plan {
  /// Computes exactly its assignments; an input symbol that is kept is assigned to itself.
  public struct Project: PlanNode {
    public var input: Plan
    public var assignments: [(symbol: Symbol, value: Expression)]

    /// Nothing but symbols under their own names: it only drops or reorders columns.
    public var isIdentity: Bool { assignments.allSatisfy { $0.value.asSymbol == $0.symbol } }

    public init(input: Plan, assignments: [(symbol: Symbol, value: Expression)]) {
      self.input = input
      self.assignments = assignments
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { assignments.map(\.symbol) }
  }
}
