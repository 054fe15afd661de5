import Testing
import Values

@Suite struct TimeZoneTests {
  /// 2024-01-15 12:00 and 2024-07-15 12:00 UTC.
  private let winter: Int64 = 1_705_320_000, summer: Int64 = 1_721_044_800

  @Test(arguments: [
    ("Europe/Berlin", 3600, 7200), ("America/New_York", -18000, -14400), ("Asia/Kolkata", 19800, 19800), ("Australia/Sydney", 39600, 36000),
    ("UTC", 0, 0), ("+02:30", 9000, 9000), ("-5", -18000, -18000), ("UTC+1", 3600, 3600), ("europe/berlin", 3600, 7200),
  ])
  func offsets(_ name: String, _ january: Int, _ july: Int) throws {
    let key = try TimeZoneKey(name)
    #expect(key.offset(at: winter) == january)
    #expect(key.offset(at: summer) == july)
  }

  @Test func rulesGoOnAfterTheLastTransition() throws {
    let zone = try TimeZoneKey("Europe/Berlin").zone
    // 2150-07-01 and 2150-12-01
    #expect(zone.offset(at: Int64(Calendar.days(year: 2150, month: 7, day: 1)) * 86_400) == 7200)
    #expect(zone.offset(at: Int64(Calendar.days(year: 2150, month: 12, day: 1)) * 86_400) == 3600)
    let south = try TimeZoneKey("Australia/Sydney").zone
    #expect(south.offset(at: Int64(Calendar.days(year: 2150, month: 1, day: 1)) * 86_400) == 39600)
  }

  @Test func localTimesInGapsAndOverlaps() throws {
    let zone = try TimeZoneKey("Europe/Berlin").zone
    func local(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int) -> Int64 {
      Int64(Calendar.days(year: 2024, month: month, day: day)) * 86_400 + Int64(hour * 3600 + minute * 60)
    }
    // clocks jump from 2:00 to 3:00 on 31 March: 2:30 is read with the old offset
    #expect(zone.offset(atLocal: local(3, 31, 1, 59)) == 3600)
    #expect(zone.offset(atLocal: local(3, 31, 2, 30)) == 3600)
    #expect(zone.offset(atLocal: local(3, 31, 3, 0)) == 7200)
    // and back from 3:00 to 2:00 on 27 October: 2:30 happens twice, the first counts
    #expect(zone.offset(atLocal: local(10, 27, 1, 30)) == 7200)
    #expect(zone.offset(atLocal: local(10, 27, 2, 30)) == 7200)
    #expect(zone.offset(atLocal: local(10, 27, 3, 0)) == 3600)
  }

  @Test func namesAreInterned() throws {
    let a = try TimeZoneKey("Europe/Paris"), b = try TimeZoneKey("Europe/Paris")
    #expect(a == b)
    #expect(a.name == "Europe/Paris")
    #expect(try TimeZoneKey("Z") == .utc)
    #expect(try TimeZoneKey("+00:00") == .utc)
    #expect(try TimeZoneKey("-03:30").name == "-03:30")
    #expect(try TimeZoneKey("-03:30").fixedOffsetMinutes == -210)
  }

  @Test(arguments: ["Europe/Nowhere", "", "../etc/passwd", "/etc/passwd", "+15:00", "+1:2:3", "tz data", "+02:60"])
  func refuses(_ name: String) {
    let error = #expect(throws: PrestoError.self) { try TimeZoneKey(name) }
    #expect(error?.code == .invalidFunctionArgument)
  }

  @Test func zonedTimestampsPackBothWays() throws {
    let zone = try TimeZoneKey("Asia/Tokyo")
    for picoseconds: Int128 in [0, 1, -1, 1_700_000_000_123_456_789_012, -62_135_596_800_000_000_000_000] {
      let value = ZonedTimestamp(picoseconds: picoseconds, zone: zone)
      #expect(value.picoseconds == picoseconds)
      #expect(value.zone == zone)
    }
    #expect(ZonedTimestamp(picoseconds: -1, zone: .utc).micros == -1)
    let time = ZonedTime(picoseconds: -3_600_000_000_000_000, offsetMinutes: -210)
    #expect(time.picoseconds == 82_800_000_000_000_000)
    #expect(time.offsetMinutes == -210)
  }
}
