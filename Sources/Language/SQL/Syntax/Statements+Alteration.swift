extension Syntax {
  /// The kinds of objects that DROP, RENAME, SET AUTHORIZATION and SET PROPERTIES treat alike.
  public enum ObjectKind: Hashable, Sendable {
    case table, view, materializedView, schema, catalog
    /// Any other word, lower-cased, in SET AUTHORIZATION.
    case other(String)

    /// As written in SQL.
    public var keywords: String {
      switch self {
      case .table: "TABLE"
      case .view: "VIEW"
      case .materializedView: "MATERIALIZED VIEW"
      case .schema: "SCHEMA"
      case .catalog: "CATALOG"
      case .other(let word): word.uppercased()
      }
    }
  }

  /// `DROP kind [IF EXISTS] name [CASCADE | RESTRICT]`
  public struct Drop: Node {
    public enum Behavior: String, Hashable, Sendable { case cascade = "CASCADE", restrict = "RESTRICT" }
    public var kind: ObjectKind
    public var name: QualifiedName
    /// IF EXISTS
    public var isConditional: Bool
    /// Only of schemas and catalogs.
    public var behavior: Behavior?
    public var place: Place
  }

  /// `ALTER kind [IF EXISTS] source RENAME TO target`
  public struct Rename: Node {
    public var kind: ObjectKind
    public var source: QualifiedName
    public var target: QualifiedName
    public var isConditional: Bool
    public var place: Place
  }

  /// `ALTER kind name SET AUTHORIZATION principal`
  public struct SetAuthorization: Node {
    public var kind: ObjectKind
    public var name: QualifiedName
    public var principal: Principal
    public var place: Place
  }

  /// `ALTER kind name SET PROPERTIES a = 1, b = DEFAULT`
  public struct SetProperties: Node {
    public var kind: ObjectKind
    public var name: QualifiedName
    public var properties: [Property]
    public var place: Place
  }

  /// `ALTER TABLE [IF EXISTS] table ADD COLUMN [IF NOT EXISTS] definition [FIRST | LAST | AFTER column]`
  public struct AddColumn: Node {
    public enum Position: Hashable, Sendable { case first, last, after(Identifier) }
    public var table: QualifiedName
    public var isTableConditional: Bool
    public var isColumnConditional: Bool
    public var column: ColumnDefinition
    public var position: Position?
    public var place: Place
  }

  /// `ALTER TABLE [IF EXISTS] table DROP COLUMN [IF EXISTS] column`
  public struct DropColumn: Node {
    public var table: QualifiedName
    public var isTableConditional: Bool
    public var isColumnConditional: Bool
    public var column: QualifiedName
    public var place: Place
  }

  /// `ALTER TABLE [IF EXISTS] table RENAME COLUMN [IF EXISTS] source TO target`
  public struct RenameColumn: Node {
    public var table: QualifiedName
    public var isTableConditional: Bool
    public var isColumnConditional: Bool
    public var source: QualifiedName
    public var target: Identifier
    public var place: Place
  }

  /// `ALTER TABLE [IF EXISTS] table ALTER COLUMN column change`
  public struct AlterColumn: Node {
    public enum Change: Hashable, Sendable {
      /// `SET DATA TYPE T`
      case setType(TypeName)
      /// `SET DEFAULT value`
      case setDefault(Expression)
      /// `DROP DEFAULT`
      case dropDefault
      /// `SET NOT NULL`
      case setNotNull
      /// `DROP NOT NULL`
      case dropNotNull
    }
    public var table: QualifiedName
    public var isTableConditional: Bool
    public var column: QualifiedName
    public var change: Change
    public var place: Place
  }

  /// `ALTER kind name EXECUTE procedure [(arguments)] [WHERE …]`
  public struct ExecuteProcedure: Node {
    public var kind: ObjectKind
    public var name: QualifiedName
    public var procedure: Identifier
    public var arguments: [Argument]
    public var `where`: Expression?
    public var place: Place
  }

  /// `COMMENT ON TABLE | VIEW | COLUMN name IS 'text' | NULL`
  public struct Comment: Node {
    public enum Kind: String, Hashable, Sendable { case table = "TABLE", view = "VIEW", column = "COLUMN" }
    public var kind: Kind
    public var name: QualifiedName
    public var text: String?
    public var place: Place
  }
}
