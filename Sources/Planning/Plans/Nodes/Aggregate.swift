import Expressions

extension Plan {
  /// Groups by keys and computes aggregates. No keys: one row, whatever comes in. No calls: DISTINCT.
  ///
  /// `partial` yields keys and states (as vectors, one per call, of the call's symbol), `final` takes those.
  public struct Aggregate: PlanNode {
    public var input: Plan
    public var keys: [Symbol]
    public var calls: [Call]
    public var step: Step

    public enum Step: String, Sendable { case single, partial, final }

    public struct Call: Sendable {
      public var symbol: Symbol
      public var function: FunctionID
      /// Symbols of the input, or constants (a percentile, a separator).
      public var arguments: [Expression]
      /// FILTER (WHERE …): a boolean symbol.
      public var filter: Symbol?
      public var isDistinct: Bool
      /// ORDER BY inside the call.
      public var order: [Ordering]

      public init(
        symbol: Symbol, function: FunctionID, arguments: [Expression], filter: Symbol? = nil, isDistinct: Bool = false,
        order: [Ordering] = []
      ) {
        self.symbol = symbol
        self.function = function
        self.arguments = arguments
        self.filter = filter
        self.isDistinct = isDistinct
        self.order = order
      }
    }

    public init(input: Plan, keys: [Symbol], calls: [Call], step: Step = .single) {
      self.input = input
      self.keys = keys
      self.calls = calls
      self.step = step
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { keys + calls.map(\.symbol) }
  }
}
