import MiniPresto
import Shell
import Testing
import Values
import Vectors

/// Every output format, letter by letter as Presto's own command prints it.
struct FormatTests {
  /// Keeps what is printed.
  final class Page: TextOutput {
    var text = ""
    func write(_ text: String) { self.text += text }
    func close() {}
  }

  static func printed(_ format: OutputFormat, _ columns: [ResultColumn], _ rows: [[Constant]], width: Int = 80) throws -> String {
    let page = Page()
    var printer = format.printer(page, terminalWidth: width)
    try printer.begin(columns)
    if !rows.isEmpty {
      let vectors = columns.indices.map { index -> Vector in
        let builder = VectorBuilder(columns[index].type, capacity: rows.count)
        for row in rows { builder.append(row[index]) }
        return builder.finish()
      }
      try printer.print(Batch(vectors, count: rows.count))
    }
    try printer.end()
    return page.text
  }

  static let people = [ResultColumn("first", .varchar), ResultColumn("last", .varchar), ResultColumn("quantity", .bigint)]
  static let rows: [[Constant]] = [
    [.text("hello"), .text("world"), .integer(123)], [.text("a"), .null, .null],
    [.text("some long\ntext that\nfits"), .text("more\ntext"), .integer(4567)], [.text("say \"so\","), .text("tab\there"), .integer(-15)],
  ]

  @Test func aligned() throws {
    let text = try Self.printed(.aligned, Self.people, Self.rows)
    #expect(
      text == """
           first   |    last     | quantity\u{20}
        -----------+-------------+----------
         hello     | world       |      123\u{20}
         a         | NULL        |     NULL\u{20}
         some long+| more       +|     4567\u{20}
         text that+| text        |         \u{20}
         fits      |             |         \u{20}
         say "so", | tab    here |      -15\u{20}
        (4 rows)

        """)
    #expect(try Self.printed(.aligned, Self.people, []).hasSuffix("-------+------+----------\n(0 rows)\n"))
    #expect(try Self.printed(.aligned, [ResultColumn("n", .bigint)], [[.integer(7)]]) == " n \n---\n 7 \n(1 row)\n")
  }

  @Test("Wide letters take two columns, accents none of their own") func wide() throws {
    let columns = [ResultColumn("go网", .varchar), ResultColumn("é", .bigint)]
    #expect(
      try Self.printed(.aligned, columns, [[.text("wide网"), .integer(1)], [.text("e\u{301}"), .integer(22)]]) == """
          go网  | é \u{20}
        --------+----
         wide网 |  1\u{20}
         e\u{301}      | 22\u{20}
        (2 rows)

        """)
  }

  @Test("Bytes are shown sixteen a line") func bytes() throws {
    let long = Constant.bytes(Array("some long text that is more".utf8))
    #expect(
      try Self.printed(.aligned, [ResultColumn("b", .varbinary)], [[.bytes([0x68, 0xFF])], [long], [.bytes([])]]) == """
                                b                       \u{20}
        -------------------------------------------------
         68 ff                                          \u{20}
         73 6f 6d 65 20 6c 6f 6e 67 20 74 65 78 74 20 74+
         68 61 74 20 69 73 20 6d 6f 72 65               \u{20}
                                                        \u{20}
        (3 rows)

        """)
    #expect(try Self.printed(.csv, [ResultColumn("b", .varbinary)], [[.bytes([0x68, 0xFF])]]) == "\"68 ff\"\n")
  }

  @Test("A control character of a source cannot reach the terminal") func controls() throws {
    let text = try Self.printed(.aligned, [ResultColumn("s", .varchar)], [[.text("\u{1B}[31mred\u{07}\r")]])
    #expect(text.contains("?[31mred?") && !text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
  }

  @Test func vertical() throws {
    #expect(
      try Self.printed(.vertical, Self.people, Array(Self.rows.prefix(3))) == """
        -[ RECORD 1 ]-------
        first    | hello
        last     | world
        quantity | 123
        -[ RECORD 2 ]-------
        first    | a
        last     | NULL
        quantity | NULL
        -[ RECORD 3 ]-------
        first    | some long
                 | text that
                 | fits
        last     | more
                 | text
        quantity | 4567

        """)
    #expect(try Self.printed(.vertical, Self.people, []) == "(no rows)\n")
    let long = [ResultColumn("order_priority", .varchar)]
    #expect(try Self.printed(.vertical, long, [[.text("hello")]]) == "-[ RECORD 1 ]--+------\norder_priority | hello\n")
    #expect(try Self.printed(.vertical, [ResultColumn("a", .varchar)], [[.text("x")]]) == "-[ RECORD 1 ]\na | x\n")
  }

  @Test("AUTO is vertical only where a row does not fit") func auto() throws {
    #expect(try Self.printed(.auto, Self.people, Self.rows, width: 40) == Self.printed(.aligned, Self.people, Self.rows))
    #expect(try Self.printed(.auto, Self.people, Self.rows, width: 30) == Self.printed(.vertical, Self.people, Self.rows))
    #expect(try Self.printed(.auto, Self.people, []) == Self.printed(.aligned, Self.people, []))
  }

  @Test func separated() throws {
    let body =
      "\"hello\",\"world\",\"123\"\n\"a\",\"\",\"\"\n\"some long\ntext that\nfits\",\"more\ntext\",\"4567\"\n\"say \"\"so\"\",\",\"tab\there\",\"-15\"\n"
    #expect(try Self.printed(.csv, Self.people, Self.rows) == body)
    #expect(try Self.printed(.csvHeader, Self.people, Self.rows) == "\"first\",\"last\",\"quantity\"\n" + body)
    #expect(try Self.printed(.csvUnquoted, Self.people, Array(Self.rows.prefix(2))) == "hello,world,123\na,,\n")
    #expect(try Self.printed(.csvHeaderUnquoted, Self.people, []) == "first,last,quantity\n")
    #expect(
      try Self.printed(.tsvHeader, Self.people, Self.rows)
        == "first\tlast\tquantity\nhello\tworld\t123\na\t\t\nsome long\\ntext that\\nfits\tmore\\ntext\t4567\nsay \"so\",\ttab\\there\t-15\n"
    )
    let odd = [[Constant.text("back\\slash\r\u{08}\u{0C}\0")]]
    #expect(try Self.printed(.tsv, [ResultColumn("s", .varchar)], odd) == "back\\\\slash\\r\\b\\f\\0\n")
  }

  @Test func json() throws {
    let columns = [
      ResultColumn("n", .bigint), ResultColumn("x", .double), ResultColumn("d", .decimal(precision: 5, scale: 2)),
      ResultColumn("list", .array(.varchar)), ResultColumn("map", .map(key: .bigint, value: .boolean)),
      ResultColumn("row", .row([.init("a", .bigint), .init(nil, .varchar)])), ResultColumn("day", .date),
    ]
    let row: [Constant] = [
      .integer(-1), .double(.nan), .integer(150), .sequence([.text("q\"\\\n"), .null]),
      .sequence([.sequence([.integer(1), .boolean(true)])]), .sequence([.integer(2), .text("\u{1}")]), .integer(0),
    ]
    #expect(
      try Self.printed(.json, columns, [row, columns.map { _ in .null }]) == """
        {"n":-1,"x":"NaN","d":"1.50","list":["q\\"\\\\\\n",null],"map":{"1":true},"row":{"a":2,"field1":"\\u0001"},"day":"1970-01-01"}
        {"n":null,"x":null,"d":null,"list":null,"map":null,"row":null,"day":null}

        """)
    #expect(try Self.printed(.json, columns, []) == "")
  }

  @Test func markdown() throws {
    let rows: [[Constant]] = [Self.rows[0], [.text("two\nlines"), .null, .null], [.text("a | *b* <c>"), .text("x"), .integer(-15)]]
    #expect(
      try Self.printed(.markdown, Self.people, rows) == """
        | first            | last  | quantity |
        | ---------------- | ----- | --------:|
        | hello            | world |      123 |
        | two<br>lines     | NULL  |     NULL |
        | a \\| \\*b\\* \\<c\\> | x     |      -15 |

        """)
    #expect(try Self.printed(.markdown, Self.people, []) == "")
  }

  @Test func null() throws { #expect(try Self.printed(.null, Self.people, Self.rows) == "") }
}
