import Testing
import Values

@testable import Vectors

/// Arithmetic kernels against one value at a time, with values near the ends of the types.
@Suite struct ArithmeticTests {
  private static let encodings: [Encoding] = [.flat, .flatWithoutNulls, .dictionary, .constant, .nullConstant, .masked]
  private static let integers: [(DataType, bits: Int128)] = [(.tinyint, 8), (.smallint, 16), (.integer, 32), (.bigint, 64)]

  /// Mostly small, sometimes near an end.
  private static func integers(_ random: inout Randomness, _ bits: Int128, _ count: Int, _ encoding: Encoding, _ type: DataType) -> (
    Vector, [Int128?]
  ) {
    let high = (Int128(1) << (bits - 1)) - 1
    func value(_ random: inout Randomness) -> Int128 {
      switch random.below(40) {
      case 0: -high - 1
      case 1: high
      case 2: high - Int128(random.below(3))
      case 3: Int128(random.next() % UInt64(high)) * (random.chance(2) ? 1 : -1)
      default: Int128(random.below(23)) - 11
      }
    }
    return made(type, count, encoding, &random) { .integer(Int64(value(&$0))) }
  }

  /// A column of given values in an encoding.
  private static func made(
    _ type: DataType, _ count: Int, _ encoding: Encoding, _ random: inout Randomness, _ value: (inout Randomness) -> Constant
  ) -> (
    Vector, [Int128?]
  ) {
    var values: [Constant]
    let vector: Vector
    switch encoding {
    case .constant:
      let one = value(&random)
      values = Array(repeating: one, count: count)
      vector = .constant(one, type, count: count)
    case .nullConstant:
      values = Array(repeating: .null, count: count)
      vector = .nulls(type, count: count)
    case .dictionary:
      let entries = (0..<13).map { _ in random.chance(5) ? Constant.null : value(&random) }, chosen = random.rows(count, below: 13)
      values = chosen.map { entries[Int($0)] }
      vector = .dictionary(random.vector(type, entries), indices: random.buffer(chosen), count: count)
    case .masked:
      // null rows with anything in their slots
      values = (0..<count).map { _ in value(&random) }
      let bits = Bitmap(repeating: true, count: count), whole = random.vector(type, values)
      for i in 0..<count where random.chance(2) {
        bits.pointer.clearBit(i)
        values[i] = .null
      }
      vector = whole.masked(by: bits)
    default:
      values = (0..<count).map { _ in encoding == .flat && random.chance(5) ? .null : value(&random) }
      vector = random.vector(type, values)
    }
    return (vector, values.map(\.wideValue))
  }

  @Test(arguments: ArithmeticOperator.allCases)
  func integersOverflowWhereTheyMust(_ op: ArithmeticOperator) throws {
    for (type, bits) in Self.integers {
      let kernel = try #require(Arithmetic.kernel(op, type))
      let low = -(Int128(1) << (bits - 1)), high = -low - 1
      var thrown = 0, computed = 0
      for seed in 0..<UInt64(160) {
        var random = Randomness(seed + 1)
        let count = [1, 2, 64, 65][Int(seed % 4)]
        let (a, x) = Self.integers(&random, bits, count, Self.encodings[random.below(6)], type)
        let (b, y) = Self.integers(&random, bits, count, Self.encodings[random.below(6)], type)
        var expected: [Constant] = [], code: String?
        for (p, q) in zip(x, y) {
          guard let p, let q else {
            expected.append(.null)
            continue
          }
          let result: Int128?
          switch op {
          case .add: result = p + q
          case .subtract: result = p - q
          case .multiply: result = p * q
          case .divide: result = q == 0 ? nil : p / q
          case .modulus: result = q == 0 ? nil : p % q
          }
          if let result, result >= low, result <= high {
            expected.append(.integer(Int64(result)))
          } else if code == nil {
            code = result == nil ? "DIVISION_BY_ZERO" : "NUMERIC_VALUE_OUT_OF_RANGE"
          }
        }
        let what = "\(type) \(op), seed \(seed + 1)"
        do {
          let result = try kernel(a, b, count, type)
          computed += 1
          if let code {
            Issue.record("\(what): \(code) was expected")
          } else {
            #expect(EncodingTests.difference(result, expected) == nil, "\(what)")
          }
        } catch {
          thrown += 1
          #expect(PrestoError(error).code.name == code, "\(what)")
        }
      }
      #expect(thrown > 5 && computed > 5, "\(type) \(op): \(thrown) thrown, \(computed) computed")
    }
  }

  @Test(arguments: ArithmeticOperator.allCases)
  func floatingNumbersAreIEEE(_ op: ArithmeticOperator) throws {
    func value(_ p: Double, _ q: Double) -> Double {
      switch op {
      case .add: p + q
      case .subtract: p - q
      case .multiply: p * q
      case .divide: p / q
      case .modulus: p.truncatingRemainder(dividingBy: q)
      }
    }
    let doubles = try #require(Arithmetic.kernel(op, .double)), floats = try #require(Arithmetic.kernel(op, .real))
    for seed in 0..<UInt64(60) {
      var random = Randomness(seed + 1)
      let left = Encoding.allCases[random.below(Encoding.allCases.count)], right = Encoding.allCases[random.below(Encoding.allCases.count)]
      let (a, x) = random.column(.double, 70, left), (b, y) = random.column(.double, 70, right)
      let result = try doubles(a, b, 70, .double)
      let expected = zip(x, y).map { p, q -> Constant in
        if case (.double(let p), .double(let q)) = (p, q) { .double(value(p, q)) } else { .null }
      }
      #expect(EncodingTests.difference(result, expected) == nil, "\(op) \(left) \(right), seed \(seed + 1)")
      let (c, u) = random.column(.real, 70, left), (d, v) = random.column(.real, 70, right)
      let reals = try floats(c, d, 70, .real)
      for row in 0..<70 {
        guard case (.real(let p), .real(let q)) = (u[row], v[row]) else {
          #expect(reals.isNull(at: row))
          continue
        }
        let wanted: Float =
          switch op {
          case .add: p + q
          case .subtract: p - q
          case .multiply: p * q
          case .divide: p / q
          case .modulus: p.truncatingRemainder(dividingBy: q)
          }
        #expect(reals.constant(at: row).isIdentical(to: .real(wanted)), "\(op) row \(row), seed \(seed + 1)")
      }
    }
  }

  @Test func negation() throws {
    for (type, bits) in Self.integers {
      let negate = try #require(Arithmetic.negation(type))
      for seed in 1...UInt64(40) {
        var random = Randomness(seed)
        let (a, x) = Self.integers(&random, bits, 65, Self.encodings[Int(seed % 6)], type)
        let hasLeast = x.contains(-(Int128(1) << (bits - 1)))
        do {
          let result = try negate(a, 65, type)
          #expect(!hasLeast, "\(type), seed \(seed)")
          #expect(EncodingTests.difference(result, x.map { $0.map { .integer(Int64(-$0)) } ?? .null }) == nil, "\(type), seed \(seed)")
        } catch { #expect(hasLeast && PrestoError(error).code == .numericValueOutOfRange, "\(type), seed \(seed)") }
      }
    }
  }

  /// Half away from zero.
  private static func rounded(_ value: Int128, _ divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let isUp = remainder.magnitude * 2 >= divisor.magnitude
    return isUp ? quotient + ((value < 0) == (divisor < 0) ? 1 : -1) : quotient
  }

  /// Shapes small enough that 128 bits hold every step of the naive computation, though the kernels may choose 64 bits or 256.
  @Test(arguments: ArithmeticOperator.allCases)
  func decimalsAreExact(_ op: ArithmeticOperator) throws {
    var shapes = 0
    for seed in 1...UInt64(400) {
      var random = Randomness(seed)
      let p = 1 + random.below(19), q = 1 + random.below(18), s = random.below(min(p, 8) + 1), t = random.below(min(q, 8) + 1)
      // both ways in which result types are chosen
      let rules: Decimal.Rules = random.chance(2) ? .current : .legacy
      let result: DataType? =
        switch op {
        case .add, .subtract: Decimal.sum(p, s, q, t, rules)
        case .multiply: Decimal.product(p, s, q, t, rules)
        case .divide: Decimal.quotient(p, s, q, t, rules)
        case .modulus: Decimal.remainder(p, s, q, t)
        }
      guard let type = result, case .decimal(let finalPrecision, let finalScale) = type, finalPrecision >= 1 else { continue }
      let shift = finalScale - s + t
      if op == .divide && (shift < 0 || p + shift > 37) { continue }
      shapes += 1
      let first: DataType = .decimal(precision: p, scale: s), second: DataType = .decimal(precision: q, scale: t)
      func value(_ random: inout Randomness, _ precision: Int, _ layout: DataType.Layout) -> Constant {
        let limit = Decimal.powers[precision]
        let number = random.chance(10) ? limit - 1 : Int128(random.next()) % min(limit, random.chance(2) ? 100 : limit)
        let signed = random.chance(2) ? number : -number
        return layout == .int64 ? .integer(Int64(signed)) : .wide(signed)
      }
      let (a, x) = Self.made(first, 65, Self.encodings[random.below(6)], &random) { value(&$0, p, first.layout) }
      let (b, y) = Self.made(second, 65, Self.encodings[random.below(6)], &random) { value(&$0, q, second.layout) }
      var expected: [Constant] = [], code: String?
      for (m, n) in zip(x, y) {
        guard let m, let n else {
          expected.append(.null)
          continue
        }
        let common = max(s, t)
        let number: Int128?
        switch op {
        case .add, .subtract:
          let sum = m * Decimal.powers[common - s] + (op == .add ? 1 : -1) * n * Decimal.powers[common - t]
          number = finalScale >= common ? sum * Decimal.powers[finalScale - common] : Self.rounded(sum, Decimal.powers[common - finalScale])
        case .multiply: number = Self.rounded(m * n, Decimal.powers[max(0, s + t - finalScale)])
        case .divide: number = n == 0 ? nil : Self.rounded(m * Decimal.powers[shift], n)
        case .modulus: number = n == 0 ? nil : (m * Decimal.powers[common - s]) % (n * Decimal.powers[common - t])
        }
        if let number, number.magnitude < Decimal.powers[finalPrecision].magnitude {
          expected.append(type.layout == .int64 ? .integer(Int64(number)) : .wide(number))
        } else if code == nil {
          code = number == nil ? "DIVISION_BY_ZERO" : "NUMERIC_VALUE_OUT_OF_RANGE"
        }
      }
      let what = "\(first) \(op.rawValue) \(second) as \(type), seed \(seed)"
      let kernel = try #require(DecimalArithmetic.kernel(op, first, second, type))
      do {
        let result = try kernel(a, b, 65, type)
        if let code {
          Issue.record("\(what): \(code) was expected")
        } else if let difference = EncodingTests.difference(result, expected) {
          Issue.record("\(what): \(difference)")
        }
        if DecimalArithmetic.isInfallible(op, first, second, type) { #expect(code == nil, "\(what)") }
      } catch { #expect(PrestoError(error).code.name == code, "\(what)") }
    }
    #expect(shapes > 100)
  }
}
