extension Syntax {
  /// `EXPLAIN [ANALYZE] [VERBOSE] [(TYPE …, FORMAT …)] statement`
  public struct Explain: Node {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case logical = "LOGICAL", distributed = "DISTRIBUTED", validate = "VALIDATE", io = "IO"
    }
    public enum Format: String, Hashable, Sendable, CaseIterable { case text = "TEXT", graphviz = "GRAPHVIZ", json = "JSON" }
    public var isAnalyze: Bool
    public var isVerbose: Bool
    /// `TYPE …`; nil: not written.
    public var kind: Kind?
    /// `FORMAT …`; nil: not written.
    public var format: Format?
    public var statement: Statement
    public var place: Place
  }

  /// `SHOW subject [LIKE pattern [ESCAPE escape]]`
  public struct Show: Node {
    public indirect enum Subject: Hashable, Sendable {
      /// `CATALOGS`
      case catalogs
      /// `SCHEMAS [FROM catalog]`
      case schemas(catalog: Identifier?)
      /// `TABLES [FROM [catalog.]schema]`
      case tables(schema: QualifiedName?)
      /// `COLUMNS FROM table`, `DESCRIBE table`, `DESC table`
      case columns(table: QualifiedName)
      /// `FUNCTIONS [FROM [catalog.]schema]`
      case functions(schema: QualifiedName?)
      /// `SESSION`
      case session
      /// `CREATE TABLE | VIEW | SCHEMA | MATERIALIZED VIEW | FUNCTION name`
      case create(CreatedObject, QualifiedName)
      /// `STATS FOR table`
      case stats(table: QualifiedName)
      /// `STATS FOR (query)`
      case queryStats(Query)
      /// `GRANTS [ON [TABLE] name]`
      case grants(GrantObject?)
      /// `[CURRENT] ROLES [FROM catalog]`
      case roles(isCurrent: Bool, catalog: Identifier?)
      /// `ROLE GRANTS [FROM catalog]`
      case roleGrants(catalog: Identifier?)
      /// `BRANCHES FROM TABLE table`
      case branches(table: QualifiedName)
    }
    public enum CreatedObject: String, Hashable, Sendable {
      case table = "TABLE"
      case view = "VIEW"
      case materializedView = "MATERIALIZED VIEW"
      case schema = "SCHEMA"
      case function = "FUNCTION"
    }
    public var subject: Subject
    public var pattern: String?
    public var escape: String?
    public var place: Place
  }

  /// The name of a prepared statement.
  public struct PreparedName: Node {
    public var name: Identifier
    public var place: Place
  }

  /// `DESCRIBE OUTPUT name`, `DESCRIBE OUTPUT (query)`
  public struct DescribeOutput: Node {
    public enum Subject: Hashable, Sendable {
      case prepared(Identifier)
      case query(Query)
    }
    public var subject: Subject
    public var place: Place
  }

  /// `USE schema`, `USE catalog.schema`
  public struct Use: Node {
    public var catalog: Identifier?
    public var schema: Identifier
    public var place: Place
  }

  /// `RESET SESSION name`
  public struct ResetSession: Node {
    public var name: QualifiedName
    public var place: Place
  }

  /// `SET SESSION AUTHORIZATION user`, `RESET SESSION AUTHORIZATION`
  public struct SessionAuthorization: Node {
    /// nil: RESET.
    public var user: String?
    public var place: Place
  }

  /// `SET TIME ZONE LOCAL`, `SET TIME ZONE expression`
  public struct SetTimeZone: Node {
    /// nil: LOCAL.
    public var zone: Expression?
    public var place: Place
  }

  /// `SET ROLE ALL | NONE | name [IN catalog]`
  public struct SetRole: Node {
    public enum Role: Hashable, Sendable { case all, none, named(Identifier) }
    public var role: Role
    public var catalog: Identifier?
    public var place: Place
  }

  /// `SET PATH [catalog.]schema, …`
  public struct SetPath: Node {
    public var elements: [QualifiedName]
    public var place: Place
  }

  /// `PREPARE name FROM statement`
  public struct Prepare: Node {
    public var name: Identifier
    public var statement: Statement
    public var place: Place
  }

  /// `EXECUTE name [USING a, b]`
  public struct Execute: Node {
    public var name: Identifier
    public var parameters: [Expression]
    public var place: Place
  }

  /// `EXECUTE IMMEDIATE 'text' [USING a, b]`
  public struct ExecuteImmediate: Node {
    public var text: String
    public var parameters: [Expression]
    public var place: Place
  }

  /// `CALL procedure(1, name => 2)`
  public struct Call: Node {
    public var name: QualifiedName
    public var arguments: [Argument]
    public var place: Place
  }

  /// `KILL QUERY 'id' [MESSAGE 'why']`
  public struct KillQuery: Node {
    public var id: String
    public var message: String?
    public var place: Place
  }

  /// `START TRANSACTION [ISOLATION LEVEL …] [READ ONLY | READ WRITE]`
  public struct StartTransaction: Node {
    public enum Isolation: String, Hashable, Sendable, CaseIterable {
      case readUncommitted = "READ UNCOMMITTED"
      case readCommitted = "READ COMMITTED"
      case repeatableRead = "REPEATABLE READ"
      case serializable = "SERIALIZABLE"
    }
    public var isolation: Isolation?
    public var isReadOnly: Bool?
    public var place: Place
  }
}
