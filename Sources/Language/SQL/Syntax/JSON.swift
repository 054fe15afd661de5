extension Syntax {
  /// `input [FORMAT JSON [ENCODING …]], 'path' [AS name] [PASSING …]`: what the JSON path functions share.
  public struct JSONPathCall: Node {
    public var input: Expression
    public var inputFormat: JSONFormat?
    /// The path text, e.g. `lax $.a[0]`.
    public var path: String
    /// Where the path literal stood.
    public var pathPlace: Place
    /// `AS name`, only in JSON_TABLE.
    public var pathName: Identifier?
    public var passing: [JSONPathParameter]
    public var place: Place
  }

  /// `value [FORMAT JSON] AS name`
  public struct JSONPathParameter: Node {
    public var name: Identifier
    public var value: Expression
    public var format: JSONFormat?
    public var place: Place
  }

  /// `FORMAT JSON [ENCODING UTF8 | UTF16 | UTF32]`
  public enum JSONFormat: String, Hashable, Sendable {
    case json = "JSON"
    case utf8 = "JSON ENCODING UTF8"
    case utf16 = "JSON ENCODING UTF16"
    case utf32 = "JSON ENCODING UTF32"
  }

  /// `JSON_EXISTS(path call [TRUE | FALSE | UNKNOWN | ERROR ON ERROR])`
  public struct JSONExists: Node {
    public enum OnError: String, Hashable, Sendable { case `true` = "TRUE", `false` = "FALSE", unknown = "UNKNOWN", error = "ERROR" }
    public var call: JSONPathCall
    /// nil: not written, which means FALSE.
    public var onError: OnError?
    public var place: Place
  }

  /// `JSON_VALUE(path call [RETURNING T] [… ON EMPTY] [… ON ERROR])`
  public struct JSONValue: Node {
    public var call: JSONPathCall
    public var returning: TypeName?
    public var onEmpty: JSONValueBehavior?
    public var onError: JSONValueBehavior?
    public var place: Place
  }

  /// `NULL`, `ERROR`, `DEFAULT value`
  public enum JSONValueBehavior: Hashable, Sendable { case null, error, `default`(Expression) }

  /// `JSON_QUERY(path call [RETURNING T [FORMAT JSON]] [wrapper] [quotes] [… ON EMPTY] [… ON ERROR])`
  public struct JSONQuery: Node {
    public enum Wrapper: String, Hashable, Sendable {
      case without = "WITHOUT", conditional = "WITH CONDITIONAL", unconditional = "WITH UNCONDITIONAL"
    }
    public enum Quotes: String, Hashable, Sendable { case keep = "KEEP", omit = "OMIT" }
    public enum Behavior: String, Hashable, Sendable {
      case null = "NULL", error = "ERROR", emptyArray = "EMPTY ARRAY", emptyObject = "EMPTY OBJECT"
    }
    public var call: JSONPathCall
    public var returning: TypeName?
    public var returningFormat: JSONFormat?
    /// nil: not written, which means WITHOUT.
    public var wrapper: Wrapper?
    /// nil: not written, which means KEEP.
    public var quotes: Quotes?
    public var onEmpty: Behavior?
    public var onError: Behavior?
    public var place: Place
  }

  /// `JSON_OBJECT(members [NULL | ABSENT ON NULL] [WITH | WITHOUT UNIQUE KEYS] [RETURNING T [FORMAT JSON]])`
  public struct JSONObject: Node {
    public var members: [JSONMember]
    /// ABSENT ON NULL
    public var isNullAbsent: Bool
    public var hasUniqueKeys: Bool
    public var returning: TypeName?
    public var returningFormat: JSONFormat?
    public var place: Place
  }

  /// `KEY k VALUE v`, `k VALUE v`, `k : v`
  public struct JSONMember: Node {
    public var key: Expression
    public var value: Expression
    public var format: JSONFormat?
    public var place: Place
  }

  /// `JSON_ARRAY(elements [NULL | ABSENT ON NULL] [RETURNING T [FORMAT JSON]])`
  public struct JSONArray: Node {
    public var elements: [JSONElement]
    /// ABSENT ON NULL, which is also what no clause means.
    public var isNullAbsent: Bool
    public var returning: TypeName?
    public var returningFormat: JSONFormat?
    public var place: Place
  }

  /// `value [FORMAT JSON]`
  public struct JSONElement: Node {
    public var value: Expression
    public var format: JSONFormat?
    public var place: Place
  }

  /// `JSON_TABLE(path call COLUMNS (…) [PLAN …] [ERROR | EMPTY ON ERROR])`
  public struct JSONTable: Node {
    public var call: JSONPathCall
    public var columns: [JSONTableColumn]
    public var plan: JSONTablePlan?
    /// nil: not written; true: ERROR ON ERROR, false: EMPTY ON ERROR.
    public var isErrorOnError: Bool?
    public var place: Place
  }

  public indirect enum JSONTableColumn: Hashable, Sendable {
    /// `name FOR ORDINALITY`
    case ordinality(Identifier)
    /// `name T [PATH 'path'] [… ON EMPTY] [… ON ERROR]`
    case value(Identifier, TypeName, path: String?, onEmpty: JSONValueBehavior?, onError: JSONValueBehavior?)
    /// `name T FORMAT JSON [PATH 'path'] [wrapper] [quotes] [… ON EMPTY] [… ON ERROR]`
    case query(
      Identifier, TypeName, format: JSONFormat, path: String?, wrapper: JSONQuery.Wrapper?, quotes: JSONQuery.Quotes?,
      onEmpty: JSONQuery.Behavior?,
      onError: JSONQuery.Behavior?)
    /// `NESTED [PATH] 'path' [AS name] COLUMNS (…)`
    case nested(path: String, name: Identifier?, columns: [JSONTableColumn])
  }

  /// `PLAN (…)` or `PLAN DEFAULT (…)`
  public indirect enum JSONTablePlan: Hashable, Sendable {
    public enum ParentChild: String, Hashable, Sendable { case inner = "INNER", outer = "OUTER" }
    public enum Siblings: String, Hashable, Sendable { case union = "UNION", cross = "CROSS" }
    /// `PLAN DEFAULT (OUTER, UNION)`
    case standard(parentChild: ParentChild?, siblings: Siblings?)
    /// A path name in a specific plan.
    case leaf(Identifier)
    /// `p OUTER child`
    case parent(Identifier, ParentChild, child: JSONTablePlan)
    /// `a UNION b UNION c`
    case siblings(Siblings, [JSONTablePlan])
  }
}
