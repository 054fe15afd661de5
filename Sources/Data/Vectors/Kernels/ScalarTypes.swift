import Values

// Swift types for SQL types that share a layout with others: what a function's closure names to say `date` and not `integer`.

/// varchar.
public typealias Text = Bytes

/// varbinary.
@frozen public struct Binary: Storable {
  public typealias Stored = Binary
  public var bytes: Bytes
  @inlinable public init(_ bytes: Bytes) { self.bytes = bytes }
  public static var dataType: DataType { .varbinary }
}

/// json: the text of one JSON value.
@frozen public struct JSONText: Storable {
  public typealias Stored = JSONText
  public var bytes: Bytes
  @inlinable public init(_ bytes: Bytes) { self.bytes = bytes }
  public static var dataType: DataType { .json }
}

/// date: days since 1970-01-01.
@frozen public struct Date: Storable {
  public typealias Stored = Date
  public var days: Int32
  @inlinable public init(days: Int32) { self.days = days }
  public static var dataType: DataType { .date }
}

/// timestamp of at most six digits: microseconds since 1970-01-01 00:00:00.
@frozen public struct Timestamp: Storable {
  public typealias Stored = Timestamp
  public var micros: Int64
  @inlinable public init(micros: Int64) { self.micros = micros }
  public static var dataType: DataType { .timestamp(precision: 6) }
}

/// time: picoseconds of the day.
@frozen public struct TimeOfDay: Storable {
  public typealias Stored = TimeOfDay
  public var picoseconds: Int64
  @inlinable public init(picoseconds: Int64) { self.picoseconds = picoseconds }
  public static var dataType: DataType { .time(precision: 12) }
}

/// interval day to second: milliseconds.
@frozen public struct DayInterval: Storable {
  public typealias Stored = DayInterval
  public var millis: Int64
  @inlinable public init(millis: Int64) { self.millis = millis }
  public static var dataType: DataType { .intervalDayToSecond }
}

/// interval year to month: months.
@frozen public struct MonthInterval: Storable {
  public typealias Stored = MonthInterval
  public var months: Int32
  @inlinable public init(months: Int32) { self.months = months }
  public static var dataType: DataType { .intervalYearToMonth }
}

extension ZonedTimestamp: Storable {
  public typealias Stored = ZonedTimestamp
  public static var dataType: DataType { .timestampWithTimeZone(precision: 12) }
}
