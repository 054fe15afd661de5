import Testing
import Values

@Suite struct TypeTextTests {
  @Test(arguments: [
    ("bigint", "bigint"), ("INT", "integer"), ("Decimal(15, 2)", "decimal(15,2)"), ("decimal", "decimal(38,0)"), ("varchar", "varchar"),
    ("VARCHAR(20)", "varchar(20)"), ("char", "char(1)"), ("timestamp", "timestamp(3)"),
    ("timestamp(6) with time zone", "timestamp(6) with time zone"),
    ("time with time zone", "time(3) with time zone"), ("double precision", "double"),
    ("array<row(a bigint, b array(varchar(3)))>", "array(row(a bigint, b array(varchar(3))))"),
    ("map(varchar, double)", "map(varchar, double)"), ("row(bigint, \"x y\" varchar)", "row(bigint, \"x y\" varchar)"),
    ("interval day to second", "interval day to second"), ("row(t timestamp(3) with time zone)", "row(t timestamp(3) with time zone)"),
    ("function(bigint,varchar)", "function(bigint,varchar)"), ("row(timestamp timestamp(3))", "row(timestamp timestamp(3))"),
  ])
  func reads(_ text: String, _ expected: String) throws {
    let type = try DataType.parse(text)
    #expect(type.description == expected)
    #expect(try DataType.parse(type.description) == type)
  }

  @Test(arguments: [
    "decimal(39,0)", "decimal(5,6)", "foo", "array(", "array()", "varchar(", "row()", "timestamp(13)", "bigint bigint", "char(65537)", "",
  ])
  func refuses(_ text: String) {
    let error = #expect(throws: PrestoError.self) { try DataType.parse(text) }
    #expect(error?.code == .typeNotFound)
  }
}
