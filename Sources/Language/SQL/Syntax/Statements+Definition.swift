extension Syntax {
  /// What to do when the object to be created exists.
  public enum CreateMode: Hashable, Sendable {
    /// `CREATE`: fail
    case fail
    /// `CREATE … IF NOT EXISTS`: leave it
    case ignore
    /// `CREATE OR REPLACE`
    case replace
  }

  /// `CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name (elements) [COMMENT …] [WITH (…)]`
  public struct CreateTable: Node {
    public var name: QualifiedName
    public var mode: CreateMode
    public var elements: [TableElement]
    public var comment: String?
    public var properties: [Property]
    public var place: Place
  }

  public enum TableElement: Hashable, Sendable {
    case column(ColumnDefinition)
    /// `LIKE table [INCLUDING | EXCLUDING PROPERTIES]`; true: INCLUDING
    case like(QualifiedName, isIncludingProperties: Bool?)
  }

  /// `name type [DEFAULT value] [NOT NULL] [COMMENT 'text'] [WITH (…)]`
  public struct ColumnDefinition: Node {
    /// Several parts name a field of a row, in ADD COLUMN only.
    public var name: QualifiedName
    public var type: TypeName
    public var standard: Expression?
    public var isNullable: Bool
    public var comment: String?
    public var properties: [Property]
    public var place: Place
  }

  /// `CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name [(columns)] [COMMENT …] [WITH (…)] AS query [WITH [NO] DATA]`
  public struct CreateTableAs: Node {
    public var name: QualifiedName
    public var mode: CreateMode
    /// nil: none written.
    public var columns: [Identifier]?
    public var comment: String?
    public var properties: [Property]
    public var query: Query
    public var hasData: Bool
    public var place: Place
  }

  public enum ViewSecurity: String, Hashable, Sendable { case definer = "DEFINER", invoker = "INVOKER" }

  /// `CREATE [OR REPLACE] VIEW name [COMMENT …] [SECURITY …] [WITH (…)] AS query`
  public struct CreateView: Node {
    public var name: QualifiedName
    public var mode: CreateMode
    public var comment: String?
    public var security: ViewSecurity?
    public var properties: [Property]
    public var query: Query
    public var place: Place
  }

  /// `CREATE [OR REPLACE] MATERIALIZED VIEW [IF NOT EXISTS] name [GRACE PERIOD …] [WHEN STALE …] [COMMENT …] [SECURITY …] [WITH (…)] AS query`
  public struct CreateMaterializedView: Node {
    public enum WhenStale: String, Hashable, Sendable { case inline = "INLINE", fail = "FAIL" }
    public var name: QualifiedName
    public var mode: CreateMode
    /// An interval literal.
    public var gracePeriod: Interval?
    public var whenStale: WhenStale?
    public var comment: String?
    public var security: ViewSecurity?
    public var properties: [Property]
    public var query: Query
    public var place: Place
  }

  /// `REFRESH MATERIALIZED VIEW name [WHERE …]`
  public struct RefreshMaterializedView: Node {
    public var name: QualifiedName
    public var `where`: Expression?
    public var place: Place
  }

  /// `CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION …] [WITH (…)]`
  public struct CreateSchema: Node {
    public var name: QualifiedName
    public var mode: CreateMode
    public var authorization: Principal?
    public var properties: [Property]
    public var place: Place
  }

  /// `CREATE CATALOG [IF NOT EXISTS] name USING connector [COMMENT …] [AUTHORIZATION …] [WITH (…)]`
  public struct CreateCatalog: Node {
    public var name: Identifier
    public var mode: CreateMode
    public var connector: Identifier
    public var comment: String?
    public var authorization: Principal?
    public var properties: [Property]
    public var place: Place
  }

  /// `CREATE [OR REPLACE] [TEMPORARY] FUNCTION name (parameters) RETURNS T [COMMENT …] [characteristics] RETURN body`
  public struct CreateFunction: Node {
    public struct Parameter: Node {
      public var name: Identifier
      public var type: TypeName
      public var place: Place
    }
    public var name: QualifiedName
    public var mode: CreateMode
    public var isTemporary: Bool
    public var parameters: [Parameter]
    public var returns: TypeName
    public var comment: String?
    public var language: Identifier?
    public var isDeterministic: Bool?
    /// true: CALLED ON NULL INPUT, false: RETURNS NULL ON NULL INPUT.
    public var isCalledOnNull: Bool?
    /// The expression after RETURN; nil: `EXTERNAL [NAME …]`.
    public var body: Expression?
    /// `EXTERNAL NAME name`
    public var externalName: Identifier?
    public var place: Place
  }

  /// `ALTER FUNCTION name [(types)] CALLED ON NULL INPUT | RETURNS NULL ON NULL INPUT`
  public struct AlterFunction: Node {
    public var name: QualifiedName
    public var parameterTypes: [TypeName]?
    public var isCalledOnNull: Bool
    public var place: Place
  }

  /// `DROP [TEMPORARY] FUNCTION [IF EXISTS] name [(types)]`
  public struct DropFunction: Node {
    public var name: QualifiedName
    public var isTemporary: Bool
    public var isConditional: Bool
    public var parameterTypes: [TypeName]?
    public var place: Place
  }

  /// `CREATE [OR REPLACE] BRANCH [IF NOT EXISTS] name [WITH (…)] IN TABLE table [FROM source]`
  public struct CreateBranch: Node {
    public var name: Identifier
    public var mode: CreateMode
    public var properties: [Property]
    public var table: QualifiedName
    public var source: Identifier?
    public var place: Place
  }

  /// `DROP BRANCH [IF EXISTS] name IN TABLE table`
  public struct DropBranch: Node {
    public var name: Identifier
    public var isConditional: Bool
    public var table: QualifiedName
    public var place: Place
  }

  /// `ALTER BRANCH source IN TABLE table FAST FORWARD TO target`
  public struct FastForwardBranch: Node {
    public var source: Identifier
    public var table: QualifiedName
    public var target: Identifier
    public var place: Place
  }
}
