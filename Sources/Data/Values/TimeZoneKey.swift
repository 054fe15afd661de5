/// The interned number of a time zone: 16 bits in every zoned timestamp. Key 0 is UTC; fixed offsets have fixed keys; named zones get theirs
/// when first seen, so that keys mean something only within one process and travel as names.
@frozen public struct TimeZoneKey: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16

  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let utc = TimeZoneKey(rawValue: 0)

  /// Offsets of -14:00 … +14:00 lie at 1…1681.
  @inlinable static var firstNamed: UInt16 { 2048 }

  /// nil beyond 14 hours.
  public init?(offsetMinutes: Int) {
    guard abs(offsetMinutes) <= 840 else { return nil }
    rawValue = offsetMinutes == 0 ? 0 : UInt16(offsetMinutes + 841)
  }

  /// The offset of a fixed-offset zone; nil for a named one.
  public var fixedOffsetMinutes: Int? {
    if rawValue == 0 { return 0 }
    return rawValue < TimeZoneKey.firstNamed ? Int(rawValue) - 841 : nil
  }
}
