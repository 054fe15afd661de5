import Federation

extension Plan {
  /// Writes its input into a table and yields one row: the number of rows written, or changed where rows are marked.
  public struct Write: PlanNode {
    public var input: Plan
    public var catalog: String
    public var target: Target
    public var columns: [(name: String, symbol: Symbol)]
    /// bigint.
    public var rowCount: Symbol
    /// nil: every row is written, and counts.
    public var marks: Marks?

    /// Booleans of the input's rows, never null.
    public struct Marks: Sendable {
      /// The row is written.
      public var isKept: Symbol
      /// The row counts as changed.
      public var isChanged: Symbol

      public init(isKept: Symbol, isChanged: Symbol) {
        self.isKept = isKept
        self.isChanged = isChanged
      }
    }

    public enum Target: Sendable {
      case create(TableName, properties: [String: String], comment: String? = nil)
      case insert(TableHandle)
      /// The rows written are all that the table holds afterwards.
      case replace(TableHandle)
    }

    public init(
      input: Plan, catalog: String, target: Target, columns: [(name: String, symbol: Symbol)], rowCount: Symbol, marks: Marks? = nil
    ) {
      self.input = input
      self.catalog = catalog
      self.target = target
      self.columns = columns
      self.rowCount = rowCount
      self.marks = marks
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { [rowCount] }
  }
}
