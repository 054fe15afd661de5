import Analysis
import Expressions
import Plans
import Testing
import Values

/// Literals whose values analysis reads itself.
@Suite struct AnalysisTextTests {
  private func value(_ literal: String) async throws -> Constant? {
    guard case .project(let node) = try await AnalysisFixture().plan("SELECT \(literal)").plan.inputs[0].node,
      case .constant(let value, _) = node.assignments[0].value
    else { return nil }
    return value
  }

  @Test(
    arguments: [
      ("INTERVAL '3' DAY", 259_200_000), ("INTERVAL -'1' HOUR", -3_600_000), ("INTERVAL '2 04:05:06.789' DAY TO SECOND", 187_506_789),
      ("INTERVAL '1:30' MINUTE TO SECOND", 90_000), ("INTERVAL '1.5' SECOND", 1_500), ("INTERVAL '2' YEAR", 24),
      ("INTERVAL '-1-6' YEAR TO MONTH", -18), ("INTERVAL '1' WEEK", 604_800_000), ("1.50", 150), ("-0.05", -5),
    ] as [(String, Int64)])
  func numbers(_ literal: String, _ expected: Int64) async throws { #expect(try await value(literal) == .integer(expected)) }

  @Test(arguments: [
    "INTERVAL 'x' DAY", "INTERVAL '1-' YEAR TO MONTH", "INTERVAL '1:2:3' HOUR TO MINUTE", "INTERVAL '99999999999999999' DAY",
  ])
  func badIntervals(_ literal: String) async throws {
    #expect(try await AnalysisFixture().error("SELECT \(literal)").hasPrefix("INVALID_LITERAL"))
  }

  @Test(arguments: [
    ("DATE '2020-02-30'", "INVALID_LITERAL: line 1:8: '2020-02-30' is not a valid DATE literal"),
    ("TIMESTAMP 'noon'", "INVALID_LITERAL: line 1:8: 'noon' is not a valid TIMESTAMP literal"),
  ])
  func badTimes(_ literal: String, _ expected: String) async throws {
    #expect(try await AnalysisFixture().error("SELECT \(literal)") == expected)
  }

  @Test(arguments: [
    ("TIMESTAMP '2020-01-01 10:20:30'", "timestamp(0)"), ("TIMESTAMP '2020-01-01 10:20:30.123456'", "timestamp(6)"),
    ("TIMESTAMP '2020-01-01 10:20:30.1 Europe/Berlin'", "timestamp(1) with time zone"), ("TIMESTAMP '2020-01-01'", "timestamp(0)"),
    ("TIME '10:20:30.12'", "time(2)"), ("DECIMAL '12.50'", "decimal(4,2)"), ("0.05", "decimal(2,2)"), ("BIGINT '5'", "bigint"),
    ("CURRENT_DATE", "date"), ("LOCALTIMESTAMP(6)", "timestamp(6)"),
  ])
  func types(_ literal: String, _ expected: String) async throws {
    #expect(try await AnalysisFixture().columns("SELECT \(literal)") == ["_col0 \(expected)"])
  }
}
