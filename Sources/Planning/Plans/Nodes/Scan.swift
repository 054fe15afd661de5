import Federation

extension Plan {
  /// Reads a table of a catalog.
  public struct Scan: PlanNode {
    /// The catalog's name; the context of planning and running has the catalog itself.
    public var catalog: String
    public var table: TableHandle
    public var columns: [(symbol: Symbol, column: ColumnHandle)]
    /// Join builds elsewhere in the plan whose keys narrow this scan.
    public var dynamicFilters: [(column: ColumnHandle, filter: DynamicFilterID)]

    public init(
      catalog: String, table: TableHandle, columns: [(symbol: Symbol, column: ColumnHandle)],
      dynamicFilters: [(column: ColumnHandle, filter: DynamicFilterID)] = []
    ) {
      self.catalog = catalog
      self.table = table
      self.columns = columns
      self.dynamicFilters = dynamicFilters
    }
    public var inputs: [Plan] {
      get { [] }
      set {}
    }
    public var outputs: [Symbol] { columns.map(\.symbol) }
  }
}
