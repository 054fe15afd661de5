import Settings
import Testing

@Suite struct UnitsTests {
  @Test(arguments: [
    ("5m", 300_000_000, "5.00m"), ("1.5h", 5_400_000_000, "1.50h"), ("200ms", 200_000, "200.00ms"), ("30 s", 30_000_000, "30.00s"),
    ("100d", 8_640_000_000_000, "100.00d"), ("0s", 0, "0.00us"), ("15us", 15, "15.00us"),
  ])
  func times(_ text: String, _ micros: Int64, _ shown: String) throws {
    let duration = try #require(Duration(propertyText: text))
    #expect(duration.micros == micros)
    #expect(duration.propertyText == shown)
  }

  @Test(arguments: ["", "5", "m", "-5m", "5 parsecs", "1e400h", "nanm", "99999999999999d"])
  func notTimes(_ text: String) { #expect(Duration(propertyText: text) == nil) }

  @Test(arguments: [
    ("10GB", 10 << 30, "10GB"), ("1.5kB", 1536, "1.50kB"), ("100B", 100, "100B"), ("512MB", 512 << 20, "512MB"), ("0B", 0, "0B"),
  ])
  func sizes(_ text: String, _ bytes: Int, _ shown: String) throws {
    let size = try #require(DataSize(propertyText: text))
    #expect(size.bytes == bytes)
    #expect(size.propertyText == shown)
  }

  @Test(arguments: ["10", "GB", "-1GB", "10gigs", "99999999PB"])
  func notSizes(_ text: String) { #expect(DataSize(propertyText: text) == nil) }

  @Test func noSize() {
    #expect(DataSize(propertyText: "") == .unlimited)
    #expect(DataSize.unlimited.propertyText.isEmpty)
  }
}
