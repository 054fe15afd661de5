extension Syntax {
  /// Everything that yields a value.
  ///
  /// The parser already rewrites SQL's keyword call forms to plain calls: `POSITION(a IN b)` is `strpos(b, a)`,
  /// `SUBSTRING(s FROM i FOR n)` is `substring(s, i, n)`, `TRIM(LEADING c FROM s)` is `ltrim(s, c)` (`TRAILING` `rtrim`, `BOTH` `trim`),
  /// `NORMALIZE(s, NFC)` is `normalize(s, 'NFC')`, `OVERLAY(a PLACING b FROM i FOR n)` is `overlay(a, b, i, n)`,
  /// `COALESCE`, `NULLIF`, `IF`, `TRY`, `FORMAT` are calls whose argument counts are checked. Parentheses leave no trace.
  public indirect enum Expression: Node {
    /// `x`
    case identifier(Identifier)
    /// `a.b`: a qualified column or a field of a row
    case dereference(Dereference)
    /// `j[*]`, `j.'name'`, `j.a[1].bigint()`: steps into a JSON value that are nothing else
    case access(Access)
    /// `1`, `'a'`, `DATE '2020-01-01'`, `INTERVAL '1' DAY`, `NULL` …
    case literal(Literal)
    /// `?`
    case parameter(Parameter)
    /// `a AND b AND c`, `a OR b`: flat
    case logical(Logical)
    /// `NOT a`
    case not(Not)
    /// `a = b`
    case comparison(Comparison)
    /// `a IS [NOT] DISTINCT FROM b`
    case distinctFrom(DistinctFrom)
    /// `a [NOT] BETWEEN [SYMMETRIC] b AND c`
    case between(Between)
    /// `a [NOT] IN (b, c)`
    case inList(InList)
    /// `a [NOT] IN (SELECT …)`
    case inSubquery(InSubquery)
    /// `a [NOT] LIKE b [ESCAPE c]`, `a ILIKE b`
    case like(Like)
    /// `a IS [NOT] NULL`
    case isNull(IsNull)
    /// `a IS [NOT] TRUE | FALSE | UNKNOWN`
    case isTruth(IsTruth)
    /// `EXISTS (SELECT …)`
    case exists(Exists)
    /// `a = ALL (SELECT …)`, `a < ANY (SELECT …)`
    case quantified(Quantified)
    /// `(a, b) OVERLAPS (c, d)`
    case overlaps(Overlaps)
    /// `a + b - c`, `a * b / c`: operators of one precedence, from left to right
    case arithmetic(Arithmetic)
    /// `-a`, `+a`
    case unary(Unary)
    /// `a || b || c`: flat
    case concatenation(Concatenation)
    /// `a AT TIME ZONE b`, `a AT LOCAL`
    case atTimeZone(AtTimeZone)
    /// `a[b]`
    case `subscript`(Subscript)
    /// `CAST(a AS T)`, `TRY_CAST(a AS T)`, `a::T`
    case cast(Cast)
    /// `CASE WHEN … END`, `CASE x WHEN … END`
    case `case`(Case)
    /// `f(a, b)`, with everything that may follow
    case functionCall(FunctionCall)
    /// `x -> x + 1`, `(x, y) -> x + y`, `() -> 1`
    case lambda(Lambda)
    /// `ARRAY[a, b]`, `[a, b]`
    case array(ArrayConstructor)
    /// `ROW(a, b)`, `ROW(1 AS a)`, `(a, b)`
    case row(RowConstructor)
    /// `(SELECT …)` used as a value
    case subquery(ScalarSubquery)
    /// `EXTRACT(YEAR FROM a)`
    case extract(Extract)
    /// `CURRENT_DATE`, `LOCALTIME(3)`, `CURRENT_USER` …
    case current(CurrentValue)
    /// `GROUPING(a, b)`
    case grouping(GroupingCall)
    /// `JSON_EXISTS(…)`
    case jsonExists(JSONExists)
    /// `JSON_VALUE(…)`
    case jsonValue(JSONValue)
    /// `JSON_QUERY(…)`
    case jsonQuery(JSONQuery)
    /// `JSON_OBJECT(…)`
    case jsonObject(JSONObject)
    /// `JSON_ARRAY(…)`
    case jsonArray(JSONArray)

    public var place: Place {
      switch self {
      case .identifier(let node): node.place
      case .dereference(let node): node.place
      case .access(let node): node.place
      case .literal(let node): node.place
      case .parameter(let node): node.place
      case .logical(let node): node.place
      case .not(let node): node.place
      case .comparison(let node): node.place
      case .distinctFrom(let node): node.place
      case .between(let node): node.place
      case .inList(let node): node.place
      case .inSubquery(let node): node.place
      case .like(let node): node.place
      case .isNull(let node): node.place
      case .isTruth(let node): node.place
      case .exists(let node): node.place
      case .quantified(let node): node.place
      case .overlaps(let node): node.place
      case .arithmetic(let node): node.place
      case .unary(let node): node.place
      case .concatenation(let node): node.place
      case .atTimeZone(let node): node.place
      case .subscript(let node): node.place
      case .cast(let node): node.place
      case .case(let node): node.place
      case .functionCall(let node): node.place
      case .lambda(let node): node.place
      case .array(let node): node.place
      case .row(let node): node.place
      case .subquery(let node): node.place
      case .extract(let node): node.place
      case .current(let node): node.place
      case .grouping(let node): node.place
      case .jsonExists(let node): node.place
      case .jsonValue(let node): node.place
      case .jsonQuery(let node): node.place
      case .jsonObject(let node): node.place
      case .jsonArray(let node): node.place
      }
    }
  }

  /// `base.field`
  public struct Dereference: Node {
    public var base: Expression
    public var field: Identifier
    public var place: Place
  }

  /// A step into a JSON value.
  public struct Access: Node {
    public enum Step: Hashable, Sendable {
      case everyElement, everyMember
      case member(String)
      case method(Identifier, [Argument])
    }
    public var base: Expression
    public var step: Step
    public var place: Place
  }

  /// `?`, numbered from zero in the order of the text.
  public struct Parameter: Node {
    public var index: Int
    public var place: Place
  }

  /// `a::T`, `CAST(a AS T)`; `TRY_CAST` is safe.
  public struct Cast: Node {
    public var value: Expression
    public var type: TypeName
    /// TRY_CAST: a failure is NULL.
    public var isSafe: Bool
    public var place: Place
  }

  /// `CASE [operand] WHEN … THEN … [ELSE …] END`
  public struct Case: Node {
    /// nil: the searched form, whose conditions are booleans.
    public var operand: Expression?
    public var branches: [CaseBranch]
    public var otherwise: Expression?
    public var place: Place
  }

  /// `WHEN condition THEN result`
  public struct CaseBranch: Node {
    public var condition: Expression
    public var result: Expression
    public var place: Place
  }

  /// `x -> body`, `(x, y) -> body`
  public struct Lambda: Node {
    public var parameters: [Identifier]
    public var body: Expression
    public var place: Place

    public init(parameters: [Identifier], body: Expression, place: Place) {
      self.parameters = parameters
      self.body = body
      self.place = place
    }
  }

  /// `ARRAY[a, b]`
  public struct ArrayConstructor: Node {
    public var elements: [Expression]
    public var place: Place
  }

  /// `ROW(a, b)`, `ROW(1 AS a)`, `(a, b)`
  public struct RowConstructor: Node {
    public var fields: [RowField]
    public var place: Place
  }

  /// `1 AS a`, or `1` without a name.
  public struct RowField: Node {
    public var name: Identifier?
    public var value: Expression
    public var place: Place
  }

  /// `(SELECT …)` used as a value.
  public struct ScalarSubquery: Node {
    public var query: Query
    public var place: Place
  }

  /// `EXTRACT(field FROM source)`; the field is one of `Extract.fields`, in any case.
  public struct Extract: Node {
    /// The fields Presto knows, lower-cased.
    public static let fields = [
      "day", "day_of_month", "day_of_week", "day_of_year", "dow", "doy", "hour", "minute", "month", "quarter", "second", "timezone_hour",
      "timezone_minute", "week", "year", "year_of_week", "yow",
    ]
    public var field: Identifier
    public var source: Expression
    public var place: Place
  }

  /// A value of the session, written without parentheses.
  public struct CurrentValue: Node {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case date = "CURRENT_DATE"
      case time = "CURRENT_TIME"
      case timestamp = "CURRENT_TIMESTAMP"
      case localTime = "LOCALTIME"
      case localTimestamp = "LOCALTIMESTAMP"
      case user = "CURRENT_USER"
      case catalog = "CURRENT_CATALOG"
      case schema = "CURRENT_SCHEMA"
      case path = "CURRENT_PATH"
    }
    public var kind: Kind
    /// `CURRENT_TIMESTAMP(6)`
    public var precision: Int64?
    public var place: Place
  }

  /// `GROUPING(a, b)`
  public struct GroupingCall: Node {
    public var columns: [Expression]
    public var place: Place
  }
}
