extension Plan {
  /// Queries of a WITH clause that are computed once and read several times. They stand at the root of the statement, earlier ones first: a table
  /// may read those before it. Readers are `SharedQueryScan` leaves, so nothing is moved across by accident.
  ///
  ///     SharedQueries ─┬─ revenue: Aggregate …
  ///                   └─ body: Join(SharedQueryScan revenue, Aggregate max(SharedQueryScan revenue))
  public struct SharedQueries: PlanNode {
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

  /// Reads a shared query; every reader has symbols of its own.
  public struct SharedQueryScan: PlanNode {
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
  /// All scans of shared queries within the plan.
  public func sharedQueryScans() -> [SharedQueryScan] {
    if case .sharedQueryScan(let node) = node { return [node] }
    return inputs.flatMap { $0.sharedQueryScans() }
  }
}
