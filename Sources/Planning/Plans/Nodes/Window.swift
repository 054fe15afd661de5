import Expressions

extension Plan {
  /// Adds window function results. Calls of one node share partition and order; each has its frame.
  public struct Window: PlanNode {
    public var input: Plan
    public var partition: [Symbol]
    public var order: [Ordering]
    public var calls: [Call]

    public struct Call: Sendable {
      public var symbol: Symbol
      public var function: FunctionID
      public var arguments: [Expression]
      public var frame: Frame
      public var ignoresNulls: Bool
      public var isDistinct: Bool
      public var filter: Symbol?

      public init(
        symbol: Symbol, function: FunctionID, arguments: [Expression], frame: Frame, ignoresNulls: Bool = false, isDistinct: Bool = false,
        filter: Symbol? = nil
      ) {
        self.symbol = symbol
        self.function = function
        self.arguments = arguments
        self.frame = frame
        self.ignoresNulls = ignoresNulls
        self.isDistinct = isDistinct
        self.filter = filter
      }
    }

    public struct Frame: Sendable, Hashable {
      public enum Unit: String, Sendable { case rows, range, groups }
      public enum Bound: Sendable, Hashable {
        case unboundedPreceding, preceding(Symbol), currentRow, following(Symbol), unboundedFollowing
      }
      public enum Exclusion: String, Sendable { case none, currentRow, group, ties }

      public var unit: Unit
      public var start: Bound
      public var end: Bound
      public var exclusion: Exclusion = .none

      public init(_ unit: Unit, _ start: Bound, _ end: Bound, exclusion: Exclusion = .none) {
        self.unit = unit
        self.start = start
        self.end = end
        self.exclusion = exclusion
      }

      /// With ORDER BY: everything up to the current row's peers. Without: the whole partition (all rows are peers).
      public static let standard = Frame(.range, .unboundedPreceding, .currentRow)
    }

    public init(input: Plan, partition: [Symbol], order: [Ordering], calls: [Call]) {
      self.input = input
      self.partition = partition
      self.order = order
      self.calls = calls
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { input.outputs + calls.map(\.symbol) }
  }
}
