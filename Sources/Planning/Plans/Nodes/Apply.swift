import Expressions
import Federation
import Values

extension Plan {
  /// A sub-query evaluated per row of the input, as Analysis leaves it. Optimization turns every one into joins (or says it cannot).
  /// The right plan may refer to `correlation`, symbols of the left.
  public struct Apply: PlanNode {
    public var left: Plan
    public var right: Plan
    public var correlation: [Symbol]
    public var kind: Kind
    /// Where the sub-query stands in the text.
    public var location: SourceLocation?

    public enum Kind: Sendable {
      /// The one value of a one-column sub-query; null for no row; an error for more than one.
      case scalar
      /// Whether the sub-query has a row.
      case exists(Symbol)
      /// `value IN (sub-query)`: null-aware. The value is a symbol of the left; the column one of the right.
      case among(Symbol, value: Symbol, column: Symbol)
      /// `value < ALL (sub-query)`: comparison name as in `FunctionID.Operator`.
      case quantified(Symbol, value: Symbol, comparison: String, isAll: Bool, column: Symbol)
      /// LATERAL: every row of the sub-query joined to its left row, on a condition. Left join keeps rows without any.
      case lateral(JoinKind, on: Expression?)

      func outputs(_ right: Plan) -> [Symbol] {
        switch self {
        case .scalar, .lateral: right.outputs
        case .exists(let mark), .among(let mark, _, _), .quantified(let mark, _, _, _, _): [mark]
        }
      }
    }

    public init(left: Plan, right: Plan, correlation: [Symbol], kind: Kind, location: SourceLocation? = nil) {
      self.left = left
      self.right = right
      self.correlation = correlation
      self.kind = kind
      self.location = location
    }
    public var inputs: [Plan] {
      get { [left, right] }
      set {
        left = newValue[0]
        right = newValue[1]
      }
    }
    public var outputs: [Symbol] { left.outputs + kind.outputs(right) }
  }
}
