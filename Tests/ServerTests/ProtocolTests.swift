import HTTPTypes
import MiniPresto
import NIOCore
import Settings
import Testing
import Values
import Vectors

@testable import Server

/// Headers, codings and types as the protocol writes them.
struct ProtocolTests {
  private static let engine = try? Engine()

  private func request(_ fields: [String: String]) throws -> ClientRequest {
    var headers = HTTPFields()
    for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
    return try ClientRequest(headers, properties: try #require(ProtocolTests.engine).sessionProperties)
  }

  @Test("Both families of headers make the same session")
  func families() throws {
    for (prefix, dialect) in [("X-Trino-", ClientDialect.trino), ("X-Presto-", .presto)] {
      let client = try request([
        prefix + "User": "amal", prefix + "Source": "tests", prefix + "Catalog": "Orders", prefix + "Schema": "PUBLIC",
        prefix + "Time-Zone": "Africa/Cairo", prefix + "Client-Tags": "a, b,,c", prefix + "Client-Info": "{}",
        prefix + "Session": "task_concurrency=2", prefix + "Prepared-Statement": "q=SELECT+%3F%20%2B+1, r=VALUES+1",
        prefix + "Transaction-Id": "NONE",
      ])
      #expect(client.dialect == dialect)
      #expect(client.session.user == "amal" && client.session.source == "tests")
      #expect(client.session.catalog == "orders" && client.session.schema == "public")
      #expect(client.session.timeZone == "Africa/Cairo")
      #expect(client.session.clientTags == ["a", "b", "c"])
      #expect(client.session.overriddenTexts == ["task_concurrency": "2"])
      #expect(client.session.prepared == ["q": "SELECT ? + 1", "r": "VALUES 1"])
      #expect(client.transaction == nil && client.knowsTransactions)
      #expect(client.error == nil)
    }
  }

  @Test("What headers cannot say")
  func refusals() throws {
    #expect(throws: Refusal.self) { try request([:]) }
    #expect(throws: Refusal.self) { try request(["X-Trino-User": ""]) }
    #expect(throws: Refusal.self) { try request(["X-Trino-User": "u", "X-Trino-Session": "no equals"]) }
    #expect(throws: Refusal.self) { try request(["X-Trino-User": "u", "X-Trino-Schema": "s"]) }
    #expect(try request(["X-Trino-User": "u", "X-Trino-Session": "nonsense=1"]).error?.code == .invalidSessionProperty)
    #expect(try request(["X-Trino-User": "u", "X-Trino-Session": "task_concurrency=many"]).error?.code == .invalidSessionProperty)
    #expect(try request(["X-Trino-User": "u", "X-Trino-Time-Zone": "Middle/Earth"]).error?.code == .invalidSessionProperty)
    #expect(try request(["Authorization": "Basic YW1hbDo="]).session.user == "amal")
    #expect(try request(["Authorization": "Basic YW1hbDo=", "X-Presto-Catalog": "c"]).dialect == .presto)
  }

  @Test("URL encoding there and back", arguments: ["", "a b+c", "%", "100%25", "SELECT 'ü', \"x\"\n-- 👍", "a=b,c=d", "%zz%4"])
  func encoding(_ text: String) {
    #expect(URLEncoding.decode(URLEncoding.encode(text)) == text)
    #expect(URLEncoding.encode(text).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2C && $0 != 0x3D })
  }

  private func signature(_ type: DataType, _ dialect: ClientDialect, _ isParametric: Bool) -> String {
    var json = JSONWriter()
    TypeSignature(type: type, dialect: dialect, isParametric: isParametric).write(&json)
    return String(buffer: json.buffer)
  }

  @Test("Type signatures")
  func signatures() {
    #expect(
      signature(.decimal(precision: 12, scale: 2), .trino, true)
        == #"{"rawType":"decimal","arguments":[{"kind":"LONG","value":12},{"kind":"LONG","value":2}]}"#)
    #expect(
      signature(.varchar, .presto, false) == #"{"rawType":"varchar","arguments":[{"kind":"LONG_LITERAL","value":2147483647}]}"#)
    #expect(signature(.timestamp(precision: 6), .trino, false) == #"{"rawType":"timestamp","arguments":[]}"#)
    #expect(
      signature(.row([.init("x", .bigint), .init(nil, .boolean)]), .trino, true)
        == #"{"rawType":"row","arguments":[{"kind":"NAMED_TYPE","value":{"fieldName":{"name":"x"},"typeSignature":{"rawType":"bigint","arguments":[]}}},{"kind":"NAMED_TYPE","value":{"typeSignature":{"rawType":"boolean","arguments":[]}}}]}"#
    )
    let nested = DataType.row([.init("odd name", .array(.timestamp(precision: 3))), .init("t", .timestampWithTimeZone(precision: 6))])
    #expect(
      TypeSignature(type: nested, dialect: .presto, isParametric: false).text
        == "row(\"odd name\" array(timestamp), t timestamp with time zone)")
  }

  private func rows(_ type: DataType, _ values: [Constant], isParametric: Bool = true) -> String {
    let builder = VectorBuilder(type, capacity: values.count)
    for value in values { builder.append(value) }
    let vector = builder.finish()
    var writer = RowWriter(isParametric: isParametric)
    var out = TextWriter()
    out.write(0x5B)
    #expect(writer.write(Batch([vector], count: values.count), from: 0, upTo: .max, &out) == values.count)
    out.write(0x5D)
    return String(decoding: out.written, as: UTF8.self)
  }

  @Test("Values as JSON")
  func values() {
    #expect(rows(.bigint, [.integer(.min), .null, .integer(.max)]) == "[[-9223372036854775808],[null],[9223372036854775807]]")
    #expect(rows(.double, [.double(.nan), .double(-.infinity), .double(1), .double(1e300)]) == #"[["NaN"],["-Infinity"],[1.0],[1e+300]]"#)
    #expect(rows(.boolean, [.boolean(true), .boolean(false)]) == "[[true],[false]]")
    #expect(
      rows(.decimal(precision: 5, scale: 2), [.integer(-5), .integer(12345), .integer(0)]) == #"[["-0.05"],["123.45"],["0.00"]]"#)
    #expect(
      rows(.decimal(precision: 18, scale: 18), [.integer(-1)]) == #"[["-0.000000000000000001"]]"#)
    #expect(
      rows(.varchar, [.text(""), .text("a\"b\\c\n\t\u{1}ü👍 and a longer one")]) == #"[[""],["a\"b\\c\n\t\u0001ü👍 and a longer one"]]"#)
    #expect(rows(.varchar, [.bytes([0x61, 0xFF, 0x62])]) == "[[\"a\u{FFFD}b\"]]")
    #expect(rows(.char(length: 3), [.text("x")]) == #"[["x  "]]"#)
    #expect(rows(.varbinary, [.bytes([]), .bytes([0]), .bytes([0, 255]), .bytes([1, 2, 3])]) == #"[[""],["AA=="],["AP8="],["AQID"]]"#)
    #expect(rows(.timestamp(precision: 6), [.integer(1_500)]) == #"[["1970-01-01 00:00:00.001500"]]"#)
    #expect(rows(.timestamp(precision: 6), [.integer(1_500)], isParametric: false) == #"[["1970-01-01 00:00:00.002"]]"#)
    #expect(rows(.timestamp(precision: 0), [.integer(1_000_000)], isParametric: false) == #"[["1970-01-01 00:00:01.000"]]"#)
    #expect(rows(.array(.integer), [.sequence([.integer(1), .null]), .null, .sequence([])]) == "[[[1,null]],[null],[[]]]")
  }

  @Test("A page ends at its limit, and the next begins there")
  func limits() {
    let builder = VectorBuilder(.bigint, capacity: 100)
    for i in 0..<100 { builder.append(Constant.integer(Int64(i))) }
    let batch = Batch([builder.finish()], count: 100)
    var row = 0, pages = 0
    while row < 100 {
      var writer = RowWriter(isParametric: true)
      var out = TextWriter()
      let end = writer.write(batch, from: row, upTo: 50, &out)
      #expect(end > row && out.count < 70)
      (row, pages) = (end, pages + 1)
    }
    #expect(pages == 10 || pages == 9 || pages == 8)
  }
}
