extension Syntax {
  /// `INSERT INTO table [@ branch] [(columns)] query`
  public struct Insert: Node {
    public var table: QualifiedName
    public var branch: Identifier?
    /// nil: none written.
    public var columns: [Identifier]?
    public var query: Query
    public var place: Place
  }

  /// `DELETE FROM table [@ branch] [WHERE …]`
  public struct Delete: Node {
    public var table: QualifiedName
    public var branch: Identifier?
    public var `where`: Expression?
    public var place: Place
  }

  /// `UPDATE table [@ branch] SET a = 1, … [WHERE …]`
  public struct Update: Node {
    public var table: QualifiedName
    public var branch: Identifier?
    public var assignments: [Assignment]
    public var `where`: Expression?
    public var place: Place
  }

  /// `column = value`
  public struct Assignment: Node {
    public var column: Identifier
    public var value: Expression
    public var place: Place
  }

  /// `TRUNCATE TABLE name`
  public struct Truncate: Node {
    public var table: QualifiedName
    public var place: Place
  }

  /// `MERGE INTO target [[AS] alias] USING source ON condition WHEN …`
  public struct Merge: Node {
    public var target: QualifiedName
    public var branch: Identifier?
    public var alias: Identifier?
    public var source: Relation
    public var condition: Expression
    public var clauses: [MergeClause]
    public var place: Place
  }

  /// `WHEN [NOT] MATCHED [AND condition] THEN action`
  public struct MergeClause: Node {
    public enum Action: Hashable, Sendable {
      /// `UPDATE SET a = 1, …`
      case update([Assignment])
      /// `DELETE`
      case delete
      /// `INSERT [(columns)] VALUES (…)`
      case insert(columns: [Identifier], values: [Expression])
    }
    public var isMatched: Bool
    public var condition: Expression?
    public var action: Action
    public var place: Place
  }

  /// `ANALYZE table [WITH (…)]`
  public struct Analyze: Node {
    public var table: QualifiedName
    public var properties: [Property]
    public var place: Place
  }
}
