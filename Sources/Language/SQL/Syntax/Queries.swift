extension Syntax {
  /// `[WITH …] body [ORDER BY …] [OFFSET …] [LIMIT … | FETCH FIRST …]`
  ///
  /// When the body is a `.select`, ORDER BY may refer to the relations of its FROM as well as to its output columns.
  public struct Query: Node {
    /// `WITH SESSION name = value, …`; empty nearly always.
    public var session: [SessionAssignment]
    public var with: With?
    public var body: QueryBody
    public var orderBy: [SortItem]
    /// `OFFSET n [ROWS]`: a number or `?`.
    public var offset: Expression?
    public var limit: Limit?
    public var place: Place

    public init(
      session: [SessionAssignment] = [], with: With? = nil, body: QueryBody, orderBy: [SortItem] = [], offset: Expression? = nil,
      limit: Limit? = nil,
      place: Place
    ) {
      self.session = session
      self.with = with
      self.body = body
      self.orderBy = orderBy
      self.offset = offset
      self.limit = limit
      self.place = place
    }
  }

  /// `name = value` of `WITH SESSION`
  public struct SessionAssignment: Node {
    public var name: QualifiedName
    public var value: Expression
    public var place: Place
  }

  /// `LIMIT n`, `LIMIT ?`, `LIMIT ALL`, `FETCH FIRST [n] ROWS ONLY | WITH TIES`
  public struct Limit: Node {
    /// A number or `?`, 1 when FETCH FIRST has none; nil: ALL, no limit.
    public var count: Expression?
    /// `WITH TIES`
    public var hasTies: Bool
    public var place: Place
  }

  /// `WITH [RECURSIVE] a AS (…), b (x, y) AS (…)`
  public struct With: Node {
    public var isRecursive: Bool
    public var queries: [NamedQuery]
    public var place: Place
  }

  /// `name [(columns)] AS [[NOT] MATERIALIZED] (query)`
  public struct NamedQuery: Node {
    public var name: Identifier
    /// nil: none written.
    public var columns: [Identifier]?
    public var query: Query
    public var place: Place
  }

  public indirect enum QueryBody: Node {
    /// `SELECT …`
    case select(Select)
    /// `VALUES …`
    case values(ValuesTable)
    /// `TABLE name`
    case table(Table)
    /// `a UNION b` …
    case setOperation(SetOperation)
    /// `( query )`
    case subquery(Query)

    public var place: Place {
      switch self {
      case .select(let node): node.place
      case .values(let node): node.place
      case .table(let node): node.place
      case .setOperation(let node): node.place
      case .subquery(let node): node.place
      }
    }
  }

  /// `VALUES 1, (2), ROW(3)`: one expression a row; a `.row` makes several columns.
  public struct ValuesTable: Node {
    public var rows: [Expression]
    public var place: Place
  }

  /// `a UNION ALL b UNION ALL c`: a left-associative run of one operator and one quantifier is one node. `a EXCEPT b EXCEPT c` takes
  /// both `b` and `c` from `a`.
  public struct SetOperation: Node {
    public enum Operator: String, Hashable, Sendable { case union = "UNION", intersect = "INTERSECT", except = "EXCEPT" }
    public var `operator`: Operator
    /// `DISTINCT` when not written.
    public var quantifier: SetQuantifier
    public var corresponding: Corresponding?
    /// At least two.
    public var operands: [QueryBody]
    public var place: Place
  }

  /// `CORRESPONDING [BY (a, b)]`
  public struct Corresponding: Node {
    /// nil: all columns of the same name. Never empty.
    public var columns: [Identifier]?
    public var place: Place
  }

  /// `SELECT [DISTINCT] items FROM … WHERE … GROUP BY … HAVING … WINDOW … QUALIFY …`
  public struct Select: Node {
    /// `ALL` when not written.
    public var quantifier: SetQuantifier
    public var items: [SelectItem]
    /// The comma-separated relations; empty without FROM.
    public var from: [Relation]
    public var `where`: Expression?
    public var groupBy: GroupBy?
    public var having: Expression?
    public var windows: [WindowDefinition]
    public var qualify: Expression?
    public var place: Place
  }

  public enum SelectItem: Node {
    /// `expression [AS alias]`
    case expression(SelectExpression)
    /// `*`, `t.*`, `row.* AS (a, b)`, `* EXCEPT (a)`
    case all(AllColumns)

    public var place: Place {
      switch self {
      case .expression(let node): node.place
      case .all(let node): node.place
      }
    }
  }

  /// `value [AS alias]`
  public struct SelectExpression: Node {
    public var value: Expression
    public var alias: Identifier?
    public var place: Place
  }

  /// `[base.]* [AS (aliases)] [EXCEPT | EXCLUDE (columns)]`
  public struct AllColumns: Node {
    /// A relation's name or an expression of row type; nil: every relation.
    public var base: Expression?
    /// Empty when not written.
    public var aliases: [Identifier]
    /// Columns left out; empty when not written.
    public var excluded: [Identifier]
    public var place: Place
  }

  /// `GROUP BY [ALL | DISTINCT] elements`
  public struct GroupBy: Node {
    /// Whether equal grouping sets are kept (`all`, when not written) or merged.
    public var quantifier: SetQuantifier
    /// `GROUP BY ALL` or `GROUP BY AUTO` without elements: every select item without an aggregate.
    public var isAutomatic: Bool
    public var elements: [GroupingElement]
    public var place: Place
  }

  public indirect enum GroupingElement: Hashable, Sendable {
    /// `a`, `1` (an ordinal), `(a, b)`, `()`: one grouping set
    case set([Expression])
    /// `GROUPING SETS (…)`; may nest
    case sets([GroupingElement])
    /// `ROLLUP (a, (b, c))`
    case rollup([[Expression]])
    /// `CUBE (a, (b, c))`
    case cube([[Expression]])
    /// `AUTO` beside others: everything in the SELECT list that is no aggregate
    case automatic
  }

  /// `name AS (specification)` of the WINDOW clause
  public struct WindowDefinition: Node {
    public var name: Identifier
    public var specification: WindowSpecification
    public var place: Place
  }
}
