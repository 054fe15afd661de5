import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let rounding: [Function] = [
    roundingIntegers(Int8.self), roundingIntegers(Int16.self), roundingIntegers(Int32.self), roundingIntegers(Int64.self), roundingFloats,
    roundingDecimals,
  ].flatMap { $0 }

  private static func roundingIntegers<T: FixedWidthInteger & SignedInteger & Storable>(_: T.Type) -> [Function] {
    [
      .scalar("abs", "Absolute value") { (x: T) -> T in
        if x == T.min { throw outOfRange("Value \(x) is out of range for abs(\(T.dataType))") }
        return x < 0 ? -x : x
      },
      .scalar("sign", "-1, 0 or 1") { (x: T) -> T in x > 0 ? 1 : x < 0 ? -1 : 0 },
      .scalar("ceil", "Rounded up") { (x: T) in x },
      .scalar("ceiling", "Rounded up") { (x: T) in x },
      .scalar("floor", "Rounded down") { (x: T) in x },
      .scalar("truncate", "Without its fraction") { (x: T) in x },
      .scalar("round", "Rounded to a whole number") { (x: T) in x },
      .scalar("round", "Rounded to so many decimal places") { (x: T, places: Int64) -> T in
        if places >= 0 { return x }
        if places < -18 { throw outOfRange("Number of decimal places out of range: \(places)") }
        let factor = Decimals.power(Int(-places)), wide = Int128(x)
        let rounded = Decimals.dividedHalfUp(wide, by: factor) * factor
        guard let result = T(exactly: rounded) else { throw outOfRange("\(T.dataType) value out of range: \(rounded)") }
        return result
      },
      .scalar("mod", "Remainder of a division") { (x: T, y: T) -> T in
        if y == 0 { throw divisionByZero }
        return y == -1 ? 0 : x % y
      },
    ]
  }

  private static let roundingFloats: [Function] = [
    .scalar("abs", "Absolute value") { (x: Double) in abs(x) },
    .scalar("abs", "Absolute value") { (x: Float) in abs(x) },
    .scalar("sign", "-1, 0 or 1") { (x: Double) in x > 0 ? 1 : x < 0 ? -1 : x },
    .scalar("sign", "-1, 0 or 1") { (x: Float) in x > 0 ? 1 : x < 0 ? -1 : x },
    .scalar("ceil", "Rounded up") { (x: Double) in x.rounded(.up) },
    .scalar("ceil", "Rounded up") { (x: Float) in x.rounded(.up) },
    .scalar("ceiling", "Rounded up") { (x: Double) in x.rounded(.up) },
    .scalar("ceiling", "Rounded up") { (x: Float) in x.rounded(.up) },
    .scalar("floor", "Rounded down") { (x: Double) in x.rounded(.down) },
    .scalar("floor", "Rounded down") { (x: Float) in x.rounded(.down) },
    .scalar("truncate", "Without its fraction") { (x: Double) in x.rounded(.towardZero) },
    .scalar("truncate", "Without its fraction") { (x: Float) in x.rounded(.towardZero) },
    .scalar("truncate", "Cut to so many decimal places") { (x: Double, places: Int64) in scaled(x, places, .towardZero) },
    .scalar("truncate", "Cut to so many decimal places") { (x: Float, places: Int64) in Float(scaled(Double(x), places, .towardZero)) },
    .scalar("round", "Rounded to a whole number") { (x: Double) in x.rounded(.toNearestOrAwayFromZero) },
    .scalar("round", "Rounded to a whole number") { (x: Float) in x.rounded(.toNearestOrAwayFromZero) },
    .scalar("round", "Rounded to so many decimal places") { (x: Double, places: Int64) in scaled(x, places, .toNearestOrAwayFromZero) },
    .scalar("round", "Rounded to so many decimal places") { (x: Float, places: Int64) in
      Float(scaled(Double(x), places, .toNearestOrAwayFromZero))
    },
    .scalar("mod", "Remainder of a division") { (x: Double, y: Double) in fmod(x, y) },
    .scalar("mod", "Remainder of a division") { (x: Float, y: Float) in fmodf(x, y) },
  ]

  /// Decimals keep their layout where the result has as many digits, else they narrow: kernels work in 128 bits and store what fits.
  private static let roundingDecimals: [Function] = [
    decimal("abs", "(decimal(p,s)) -> decimal(p,s)", "Absolute value") { x, _ in x < 0 ? -x : x },
    decimal("sign", "(decimal(p,s)) -> decimal(1,0)", "-1, 0 or 1") { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 },
    decimal("ceil", "(decimal(p,s)) -> decimal", "Rounded up", wholeDigits) { x, factor in -floorDivision(-x, factor) },
    decimal("ceiling", "(decimal(p,s)) -> decimal", "Rounded up", wholeDigits) { x, factor in -floorDivision(-x, factor) },
    decimal("floor", "(decimal(p,s)) -> decimal", "Rounded down", wholeDigits) { x, factor in floorDivision(x, factor) },
    decimal("round", "(decimal(p,s)) -> decimal", "Rounded to a whole number", wholeDigits) { x, factor in
      Decimals.dividedHalfUp(x, by: factor)
    },
    decimal(
      "truncate", "(decimal(p,s)) -> decimal", "Without its fraction",
      { type in if case .decimal(let p, let s) = type { .decimal(precision: max(p - s, 1), scale: 0) } else { nil } }
    ) { x, factor in x / factor },
    decimalPlaces(
      "round", "(decimal(p,s), bigint) -> decimal", "Rounded to so many decimal places",
      { type in if case .decimal(let p, let s) = type { .decimal(precision: min(38, p + 1), scale: s) } else { nil } },
      places: { x, unit in Decimals.dividedHalfUp(x, by: unit) &* unit }),
    decimalPlaces(
      "truncate", "(decimal(p,s), bigint) -> decimal", "Cut to so many decimal places", { $0 }, places: { x, unit in x / unit &* unit }),
    Function(
      "mod", .scalar,
      Signature([.family("decimal"), .family("decimal")], resultText: "decimal") { types in
        guard case .decimal(let p, let s) = types[0], case .decimal(let q, let t) = types[1] else { return nil }
        return .decimal(precision: min(38, min(q - t, p - s) + max(s, t)), scale: max(s, t))
      }, "Remainder of a division",
      .scalar { types, result in
        guard case .decimal(_, let s) = types[0], case .decimal(_, let t) = types[1] else { return nil }
        let left = Decimals.power(max(s, t) - s), right = Decimals.power(max(s, t) - t)
        return { arguments, rows, _ in
          try Decimals.binary(arguments[0], arguments[1], rows, result) { x, y in
            if y == 0 { throw divisionByZero }
            let (a, overA) = x.multipliedReportingOverflow(by: left), (b, overB) = y.multipliedReportingOverflow(by: right)
            if overA || overB { throw outOfRange("Decimal overflow") }
            return b == -1 ? 0 : a % b
          }
        }
      }),
  ]

  private static func wholeDigits(_ type: DataType) -> DataType? {
    guard case .decimal(let p, let s) = type else { return nil }
    return .decimal(precision: min(38, max(1, p - s + min(s, 1))), scale: 0)
  }

  /// `body` gets the unscaled value and 10^scale.
  private static func decimal(
    _ name: String, _ signature: String, _ summary: String, _ result: @escaping @Sendable (DataType) -> DataType? = { $0 },
    _ body: @escaping @Sendable (Int128, Int128) -> Int128
  ) -> Function {
    var shape = Signature(signature)
    if name != "sign" { shape.result = { result($0[0]) } }
    return Function(
      name, .scalar, shape, summary,
      .scalar { types, result in
        guard case .decimal(_, let scale) = types[0] else { return nil }
        let factor = Decimals.power(scale)
        return { arguments, rows, _ in try Decimals.unary(arguments[0], rows, result) { body($0, factor) } }
      })
  }

  /// `places` gets the unscaled value and the unit it is to be a multiple of.
  private static func decimalPlaces(
    _ name: String, _ signature: String, _ summary: String, _ result: @escaping @Sendable (DataType) -> DataType?,
    places: @escaping @Sendable (Int128, Int128) -> Int128
  ) -> Function {
    var shape = Signature(signature)
    shape.result = { result($0[0]) }
    return Function(
      name, .scalar, shape, summary,
      .scalar { types, result in
        guard case .decimal(let precision, let scale) = types[0] else { return nil }
        return { arguments, rows, _ in
          try Decimals.binary(arguments[0], arguments[1], rows, result) { x, wanted in
            if wanted >= Int128(scale) { return x }
            let dropped = Int128(scale) - wanted
            if dropped > Int128(precision) || dropped > 38 { return 0 }
            let value = places(x, Decimals.power(Int(dropped)))
            return try decimal38(value)
          }
        }
      })
  }

  private static func floorDivision(_ x: Int128, _ y: Int128) -> Int128 {
    let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

/// `x` at so many decimal places. Numbers too large to have such places stay as they are.
private func scaled(_ x: Double, _ places: Int64, _ rule: FloatingPointRoundingRule) -> Double {
  if !x.isFinite { return x }
  let factor = pow(10, Double(places)), product = x * factor
  if !product.isFinite || abs(product) >= 9_007_199_254_740_992 { return x }
  let rounded = product.rounded(rule)
  return factor == 0 ? 0 : rounded / factor
}
