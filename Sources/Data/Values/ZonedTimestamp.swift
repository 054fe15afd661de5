/// An instant and the zone it is shown in.
///
///     127                                    16 15          0
///     ├ picoseconds since 1970-01-01 00:00 UTC ┼ zone key    ┤
///
/// Values compare by the instant alone. Zone keys are interned per process: see `TimeZoneKey`. Key 0 is UTC.
@frozen public struct ZonedTimestamp: BitwiseCopyable, Sendable {
  public var bits: Int128

  @inlinable public init(bits: Int128) { self.bits = bits }

  @inlinable public init(picoseconds: Int128, zone: TimeZoneKey) { bits = picoseconds &<< 16 | Int128(zone.rawValue) }

  @inlinable public var picoseconds: Int128 { bits &>> 16 }
  @inlinable public var zone: TimeZoneKey { TimeZoneKey(rawValue: UInt16(truncatingIfNeeded: bits)) }

  /// Microseconds since the epoch, rounded down.
  @inlinable public var micros: Int64 {
    let (quotient, remainder) = picoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return Int64(truncatingIfNeeded: remainder < 0 ? quotient - 1 : quotient)
  }
}

/// A time of the day and the offset from UTC it is shown in.
///
///     63..0 of the upper part: picoseconds of the day in UTC << 16 | offset in minutes + 2^15
@frozen public struct ZonedTime: BitwiseCopyable, Sendable {
  public var bits: Int128

  @inlinable public init(bits: Int128) { self.bits = bits }

  /// `picoseconds` in UTC, brought into one day.
  @inlinable public init(picoseconds: Int64, offsetMinutes: Int) {
    let day: Int64 = 86_400_000_000_000_000
    let rest = picoseconds % day
    bits = Int128(rest < 0 ? rest + day : rest) &<< 16 | Int128(offsetMinutes + 32768)
  }

  @inlinable public var picoseconds: Int64 { Int64(truncatingIfNeeded: bits &>> 16) }
  @inlinable public var offsetMinutes: Int { Int(UInt16(truncatingIfNeeded: bits)) - 32768 }
}
