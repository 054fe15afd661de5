import Expressions
import Testing
import Values
import Vectors

@Suite struct CastTests {
  @Test(arguments: [
    ("12", DataType.bigint, "12"), ("-0", .integer, "0"), ("+7", .tinyint, "7"), ("1.5", .double, "1.5"), (" 1e3 ", .double, "1000.0"),
    ("1e10", .double, "1.0E10"), ("0.0001", .double, "1.0E-4"), ("0.001", .double, "0.001"), ("NaN", .double, "NaN"),
    ("-Infinity", .double, "-Infinity"),
    ("123456789012345678", .double, "1.2345678901234568E17"), ("0.1", .real, "0.1"), ("true", .boolean, "true"), ("F", .boolean, "false"),
    ("12.345", .decimal(precision: 5, scale: 2), "12.35"), ("-12.345", .decimal(precision: 5, scale: 2), "-12.35"),
    (".5", .decimal(precision: 2, scale: 1), "0.5"),
    ("1e2", .decimal(precision: 5, scale: 1), "100.0"),
    ("99999999999999999999999999999999999999", .decimal(precision: 38, scale: 0), "99999999999999999999999999999999999999"),
    ("2024-02-29", .date, "2024-02-29"), ("-0044-03-15", .date, "-0044-03-15"), (" 2024-2-9 ", .date, "2024-02-09"),
    ("2024-01-02 03:04:05.678", .timestamp(precision: 3), "2024-01-02 03:04:05.678"),
    ("2024-01-02 03:04", .timestamp(precision: 0), "2024-01-02 03:04:00"),
    ("2024-01-02 03:04 +05:30", .timestamp(precision: 0), "2024-01-02 03:04:00"),
    ("2024-01-02 23:59:59.9999999", .timestamp(precision: 6), "2024-01-03 00:00:00.000000"),
    ("1969-12-31 23:59:59.5", .timestamp(precision: 1), "1969-12-31 23:59:59.5"),
    ("2024-01-02 03:04:05.123456789012", .timestamp(precision: 12), "2024-01-02 03:04:05.123456789012"),
    ("2024-07-01 12:00 Europe/Berlin", .timestampWithTimeZone(precision: 3), "2024-07-01 12:00:00.000 Europe/Berlin"),
    ("2024-07-01 12:00:00 +02:00", .timestampWithTimeZone(precision: 0), "2024-07-01 12:00:00 +02:00"),
    ("2024-07-01", .timestampWithTimeZone(precision: 0), "2024-07-01 00:00:00 UTC"),
    ("01:02:03.4", .time(precision: 3), "01:02:03.400"), ("01:02:03.456+05:30", .timeWithTimeZone(precision: 3), "01:02:03.456+05:30"),
    ("12151fd2-7586-11e9-8f9e-2a86e4085a59", .uuid, "12151fd2-7586-11e9-8f9e-2a86e4085a59"), ("10.0.0.1", .ipaddress, "10.0.0.1"),
    ("2001:db8:0:0:0:0:0:1", .ipaddress, "2001:db8::1"), ("::", .ipaddress, "::"), ("1::2", .ipaddress, "1::2"),
    ("äöü", .varchar(length: 2), "äö"),
    ("ab  ", .char(length: 6), "ab    "),
  ])
  func textToValue(_ text: String, _ type: DataType, _ shown: String) throws {
    #expect(try Scenario.cast(text, to: type) == shown)
    #expect(try Scenario.cast(text, to: type, safe: true) == shown)
  }

  @Test(arguments: [
    ("x", DataType.bigint, "Cannot cast 'x' to BIGINT"), ("128", .tinyint, "Cannot cast '128' to TINYINT"),
    ("", .integer, "Cannot cast '' to INT"),
    ("9223372036854775808", .bigint, "Cannot cast '9223372036854775808' to BIGINT"), ("1x", .double, "Cannot cast '1x' to DOUBLE"),
    ("0x10", .double, "Cannot cast '0x10' to DOUBLE"), ("yes", .boolean, "Cannot cast 'yes' to BOOLEAN"),
    ("2023-02-29", .date, "Value cannot be cast to date: 2023-02-29"),
    ("2024-01-01 25:00", .timestamp(precision: 3), "Value cannot be cast to timestamp: 2024-01-01 25:00"),
    ("2024-01-02T03:04", .timestamp(precision: 3), "Value cannot be cast to timestamp: 2024-01-02T03:04"),
    ("a", .decimal(precision: 3, scale: 1), "Cannot cast VARCHAR 'a' to DECIMAL(3, 1). Value is not a number."),
    ("100", .decimal(precision: 3, scale: 1), "Cannot cast VARCHAR '100' to DECIMAL(3, 1). Value too large."),
    (
      "2024-01-01 00:00 Nowhere/Land", .timestampWithTimeZone(precision: 3),
      "Value cannot be cast to timestamp: 2024-01-01 00:00 Nowhere/Land"
    ),
  ])
  func textThatDoesNotFit(_ text: String, _ type: DataType, _ message: String) throws {
    let error = Scenario.failure { _ = try Scenario.cast(text, to: type) }
    #expect(error?.code == .invalidCastArgument)
    #expect(error?.message == message)
    #expect(try Scenario.cast(text, to: type, safe: true) == nil)
  }

  @Test(arguments: [
    ("1", DataType.double, "1.0E0"), ("1.5", .double, "1.5E0"), ("1234567.5", .double, "1.2345675E6"), ("0.001", .double, "1.0E-3"),
    ("NaN", .double, "NaN"),
    ("0.1", .real, "1.0E-1"), ("12.30", .decimal(precision: 4, scale: 2), "12.30"), ("-0.05", .decimal(precision: 4, scale: 2), "-0.05"),
    ("true", .boolean, "true"),
    ("2024-01-02", .date, "2024-01-02"), ("2024-01-02 03:04:05", .timestamp(precision: 3), "2024-01-02 03:04:05.000"),
    ("-128", .tinyint, "-128"),
  ])
  func valueToText(_ text: String, _ type: DataType, _ shown: String) throws {
    #expect(try Scenario.cast(text, from: type, to: .varchar) == shown)
    #expect(Scenario.failure { _ = try Scenario.cast(text, from: type, to: .varchar(length: 1)) }?.code == .invalidCastArgument)
  }

  @Test(arguments: [
    ("2.5", DataType.double, DataType.bigint, "3"), ("-2.5", .double, .bigint, "-3"), ("1e10", .double, .bigint, "10000000000"),
    ("2.5", .decimal(precision: 3, scale: 1), .integer, "3"),
    ("-2.5", .decimal(precision: 3, scale: 1), .bigint, "-3"), ("0.145", .double, .decimal(precision: 5, scale: 2), "0.15"),
    ("7", .bigint, .decimal(precision: 3, scale: 2), "7.00"),
    ("12.345", .decimal(precision: 5, scale: 3), .decimal(precision: 4, scale: 1), "12.3"),
    ("12.35", .decimal(precision: 4, scale: 2), .double, "12.35"),
    ("123456789012345678901234567890.5", .decimal(precision: 38, scale: 1), .double, "1.2345678901234568E29"),
    ("3", .integer, .boolean, "true"), ("true", .boolean, .double, "1.0"),
    ("2024-05-06", .date, .timestamp(precision: 3), "2024-05-06 00:00:00.000"),
    ("2024-05-06 23:59:59.999", .timestamp(precision: 3), .date, "2024-05-06"),
    ("1969-12-31 23:00:00", .timestamp(precision: 3), .date, "1969-12-31"),
    ("2024-05-06 01:02:03.456", .timestamp(precision: 3), .time(precision: 1), "01:02:03.5"),
    ("2024-05-06 01:02:03.4567", .timestamp(precision: 6), .timestamp(precision: 3), "2024-05-06 01:02:03.457"),
    ("2024-05-06 01:02:03", .timestamp(precision: 3), .timestampWithTimeZone(precision: 3), "2024-05-06 01:02:03.000 UTC"),
    ("2024-05-06 23:30:00 America/New_York", .timestampWithTimeZone(precision: 3), .timestamp(precision: 3), "2024-05-06 23:30:00.000"),
    ("2024-05-06 23:30:00 America/New_York", .timestampWithTimeZone(precision: 3), .date, "2024-05-06"),
    ("2024-05-06 23:30:00 -02:00", .timestampWithTimeZone(precision: 3), .timeWithTimeZone(precision: 0), "23:30:00-02:00"),
    ("10:20:30", .time(precision: 0), .timestamp(precision: 0), "2024-03-10 10:20:30"),
  ])
  func valueToValue(_ text: String, _ from: DataType, _ to: DataType, _ shown: String) throws {
    #expect(try Scenario.cast(text, from: from, to: to) == shown)
  }

  @Test func rangesOfNumbers() throws {
    #expect(Scenario.failure { _ = try Scenario.cast("300", from: .bigint, to: .tinyint) }?.message == "Out of range for tinyint: 300")
    #expect(Scenario.failure { _ = try Scenario.cast("300", from: .bigint, to: .tinyint) }?.code == .numericValueOutOfRange)
    #expect(Scenario.failure { _ = try Scenario.cast("1e300", from: .double, to: .bigint) }?.code == .invalidCastArgument)
    #expect(
      Scenario.failure { _ = try Scenario.cast("1000", from: .bigint, to: .decimal(precision: 3, scale: 0)) }?.message
        == "Cannot cast BIGINT '1000' to DECIMAL(3, 0)")
    #expect(try Scenario.cast("1000", from: .bigint, to: .decimal(precision: 3, scale: 0), safe: true) == nil)
  }

  @Test func nestedCastsLeaveNullRowsAlone() throws {
    let from = DataType.array(.varchar), to = DataType.array(.bigint)
    let builder = VectorBuilder(from, capacity: 3)
    builder.append(.sequence([.text("1"), .null, .text("3")]))
    builder.appendNull()
    builder.append(.sequence([]))
    let vector = builder.finish()
    let result = try Scenario.evaluate(.cast(.reference(0, from), to: to, safe: false), [vector], count: 3)
    #expect((0..<3).map { result.text(at: $0) } == ["[1, null, 3]", nil, "[]"])
    let bad = Vector.constant(.sequence([.text("x")]), from, count: 2).flattened()
    #expect(Scenario.failure { _ = try Scenario.evaluate(.cast(.reference(0, from), to: to, safe: false), [bad], count: 2) } != nil)
    #expect(try Scenario.evaluate(.cast(.reference(0, from), to: to, safe: true), [bad], count: 2).isNull(at: 1))
  }

  /// Whatever is called castable has a kernel, and nothing else does (JSON apart, which others provide).
  @Test func theTableAndTheKernelsAgree() throws {
    let types: [DataType] = [
      .unknown, .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal(precision: 10, scale: 2),
      .decimal(precision: 30, scale: 2), .varchar,
      .varchar(length: 5), .char(length: 5), .varbinary, .date, .time(precision: 3), .timeWithTimeZone(precision: 3),
      .timestamp(precision: 3), .timestamp(precision: 9),
      .timestampWithTimeZone(precision: 3), .intervalDayToSecond, .intervalYearToMonth, .uuid, .ipaddress, .array(.bigint),
      .map(key: .varchar, value: .bigint),
      .row([.init("a", .bigint)]),
    ]
    for from in types {
      for to in types where to != .unknown {
        let error = Scenario.failure {
          _ = try Evaluator(.cast(.reference(0, from), to: to, safe: false), functions: Scenario.functions, context: Scenario.context)
        }
        #expect((error == nil) == Coercion.canCast(from, to: to), "\(from) to \(to): \(error?.message ?? "castable")")
      }
    }
  }
}
