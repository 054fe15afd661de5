import Values

extension SchemaElement {
  /// The newer annotation if there is one, else what the older one means.
  var annotation: Annotation {
    if logical != .none && logical != .unknown { return logical }
    guard let converted else { return logical }
    switch converted {
    case 0: return .string
    case 1: return .map
    case 2: return .mapKeyValue
    case 3: return .list
    case 4: return .enumeration
    case 5: return .decimal(precision: precision, scale: scale)
    case 6: return .date
    // Old annotations claim UTC, but the writers that used nothing else meant local time; Arrow and DuckDB read them so too.
    case 7: return .time(.milliseconds, isAdjustedToUTC: false)
    case 8: return .time(.microseconds, isAdjustedToUTC: false)
    case 9: return .timestamp(.milliseconds, isAdjustedToUTC: false)
    case 10: return .timestamp(.microseconds, isAdjustedToUTC: false)
    case 11...14: return .integer(bits: 8 << Int(converted - 11), isSigned: false)
    case 15...18: return .integer(bits: 8 << Int(converted - 15), isSigned: true)
    case 19: return .json
    case 20: return .bson
    case 21: return .interval
    default: return .unknown
    }
  }

  /// Our type, how physical values become its slots, and why the column cannot be read, if so.
  ///
  /// An annotation that does not go with the physical type is ignored, as the format asks.
  func slotType(_ physical: PhysicalType) -> (DataType, SlotConversion, String?) {
    switch (physical, annotation) {
    case (_, .decimal(let precision, let scale))
    where physical != .boolean && physical != .int96 && physical != .float && physical != .double:
      return decimalType(physical, precision, scale)
    case (.int32, .null), (.int64, .null), (.boolean, .null), (.byteArray, .null), (.fixedLengthByteArray, .null), (.float, .null),
      (.double, .null), (.int96, .null):
      return (.unknown, .nothing, nil)
    case (.boolean, _): return (.boolean, .boolean, nil)
    case (.int32, .date): return (.date, .copy4, nil)
    case (.int32, .integer(8, true)): return (.tinyint, .int32ToInt8, nil)
    case (.int32, .integer(16, true)): return (.smallint, .int32ToInt16, nil)
    case (.int32, .integer(8, false)): return (.smallint, .int32ToInt16, nil)
    case (.int32, .integer(16, false)): return (.integer, .copy4, nil)
    case (.int32, .integer(32, false)): return (.bigint, .uint32ToInt64, nil)
    case (.int32, .time(.milliseconds, _)): return (.time(precision: 3), .int32Scaled(1_000_000_000), nil)
    case (.int32, _): return (.integer, .copy4, nil)
    case (.int64, .integer(64, false)): return (.decimal(precision: 20, scale: 0), .uint64ToInt128, nil)
    case (.int64, .time(.microseconds, _)): return (.time(precision: 6), .int64Scaled(1_000_000), nil)
    case (.int64, .time(.nanoseconds, _)): return (.time(precision: 9), .int64Scaled(1_000), nil)
    case (.int64, .timestamp(.milliseconds, false)): return (.timestamp(precision: 3), .int64Scaled(1_000), nil)
    case (.int64, .timestamp(.microseconds, false)): return (.timestamp(precision: 6), .copy8, nil)
    case (.int64, .timestamp(.nanoseconds, false)): return (.timestamp(precision: 9), .int64ScaledWide(1_000), nil)
    case (.int64, .timestamp(.milliseconds, true)):
      return (.timestampWithTimeZone(precision: 3), .int64ScaledWide(1_000_000_000 << 16), nil)
    case (.int64, .timestamp(.microseconds, true)): return (.timestampWithTimeZone(precision: 6), .int64ScaledWide(1_000_000 << 16), nil)
    case (.int64, .timestamp(.nanoseconds, true)): return (.timestampWithTimeZone(precision: 9), .int64ScaledWide(1_000 << 16), nil)
    case (.int64, _): return (.bigint, .copy8, nil)
    case (.int96, _): return (.timestamp(precision: 9), .int96, nil)
    case (.float, _): return (.real, .copy4, nil)
    case (.double, _): return (.double, .copy8, nil)
    case (.byteArray, .string), (.byteArray, .enumeration): return (.varchar, .texts, nil)
    case (.byteArray, .json): return (.json, .texts, nil)
    case (.byteArray, _): return (.varbinary, .texts, nil)
    case (.fixedLengthByteArray, .uuid) where length == 16: return (.uuid, .fixedTexts, nil)
    case (.fixedLengthByteArray, .float16) where length == 2: return (.real, .float16, nil)
    case (.fixedLengthByteArray, .string), (.fixedLengthByteArray, .enumeration): return (.varchar, .fixedTexts, nil)
    case (.fixedLengthByteArray, _): return (.varbinary, .fixedTexts, nil)
    }
  }

  private func decimalType(_ physical: PhysicalType, _ precision: Int, _ scale: Int) -> (DataType, SlotConversion, String?) {
    guard precision >= 1, precision <= 38, scale >= 0, scale <= precision else {
      return (.unknown, .nothing, "decimal(\(precision),\(scale)) is outside the 38 digits of SQL decimals")
    }
    let isShort = precision <= 18
    let conversion: SlotConversion =
      switch physical {
      case .int32: isShort ? .int32ToInt64 : .int32ToInt128
      case .int64: isShort ? .copy8 : .int64ScaledWide(1)
      case .fixedLengthByteArray: isShort ? .fixedDecimal64 : .fixedDecimal128
      case .byteArray: isShort ? .textDecimal64 : .textDecimal128
      case .boolean, .int96, .float, .double: .nothing
      }
    return (.decimal(precision: precision, scale: scale), conversion, nil)
  }
}
