extension Syntax {
  /// `a AND b AND c`; at least two operands, none of them of the same operator unless it stood in parentheses.
  public struct Logical: Node {
    public enum Operator: String, Hashable, Sendable { case and = "AND", or = "OR" }
    public var `operator`: Operator
    public var operands: [Expression]
    public var place: Place

    public init(operator: Operator, operands: [Expression], place: Place) {
      self.operator = `operator`
      self.operands = operands
      self.place = place
    }
  }

  /// `NOT operand`
  public struct Not: Node {
    public var operand: Expression
    public var place: Place
  }

  public enum ComparisonOperator: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// `left = right`
  public struct Comparison: Node {
    public var `operator`: ComparisonOperator
    public var left: Expression
    public var right: Expression
    public var place: Place
  }

  /// `left IS [NOT] DISTINCT FROM right`
  public struct DistinctFrom: Node {
    public var left: Expression
    public var right: Expression
    /// `IS NOT DISTINCT FROM`
    public var isNegated: Bool
    public var place: Place
  }

  /// `value [NOT] BETWEEN [SYMMETRIC] lower AND upper`
  public struct Between: Node {
    public var value: Expression
    public var lower: Expression
    public var upper: Expression
    public var isSymmetric: Bool
    public var isNegated: Bool
    public var place: Place
  }

  /// `value [NOT] IN (items…)`
  public struct InList: Node {
    public var value: Expression
    public var items: [Expression]
    public var isNegated: Bool
    public var place: Place
  }

  /// `value [NOT] IN (SELECT …)`
  public struct InSubquery: Node {
    public var value: Expression
    public var query: Query
    public var isNegated: Bool
    public var place: Place
  }

  /// `value [NOT] LIKE pattern [ESCAPE escape]`
  public struct Like: Node {
    public var value: Expression
    public var pattern: Expression
    public var escape: Expression?
    /// ILIKE
    public var isCaseInsensitive: Bool
    public var isNegated: Bool
    public var place: Place
  }

  /// `value IS [NOT] NULL`
  public struct IsNull: Node {
    public var value: Expression
    public var isNegated: Bool
    public var place: Place

    public init(value: Expression, isNegated: Bool, place: Place) {
      self.value = value
      self.isNegated = isNegated
      self.place = place
    }
  }

  /// `value IS [NOT] TRUE | FALSE | UNKNOWN`
  public struct IsTruth: Node {
    public enum Truth: String, Hashable, Sendable { case `true` = "TRUE", `false` = "FALSE", unknown = "UNKNOWN" }
    public var value: Expression
    public var truth: Truth
    public var isNegated: Bool
    public var place: Place
  }

  /// `EXISTS (SELECT …)`, `UNIQUE (SELECT …)`: whether there is a row, whether no two are equal
  public struct Exists: Node {
    public var isUnique = false
    public var query: Query
    public var place: Place
  }

  /// `value = ALL (SELECT …)`; `SOME` is `ANY`.
  public struct Quantified: Node {
    public enum Quantifier: String, Hashable, Sendable { case all = "ALL", any = "ANY" }
    public var `operator`: ComparisonOperator
    public var quantifier: Quantifier
    public var value: Expression
    public var query: Query
    public var place: Place
  }

  /// `left OVERLAPS right`: two rows of two values.
  public struct Overlaps: Node {
    public var left: Expression
    public var right: Expression
    public var place: Place
  }

  public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulus = "%"
  }

  /// `first + a - b`, or `first * a / b % c`: applied from left to right. The operators of one chain have one precedence.
  public struct Arithmetic: Node {
    public struct Step: Node {
      public var `operator`: ArithmeticOperator
      public var operand: Expression
      /// Of the operator sign.
      public var place: Place
    }
    public var first: Expression
    /// At least one. An error about a step is reported at the step's place.
    public var steps: [Step]
    public var place: Place
  }

  /// `-operand`, `+operand`. A minus before a number is part of the literal.
  public struct Unary: Node {
    public enum Operator: String, Hashable, Sendable { case minus = "-", plus = "+" }
    public var `operator`: Operator
    public var operand: Expression
    public var place: Place
  }

  /// `a || b || c`, from left to right; at least two operands.
  public struct Concatenation: Node {
    public var operands: [Expression]
    public var place: Place
  }

  /// `value AT TIME ZONE zone`
  public struct AtTimeZone: Node {
    public var value: Expression
    /// A string or an interval; nil: `AT LOCAL`.
    public var zone: Expression?
    public var place: Place
  }

  /// `base[index]`
  public struct Subscript: Node {
    public var base: Expression
    public var index: Expression
    public var place: Place
  }
}
