/// How physical values become the slots of our layouts. Done once per page, in a loop per case.
enum SlotConversion: Sendable, Equatable {
  /// Physical values are slots already: 4 or 8 bytes.
  case copy4, copy8
  case boolean
  case int32ToInt8, int32ToInt16, int32ToInt64, int32ToInt128
  case uint32ToInt64, uint64ToInt128
  case int32Scaled(Int64)
  /// Fails on overflow.
  case int64Scaled(Int64)
  case int64ScaledWide(Int128)
  /// Nanoseconds of the day and Julian day.
  case int96
  case float16
  /// Views into the page.
  case texts, fixedTexts
  /// Big-endian two's complement.
  case fixedDecimal64, fixedDecimal128, textDecimal64, textDecimal128
  /// A column of nothing but nulls, or one that is never read.
  case nothing

  /// Bytes of a slot.
  var width: Int {
    switch self {
    case .boolean, .int32ToInt8, .nothing: 1
    case .int32ToInt16: 2
    case .copy4, .float16: 4
    case .copy8, .int32ToInt64, .uint32ToInt64, .int32Scaled, .int64Scaled, .fixedDecimal64, .textDecimal64: 8
    case .int32ToInt128, .uint64ToInt128, .int64ScaledWide, .int96, .texts, .fixedTexts, .fixedDecimal128, .textDecimal128: 16
    }
  }

  /// Slots hold views.
  var isText: Bool { self == .texts || self == .fixedTexts }
}
