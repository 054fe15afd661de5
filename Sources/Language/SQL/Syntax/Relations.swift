extension Syntax {
  /// What may stand in FROM. Parentheses around a relation leave no trace.
  public indirect enum Relation: Node {
    /// `catalog.schema.name`
    case table(Table)
    /// `'path/*.parquet'`
    case file(File)
    /// `(SELECT …)`
    case subquery(DerivedTable)
    /// `LATERAL (SELECT …)`
    case lateral(Lateral)
    /// `UNNEST(a, b) [WITH ORDINALITY]`
    case unnest(Unnest)
    /// `TABLE(f(…))`
    case tableFunction(TableFunctionCall)
    /// `JSON_TABLE(…)`
    case jsonTable(JSONTable)
    /// `a JOIN b ON …`
    case join(Join)
    /// `a [AS] t [(columns)]`
    case aliased(AliasedRelation)
    /// `a TABLESAMPLE BERNOULLI (10)`
    case sampled(SampledRelation)

    public var place: Place {
      switch self {
      case .table(let node): node.place
      case .file(let node): node.place
      case .subquery(let node): node.place
      case .lateral(let node): node.place
      case .unnest(let node): node.place
      case .tableFunction(let node): node.place
      case .jsonTable(let node): node.place
      case .join(let node): node.place
      case .aliased(let node): node.place
      case .sampled(let node): node.place
      }
    }
  }

  /// `name [FOR TIMESTAMP | VERSION AS OF …]`
  public struct Table: Node {
    public var name: QualifiedName
    public var version: TableVersion?
    public var place: Place
  }

  /// `FOR TIMESTAMP AS OF point`, `FOR VERSION AS OF point`; Presto also knows `BEFORE point`.
  public struct TableVersion: Node {
    public enum Kind: String, Hashable, Sendable { case timestamp = "TIMESTAMP", version = "VERSION" }
    public var kind: Kind
    /// `BEFORE` instead of `AS OF`.
    public var isBefore: Bool
    public var point: Expression
    public var place: Place
  }

  /// `FROM 'path/*.parquet'`
  public struct File: Node {
    public var path: String
    public var place: Place
  }

  /// `(SELECT …)` in FROM
  public struct DerivedTable: Node {
    public var query: Query
    public var place: Place
  }

  /// `LATERAL (SELECT …)`
  public struct Lateral: Node {
    public var query: Query
    public var place: Place
  }

  /// `UNNEST(a, b) [WITH ORDINALITY]`
  public struct Unnest: Node {
    public var expressions: [Expression]
    public var hasOrdinality: Bool
    public var place: Place
  }

  /// `left JOIN right …`
  public struct Join: Node {
    public enum Kind: String, Hashable, Sendable { case inner = "INNER", left = "LEFT", right = "RIGHT", full = "FULL", cross = "CROSS" }
    public var kind: Kind
    public var left: Relation
    public var right: Relation
    /// nil exactly for CROSS.
    public var criteria: JoinCriteria?
    public var place: Place
  }

  public enum JoinCriteria: Hashable, Sendable {
    /// `ON condition`
    case on(Expression)
    /// `USING (a, b)`
    case using([Identifier])
    /// `NATURAL`
    case natural
  }

  /// `relation [AS] alias [(columns)]`
  public struct AliasedRelation: Node {
    public var relation: Relation
    public var alias: Identifier
    /// nil: none written.
    public var columns: [Identifier]?
    public var place: Place
  }

  /// `relation TABLESAMPLE BERNOULLI | SYSTEM (percentage)`
  public struct SampledRelation: Node {
    public enum Method: String, Hashable, Sendable { case bernoulli = "BERNOULLI", system = "SYSTEM" }
    public var relation: Relation
    public var method: Method
    public var percentage: Expression
    public var place: Place
  }

  /// `TABLE(name(arguments [COPARTITION …]))`
  public struct TableFunctionCall: Node {
    public var name: QualifiedName
    public var arguments: [TableFunctionArgument]
    /// Each a list of at least two table argument names.
    public var copartition: [[QualifiedName]]
    public var place: Place
  }

  /// `[name =>] value`
  public struct TableFunctionArgument: Node {
    public enum Value: Hashable, Sendable {
      case expression(Expression)
      case table(TableArgument)
      /// `DESCRIPTOR(a bigint, b)`
      case descriptor([DescriptorField])
      /// `CAST(NULL AS DESCRIPTOR)`
      case nullDescriptor
    }
    public var name: Identifier?
    public var value: Value
    public var place: Place
  }

  /// `TABLE(name) [AS alias (columns)] [PARTITION BY …] [PRUNE | KEEP WHEN EMPTY] [ORDER BY …]`, `TABLE(SELECT …) …`
  public struct TableArgument: Node {
    /// A `.table` or a `.subquery`, perhaps `.aliased`.
    public var relation: Relation
    /// nil: not written. Empty: `PARTITION BY ()`.
    public var partitionBy: [Expression]?
    /// nil: not written; true: PRUNE WHEN EMPTY, false: KEEP WHEN EMPTY.
    public var isPrunedWhenEmpty: Bool?
    public var orderBy: [SortItem]
    public var place: Place
  }

  /// `name [type]` in DESCRIPTOR
  public struct DescriptorField: Node {
    public var name: Identifier
    public var type: TypeName?
    public var place: Place
  }
}
