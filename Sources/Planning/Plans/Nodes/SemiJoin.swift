import Expressions

extension Plan {
  /// Looks left rows up on the right without multiplying them.
  ///
  /// `mark` adds a boolean symbol; `semi` keeps the rows with a match, `anti` those without. Null-aware is the meaning of IN: the mark is null where
  /// there is no match but the left key or some right key is null (and the right side is not empty); `anti` then keeps only the rows whose mark is
  /// false. Otherwise (EXISTS) nulls never match and the mark is never null.
  public struct SemiJoin: PlanNode {
    public var kind: Kind
    public var left: Plan
    public var right: Plan
    public var equalities: [(left: Symbol, right: Symbol)]
    /// A further condition over both sides for two rows to match.
    public var residual: Expression?
    public var isNullAware: Bool
    /// The left side is hashed and the right side's rows mark its rows: for a small left and a large right.
    public var buildsLeft = false
    /// Keys of the built side, published for scans on the other.
    public var dynamicFilters: [(build: Symbol, filter: DynamicFilterID)]

    public enum Kind: Sendable {
      case mark(Symbol)
      case semi, anti
    }

    public var mark: Symbol? { if case .mark(let symbol) = kind { symbol } else { nil } }

    public init(
      kind: Kind, left: Plan, right: Plan, equalities: [(left: Symbol, right: Symbol)], residual: Expression? = nil, isNullAware: Bool,
      dynamicFilters: [(build: Symbol, filter: DynamicFilterID)] = []
    ) {
      self.kind = kind
      self.left = left
      self.right = right
      self.equalities = equalities
      self.residual = residual
      self.isNullAware = isNullAware
      self.dynamicFilters = dynamicFilters
    }
    public var inputs: [Plan] {
      get { [left, right] }
      set {
        left = newValue[0]
        right = newValue[1]
      }
    }
    public var outputs: [Symbol] { mark.map { left.outputs + [$0] } ?? left.outputs }
  }
}
