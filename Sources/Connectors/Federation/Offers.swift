import Expressions
import Values

/// The new table, and the part of the filter it does not guarantee (nil: every row it yields satisfies the filter).
public struct FilterAnswer<Table, Column: Hashable & Sendable> {
  public var table: Table
  public var residual: Expr<Column>?

  public init(table: Table, residual: Expr<Column>?) {
    self.table = table
    self.residual = residual
  }
}

/// `outputs[i]` computes what was asked for as i-th, over the columns of the new table. For aggregations: the keys, then the calls.
public struct ProjectionAnswer<Table, Column: Hashable & Sendable> {
  public var table: Table
  public var outputs: [Expr<Column>]

  public init(table: Table, outputs: [Expr<Column>]) {
    self.table = table
    self.outputs = outputs
  }
}

/// Not guaranteed: the source may yield more rows (each split its own first n, say), and the engine still limits or sorts.
public struct RowsAnswer<Table> {
  public var table: Table
  public var isGuaranteed: Bool

  public init(table: Table, isGuaranteed: Bool) {
    self.table = table
    self.isGuaranteed = isGuaranteed
  }
}

/// Where the columns of both sides are found in the joined table.
public struct JoinAnswer<Table, Column: Hashable & Sendable> {
  public var table: Table
  public var left: [Column: Column]
  public var right: [Column: Column]

  public init(table: Table, left: [Column: Column], right: [Column: Column]) {
    self.table = table
    self.left = left
    self.right = right
  }
}

public struct Aggregation<Column: Hashable & Sendable>: Sendable {
  public var keys: [Expr<Column>]
  public var calls: [Call]

  public struct Call: Sendable {
    public var function: FunctionID
    public var arguments: [Expr<Column>]
    public var filter: Expr<Column>?
    public var isDistinct: Bool
    public var type: DataType

    public init(function: FunctionID, arguments: [Expr<Column>], filter: Expr<Column>? = nil, isDistinct: Bool, type: DataType) {
      self.function = function
      self.arguments = arguments
      self.filter = filter
      self.isDistinct = isDistinct
      self.type = type
    }
  }

  public init(keys: [Expr<Column>], calls: [Call]) {
    self.keys = keys
    self.calls = calls
  }
}

public struct TopN<Column: Hashable & Sendable>: Sendable {
  public var count: Int
  public var order: [Order]

  public struct Order: Sendable {
    public var column: Column
    public var type: DataType
    public var isAscending: Bool
    public var nullsFirst: Bool

    public init(column: Column, type: DataType, isAscending: Bool, nullsFirst: Bool) {
      self.column = column
      self.type = type
      self.isAscending = isAscending
      self.nullsFirst = nullsFirst
    }
  }

  public init(count: Int, order: [Order]) {
    self.count = count
    self.order = order
  }
}

public struct JoinOffer<Table, Column: Hashable & Sendable> {
  public var kind: JoinKind
  public var left: Table
  public var right: Table
  public var equalities: [(Column, Column)]
  /// Columns that are needed afterwards.
  public var leftColumns: [Column]
  public var rightColumns: [Column]

  public init(kind: JoinKind, left: Table, right: Table, equalities: [(Column, Column)], leftColumns: [Column], rightColumns: [Column]) {
    self.kind = kind
    self.left = left
    self.right = right
    self.equalities = equalities
    self.leftColumns = leftColumns
    self.rightColumns = rightColumns
  }
}

public enum JoinKind: String, Sendable, Codable, Hashable { case inner, left, right, full }
