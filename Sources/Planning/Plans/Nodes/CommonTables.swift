extension Plan {
  /// Queries of a WITH clause that are computed once and read several times. They stand at the root of the statement, earlier ones first: a table
  /// may read those before it. Readers are `CommonTableScan` leaves, so nothing is moved across by accident.
  ///
  ///     CommonTables ─┬─ revenue: Aggregate …
  ///                   └─ body: Join(CommonTableScan revenue, Aggregate max(CommonTableScan revenue))
  public struct CommonTables: PlanNode {
    public struct Table: Sendable {
      public var id: Int32
      /// For people.
      public var name: String
      public var plan: Plan
      /// What readers may ask for.
      public var columns: [Symbol]

      public init(id: Int32, name: String, plan: Plan, columns: [Symbol]) {
        self.id = id
        self.name = name
        self.plan = plan
        self.columns = columns
      }
    }

    public var tables: [Table]
    public var body: Plan

    public init(tables: [Table], body: Plan) {
      self.tables = tables
      self.body = body
    }
    public var inputs: [Plan] {
      get { tables.map(\.plan) + [body] }
      set {
        for index in tables.indices { tables[index].plan = newValue[index] }
        body = newValue[tables.count]
      }
    }
    public var outputs: [Symbol] { body.outputs }
  }

  /// Reads a common table; every reader has symbols of its own.
  public struct CommonTableScan: PlanNode {
    public var table: Int32
    public var name: String
    public var columns: [(symbol: Symbol, column: Symbol)]

    public init(table: Int32, name: String, columns: [(symbol: Symbol, column: Symbol)]) {
      self.table = table
      self.name = name
      self.columns = columns
    }
    public var inputs: [Plan] {
      get { [] }
      set {}
    }
    public var outputs: [Symbol] { columns.map(\.symbol) }
  }
}

extension Plan {
  /// All scans of common tables within the plan.
  public func commonTableScans() -> [CommonTableScan] {
    if case .commonTableScan(let node) = node { return [node] }
    return inputs.flatMap { $0.commonTableScans() }
  }
}
