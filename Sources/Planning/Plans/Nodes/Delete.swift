import Federation

extension Plan {
  /// Deletes the rows of a table handle that has absorbed the whole predicate; yields the number of rows.
  public struct Delete: PlanNode {
    public var catalog: String
    public var table: TableHandle
    public var rowCount: Symbol

    public init(catalog: String, table: TableHandle, rowCount: Symbol) {
      self.catalog = catalog
      self.table = table
      self.rowCount = rowCount
    }
    public var inputs: [Plan] {
      get { [] }
      set {}
    }
    public var outputs: [Symbol] { [rowCount] }
  }
}
