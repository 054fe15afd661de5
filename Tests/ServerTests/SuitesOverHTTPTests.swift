import Foundation
import Testing

/// The files of `Tests/Suites` as a client of Trino's protocol has them; `SuiteTests` runs them embedded.
struct SuitesOverHTTPTests {
  private static let shards = 2

  @Test("Every suite answers over HTTP as it does embedded", arguments: 0..<shards)
  func suites(shard: Int) async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Suites")
    try await ServerFixture.run { fixture in
      let (isWell, output) = try await fixture.python("suite_checks.py", [folder.path, "\(shard)", "\(SuitesOverHTTPTests.shards)"])
      #expect(isWell && output.contains("all well"), "\(output)")
    }
  }
}
