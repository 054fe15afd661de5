import SQL
import Testing
import Values

@Suite struct ExpressionTests {
  /// What is written, and how the tree prints: the parentheses show what binds what.
  static let canonical: [(String, String)] = [
    ("1 + 2 * 3 - 4", "(1 + (2 * 3) - 4)"),
    ("a * b / c % d", "(a * b / c % d)"),
    ("a - (b - c)", "(a - (b - c))"),
    ("a || b + c || d", "(a || (b + c) || d)"),
    ("a || b * c + d", "(a || ((b * c) + d))"),
    ("a + b = c || d", "((a + b) = (c || d))"),
    ("a OR b AND NOT c OR d", "(a OR (b AND (NOT c)) OR d)"),
    ("NOT a = b AND c", "((NOT (a = b)) AND c)"),
    ("NOT NOT a", "(NOT (NOT a))"),
    ("-1", "-1"), ("- 1", "-1"), ("-(1)", "-(1)"), ("- -1", "-(-1)"), ("- - a", "-(-a)"), ("+-1", "+-1"), ("-a * -b", "(-a * -b)"),
    ("-2[1]", "(-2)[1]"), ("-a[1]", "-a[1]"), ("-x AT TIME ZONE 'u'", "-(x AT TIME ZONE 'u')"), ("(-x) AT LOCAL", "((-x) AT LOCAL)"),
    ("a.b[1].c::varchar(3)", "CAST(a.b[1].c AS varchar(3))"),
    ("a BETWEEN 1 AND 2 AND b", "((a BETWEEN 1 AND 2) AND b)"),
    ("a NOT BETWEEN SYMMETRIC b + 1 AND c", "(a NOT BETWEEN SYMMETRIC (b + 1) AND c)"),
    ("a in (1,2)", "(a IN (1, 2))"), ("a not in (select 1)", "(a NOT IN (SELECT 1))"), ("a IN ((SELECT 1), 2)", "(a IN ((SELECT 1), 2))"),
    ("a NOT LIKE 'x' ESCAPE '\\'", "(a NOT LIKE 'x' ESCAPE '\\')"), ("a ilike b", "(a ILIKE b)"),
    ("a is not distinct from b", "(a IS NOT DISTINCT FROM b)"), ("a IS NOT NULL", "(a IS NOT NULL)"), ("a is unknown", "(a IS UNKNOWN)"),
    ("not exists(select 1)", "(NOT (EXISTS (SELECT 1)))"), ("a != some (table t)", "(a <> ANY (TABLE t))"),
    ("(a, b) OVERLAPS (c, d)", "(ROW(a, b) OVERLAPS ROW(c, d))"),
    ("((1))", "1"), ("(1, 2)", "ROW(1, 2)"), ("row(1 as a, 2 b)", "ROW(1 AS a, 2 AS b)"), ("[1, []]", "ARRAY[1, ARRAY[]]"),
    ("(x -> y) = z", "(((x) -> y) = z)"), ("(array)[1]", "(array)[1]"), ("(x -> y)[1]", "((x) -> y)[1]"), ("x -> x + 1", "(x) -> (x + 1)"),
    ("() -> 1", "() -> 1"), ("(x, y) -> z -> x", "(x, y) -> (z) -> x"),
    ("position('a' in b)", "strpos(b, 'a')"), ("substring(a from 1 for 2)", "substring(a, 1, 2)"), ("trim(leading from a)", "ltrim(a)"),
    ("trim(trailing 'x' from a)", "rtrim(a, 'x')"), ("trim(both 'x' from a)", "trim(a, 'x')"), ("normalize(a)", "normalize(a, NFC)"),
    ("overlay(a placing b from 1)", "overlay(a, b, 1)"),
    ("extract(year from a)", "EXTRACT(year FROM a)"), ("current_timestamp(3)", "CURRENT_TIMESTAMP(3)"),
    ("try_cast(a as array<map<int,double precision>>)", "TRY_CAST(a AS array(map(int, double)))"),
    ("cast(a as bigint array array)", "CAST(a AS array(array(bigint)))"),
    ("cast(a as row(x timestamp(3) with time zone, double precision))", "CAST(a AS ROW(x timestamp(3) with time zone, double))"),
    ("case a when 1 then 2 else 3 end", "(CASE a WHEN 1 THEN 2 ELSE 3 END)"),
    (
      "case a.x when > 1 then 1 when not in (2, 3) then 2 when 4 + 5 then 3 when is null then 4 end",
      "(CASE WHEN (a.x > 1) THEN 1 WHEN (a.x NOT IN (2, 3)) THEN 2 WHEN (a.x = (4 + 5)) THEN 3 WHEN (a.x IS NULL) THEN 4 END)"
    ),
    ("count(*) filter (where a)", "count(*) FILTER (WHERE a)"), ("f(distinct a order by b desc)", "f(DISTINCT a ORDER BY b DESC)"),
    ("lag(a) ignore nulls over w", "lag(a) IGNORE NULLS OVER w"),
    ("sum(a) over (w rows between 1 preceding and current row)", "sum(a) OVER (\"w\" ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"),
    ("interval '1' day(3) to second(6)", "INTERVAL '1' DAY(3) TO SECOND(6)"), ("INTERVAL - '5' second(2,3)", "INTERVAL -'5' SECOND(2, 3)"),
    ("date'2020-01-01'", "date '2020-01-01'"), ("decimal(5,2) '1'", "decimal(5, 2) '1'"),
    ("1_000", "1000"), ("0xFF", "255"), ("-0b11", "-3"), ("1_0.5", "10.5"), ("1e2", "100E0"), ("1.5E-10", "1.5E-10"), ("-.5e3", "-500E0"),
    ("1e400", "1E999"), ("x'0a ff'", "X'0AFF'"), ("U&'\\0041!\\+01F600'", "'A!😀'"), ("u&'#0041' uescape '#'", "'A'"),
    ("'it''s'", "'it''s'"),
    ("\"Select\".\"a\"\"b\"", "\"Select\".\"a\"\"b\""),
    ("json_object(key a value b, 'c' : d)", "JSON_OBJECT(KEY a VALUE b, KEY 'c' VALUE d NULL ON NULL WITHOUT UNIQUE KEYS)"),
  ]

  @Test(arguments: canonical) func prints(_ text: String, _ expected: String) throws {
    let tree = try Parser.expression(text)
    #expect(Formatter.format(tree) == expected)
    #expect(try Parser.expression(expected) == tree)
  }

  @Test func literalValues() throws {
    func value(_ text: String) throws -> Syntax.Literal.Value? {
      guard case .literal(let literal) = try Parser.expression(text) else { return nil }
      return literal.value
    }
    #expect(try value("-9223372036854775808") == .integer(.min))
    #expect(try value("0x7fff_ffff_ffff_ffff") == .integer(.max))
    #expect(try value("1.") == .decimal("1."))
    #expect(try value("-1_0.50") == .decimal("-10.50"))
    #expect(try value(".5e1") == .double(5))
    #expect(try value("X'00 ff'") == .binary([0, 255]))
    #expect(try value("U&'\\\\x'") == .string("\\x"))
  }

  @Test func namesCompareWithoutCase() throws {
    #expect(try Parser.expression("Foo.\"BAR\" + f(X)") == Parser.expression("foo.bar + F(\"x\")"))
    #expect(try Parser.expression("a") != Parser.expression("b"))
    #expect(try Parser.expression("'a'") != Parser.expression("'A'"))
    guard case .identifier(let name) = try Parser.expression("\"Foo Bar\"") else {
      Issue.record("not an identifier")
      return
    }
    #expect((name.text, name.canonical, name.isQuoted) == ("Foo Bar", "foo bar", true))
  }

  /// Where Presto reports each node: operators report themselves, everything else its first token.
  @Test(arguments: [
    ("a + b * c", 3), ("a  = b", 4), ("a NOT LIKE b", 3), ("a IS NULL", 3), ("a || b || c", 3), ("a AND b", 3), ("a[1]", 1), ("a.b", 1),
    ("f(x)", 1), ("CAST(a AS bigint)", 1), ("NOT a", 1), ("-a", 1), ("(a) AT LOCAL", 5), ("(1, 2)", 1), ("  'x'", 3), ("(((a)))", 4),
  ]) func locations(_ text: String, _ column: Int) throws {
    let tree = try Parser.expression(text)
    #expect(tree.place.location.column == column)
  }

  @Test func rangesSpanTheWholeNode() throws {
    let text = "SELECT 1, a + b * (c) , f(x) OVER ()"
    guard case .query(let query) = try Parser.statement(text), case .select(let select) = query.body else {
      Issue.record("not a select")
      return
    }
    let bytes = Array(text.utf8)
    #expect(select.items.map { String(decoding: bytes[$0.place.range], as: UTF8.self) } == ["1", "a + b * (c)", "f(x) OVER ()"])
    #expect(query.place.range == 0..<bytes.count)
  }

  @Test func parametersAreNumberedInOrder() throws {
    guard case .inList(let list) = try Parser.expression("? IN (?, f(?))"), case .parameter(let first) = list.value,
      case .functionCall(let call) = list.items[1], case .parameter(let last) = call.arguments[0].value
    else {
      Issue.record("not the tree")
      return
    }
    #expect((first.index, last.index) == (0, 2))
  }
}
