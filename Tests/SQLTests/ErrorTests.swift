import SQL
import Testing
import Values

@Suite struct ErrorTests {
  private static let predicateEnds = "'%', '*', '+', '-', '.', '/', 'AND', 'AT', 'OR', '[', '||'"

  /// Presto's wording; the lists name what this grammar knows at that place.
  static let messages: [(String, String)] = [
    ("select ", "line 1:8: mismatched input '<EOF>'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"),
    ("select * from", "line 1:14: mismatched input '<EOF>'. Expecting: '(', 'LATERAL', 'TABLE', 'UNNEST', <identifier>"),
    ("select * from ( ", "line 1:17: mismatched input '<EOF>'. Expecting: '(', 'LATERAL', 'TABLE', 'UNNEST', <identifier>, <query>"),
    ("select *\nfrom x\nwhere from", "line 3:7: mismatched input 'from'. Expecting: <expression>"),
    (
      "select *\nfrom x\nfrom",
      "line 3:1: mismatched input 'from'. Expecting: ',', '.', 'AS', 'CROSS', 'EXCEPT', 'FETCH', 'FOR', 'FULL', 'GROUP', 'HAVING', 'INNER', "
        + "'INTERSECT', 'JOIN', 'LEFT', 'LIMIT', 'NATURAL', 'OFFSET', 'ORDER', 'QUALIFY', 'RIGHT', 'TABLESAMPLE', 'UNION', 'WHERE', 'WINDOW', "
        + "<EOF>, <identifier>"
    ),
    ("select * from foo where @what", "line 1:25: mismatched input '@'. Expecting: <expression>"),
    ("select * from 'oops", "line 1:15: mismatched input '''. Expecting: '(', 'LATERAL', 'TABLE', 'UNNEST', <identifier>"),
    ("select \"oops", "line 1:8: mismatched input '\"'. Expecting: '*', 'ALL', 'DISTINCT', <expression>"),
    ("select * from `foo`", "line 1:15: backquoted identifiers are not supported; use double quotes to quote identifiers"),
    ("select * from foo `bar`", "line 1:19: backquoted identifiers are not supported; use double quotes to quote identifiers"),
    ("select 1x from dual", "line 1:8: identifiers must not start with a digit; surround the identifier with double quotes"),
    ("select fuu from dual limit 10 order by fuu", "line 1:31: mismatched input 'order'. Expecting: <EOF>"),
    ("select CAST(12223222232535343423232435343 AS BIGINT)", "line 1:13: Invalid numeric literal: 12223222232535343423232435343"),
    ("select -9223372036854775809", "line 1:9: Invalid numeric literal: -9223372036854775809"),
    ("select foo.!", "line 1:12: mismatched input '!'. Expecting: '*', <identifier>"),
    ("select foo(,1)", "line 1:12: mismatched input ','. Expecting: ')', '*', 'ALL', 'DISTINCT', 'ORDER', <expression>"),
    ("select foo(DISTINCT ,1)", "line 1:21: mismatched input ','. Expecting: <expression>"),
    ("CREATE TABLE ) AS (VALUES 1)", "line 1:14: mismatched input ')'. Expecting: 'IF', <identifier>"),
    ("CREATE TABLE foo () AS (VALUES 1)", "line 1:19: mismatched input ')'. Expecting: 'LIKE', <identifier>"),
    ("CREATE TABLE foo", "line 1:17: mismatched input '<EOF>'. Expecting: '(', '.', 'AS', 'COMMENT', 'WITH'"),
    ("SELECT grouping(a+2) FROM t", "line 1:18: mismatched input '+'. Expecting: ')', ',', '.'"),
    (
      "SELECT x() over (ROWS select) FROM t",
      "line 1:23: mismatched input 'select'. Expecting: 'BETWEEN', 'CURRENT', 'UNBOUNDED', <expression>"
    ),
    ("SELECT X() OVER (ROWS UNBOUNDED) FROM T", "line 1:32: mismatched input ')'. Expecting: 'FOLLOWING', 'PRECEDING'"),
    ("SELECT a FROM x ORDER BY (SELECT b FROM t WHERE ", "line 1:49: mismatched input '<EOF>'. Expecting: <expression>"),
    ("SELECT a FROM a AS x TABLESAMPLE x ", "line 1:34: mismatched input 'x'. Expecting: 'BERNOULLI', 'SYSTEM'"),
    ("SELECT a FROM t WHERE x = 1 + ", "line 1:31: mismatched input '<EOF>'. Expecting: <expression>"),
    ("SELECT CAST(a AS )", "line 1:18: mismatched input ')'. Expecting: <type>"),
    ("SELECT CAST(a AS decimal()", "line 1:26: mismatched input ')'. Expecting: <integer>, <type>"),
    ("SELECT foo(*) filter (", "line 1:23: mismatched input '<EOF>'. Expecting: 'WHERE'"),
    ("SELECT * FROM t WHERE EXISTS (", "line 1:31: mismatched input '<EOF>'. Expecting: <query>"),
    ("SELECT \"\" FROM t", "line 1:8: Zero-length delimited identifier not allowed"),
    ("SHOW TABLES IN a LIKE '%$_%' ESCAPE", "line 1:36: mismatched input '<EOF>'. Expecting: <string>"),
    ("SELECT a NOT b", "line 1:14: mismatched input 'b'. Expecting: 'BETWEEN', 'ILIKE', 'IN', 'LIKE'"),
    ("SELECT 1; SELECT 2", "line 1:11: mismatched input 'SELECT'. Expecting: <EOF>"),
    ("SELECT X 'ab'", "line 1:8: Spaces are not allowed between 'X' and the starting quote of a binary literal"),
    ("SELECT X'abc'", "line 1:8: Binary literal must contain an even number of digits"),
    ("SELECT X'zz'", "line 1:8: Binary literal can only contain hexadecimal digits"),
    ("SELECT U&'\\00'", "line 1:8: Incomplete escape sequence: 00"),
    ("SELECT U&'\\00zz'", "line 1:8: Invalid hexadecimal digit: z"),
    ("SELECT U&'\\+00DBFF'", "line 1:8: Invalid escaped character: 00DBFF. Escaped character is a surrogate. Use '\\+123456' instead."),
    ("SELECT U&'\\+11FFFF'", "line 1:8: Invalid escaped character: 11FFFF"),
    ("SELECT U&'x' UESCAPE ''", "line 1:8: Empty Unicode escape character"),
    ("SELECT U&'x' UESCAPE '+'", "line 1:8: Invalid Unicode escape character: +"),
    ("SELECT coalesce(5)", "line 1:8: The 'coalesce' function must have at least two arguments"),
    ("SELECT nullif(1, 2, 3)", "line 1:8: Invalid number of arguments for 'nullif' function"),
    ("SELECT nullif(1, 2) OVER ()", "line 1:8: OVER clause not valid for 'nullif' function"),
    ("SELECT if(a => 1, 2)", "line 1:8: Named arguments are not supported for 'if' function"),
    ("SELECT coalesce(1, 2) FILTER (WHERE true)", "line 1:8: FILTER not valid for 'coalesce' function"),
    ("SELECT listagg(a, 1) WITHIN GROUP (ORDER BY a)", "line 1:19: mismatched input '1'. Expecting: <string>"),
    ("SELECT listagg(a ON OVERFLOW x) WITHIN GROUP (ORDER BY a)", "line 1:30: mismatched input 'x'. Expecting: 'ERROR', 'TRUNCATE'"),
    ("VALUES ROW(INTERVAL '1' DAY TO YEAR)", "line 1:32: mismatched input 'YEAR'. Expecting: ')', ',', 'HOUR', 'MINUTE', 'SECOND'"),
    ("VALUES ROW(INTERVAL '1' MINUTE TO MINUTE)", "line 1:25: Invalid interval qualifier: MINUTE TO MINUTE"),
    ("CREATE OR REPLACE TABLE IF NOT EXISTS t (a bigint)", "line 1:25: 'OR REPLACE' and 'IF NOT EXISTS' clauses can not be used together"),
    ("CREATE TABLE t (a bigint DEFAULT CURRENT_USER)", "line 1:34: mismatched input 'CURRENT_USER'. Expecting: <literal>"),
    ("START TRANSACTION READ ONLY, READ ONLY", "line 1:30: Duplicate transaction access mode"),
  ]

  @Test(arguments: messages) func messagesAreWordedAsPresto(_ text: String, _ expected: String) throws {
    let error = try #require(throws: PrestoError.self) { try Parser.statement(text) }
    #expect(error.code == .syntaxError)
    #expect(error.message == expected)
    let location = try #require(error.location)
    #expect(error.message.hasPrefix("line \(location.line):\(location.column): "))
  }

  @Test func expressionErrors() throws {
    let empty = try #require(throws: PrestoError.self) { try Parser.expression("") }
    #expect(empty.message == "line 1:1: mismatched input '<EOF>'. Expecting: <expression>")
    let error = try #require(throws: PrestoError.self) { try Parser.expression("1 + 1 x") }
    #expect(error.message == "line 1:7: mismatched input 'x'. Expecting: \(ErrorTests.predicateEnds), <EOF>, <predicate>")
  }

  @Test func extractNamesItsFields() throws {
    let error = try #require(throws: PrestoError.self) { try Parser.expression("EXTRACT(millenium FROM x)") }
    #expect(error.message.hasPrefix("line 1:1: Invalid EXTRACT field millenium, valid fields are: DAY, "))
  }

  @Test(
    arguments: [
      ("selct 1", "Did you mean SELECT?"), ("select * form t", "Did you mean FROM?"), ("select * from t wehre a", "Did you mean WHERE?"),
      ("drop tabel x", "Did you mean TABLE?"), ("select 'x", "The string that begins here is not closed"),
      ("select /* x", "The comment that begins here is not closed"), ("select \"x", "The quoted identifier that begins here is not closed"),
      ("select 1 xyzzy plugh", nil), ("select select", nil),
    ] as [(String, String?)]) func hints(_ text: String, _ expected: String?) throws
  {
    let error = try #require(throws: PrestoError.self) { try Parser.statement(text) }
    #expect(error.hint == expected)
  }
}
