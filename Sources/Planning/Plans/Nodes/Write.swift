import Federation

extension Plan {
  /// Writes its input into a table and yields one row: the number of rows written.
  public struct Write: PlanNode {
    public var input: Plan
    public var catalog: String
    public var target: Target
    public var columns: [(name: String, symbol: Symbol)]
    /// bigint.
    public var rowCount: Symbol

    public enum Target: Sendable {
      case create(TableName, properties: [String: String])
      case insert(TableHandle)
    }

    public init(input: Plan, catalog: String, target: Target, columns: [(name: String, symbol: Symbol)], rowCount: Symbol) {
      self.input = input
      self.catalog = catalog
      self.target = target
      self.columns = columns
      self.rowCount = rowCount
    }
    public var inputs: [Plan] {
      get { [input] }
      set { input = newValue[0] }
    }
    public var outputs: [Symbol] { [rowCount] }
  }
}
