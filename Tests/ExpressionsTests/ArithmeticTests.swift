import Expressions
import Testing
import Values
import Vectors

@Suite struct ArithmeticTests {
  @Test(arguments: [DataType.tinyint, .smallint, .integer, .bigint])
  func integersAgreeWithRowByRow(_ type: DataType) throws {
    var random = Randomness(3)
    let limit: (low: Int128, high: Int128) =
      switch type {
      case .tinyint: (-128, 127)
      case .smallint: (-32768, 32767)
      case .integer: (Int128(Int32.min), Int128(Int32.max))
      default: (Int128(Int64.min), Int128(Int64.max))
      }
    for op in ArithmeticOperator.allCases {
      for round in 0..<60 {
        let count = [1, 64, 65, 100][round % 4]
        let a = random.vector(type, count, Randomness.Shape.allCases[random.below(5)])
        let b = random.vector(type, count, Randomness.Shape.allCases[random.below(5)])
        let expected = (0..<count).map { row -> Int128?? in
          guard let x = a.constant(at: row).wideValue, let y = b.constant(at: row).wideValue else { return .some(nil) }
          let exact: Int128
          switch op {
          case .add: exact = x + y
          case .subtract: exact = x - y
          case .multiply: exact = x * y
          case .divide:
            if y == 0 { return nil }
            exact = x / y
          case .modulus:
            if y == 0 { return nil }
            exact = x % y
          }
          return exact < limit.low || exact > limit.high ? nil : .some(exact)
        }
        let expression = try Scenario.call(op.rawValue, .reference(0, type), .reference(1, type))
        #expect(expression.type == type)
        if expected.contains(where: { $0 == nil }) {
          let error = Scenario.failure { _ = try Scenario.evaluate(expression, [a, b], count: count) }
          #expect(error?.code == .numericValueOutOfRange || error?.code == .divisionByZero, "\(type) \(op)")
        } else {
          let result = try Scenario.evaluate(expression, [a, b], count: count)
          for row in 0..<count { #expect(result.constant(at: row).wideValue == expected[row] ?? nil, "\(type) \(op) row \(row)") }
        }
        // TRY: the rows that fail are null, all others are there
        let attempted = try Scenario.evaluate(.attempt(expression), [a, b], count: count)
        for row in 0..<count { #expect(attempted.constant(at: row).wideValue == (expected[row] ?? nil)) }
      }
    }
  }

  @Test func messages() throws {
    func message(_ name: String, _ a: Int64, _ b: Int64, _ type: DataType) -> String? {
      Scenario.failure {
        _ = try Scenario.value(try Scenario.call(name, .constant(.integer(a), type), .constant(.integer(b), type)))
      }?.message
    }
    #expect(message("$add", .max, 1, .bigint) == "bigint addition overflow: 9223372036854775807 + 1")
    #expect(message("$subtract", .min, 1, .bigint) == "bigint subtraction overflow: -9223372036854775808 - 1")
    #expect(message("$multiply", 100, 2, .tinyint) == "tinyint multiplication overflow: 100 * 2")
    #expect(message("$divide", .min, -1, .bigint) == "bigint division overflow: -9223372036854775808 / -1")
    #expect(message("$divide", 1, 0, .integer) == "Division by zero")
  }

  @Test func nullRowsDoNotOverflow() throws {
    let builder = VectorBuilder(.bigint, capacity: 2)
    builder.append(Int64(5))
    builder.appendNull()
    let vector = builder.finish()
    // whatever lies in the null slot
    if case .flat(let values, _, _) = vector.encoding { values.pointer(as: Int64.self)[1] = .max }
    let sum = try Scenario.evaluate(try Scenario.call("$add", .reference(0, .bigint), .constant(.integer(1), .bigint)), [vector], count: 2)
    #expect(sum.constant(at: 0) == .integer(6))
    #expect(sum.isNull(at: 1))
  }

  /// Decimals of every pairing of widths against exact arithmetic on 128 bits.
  @Test func decimals() throws {
    var random = Randomness(5)
    let types: [(Int, Int)] = [(5, 2), (18, 4), (12, 0), (20, 2), (31, 6), (38, 10), (38, 0)]
    for (p, s) in types {
      for (q, t) in types {
        let left = DataType.decimal(precision: p, scale: s), right = DataType.decimal(precision: q, scale: t)
        let a = random.vector(left, 70, .nullable), b = random.vector(right, 70, .nullable)
        for op in ArithmeticOperator.allCases {
          let expression = try Scenario.call(op.rawValue, .reference(0, left), .reference(1, right))
          guard case .decimal(let precision, let scale) = expression.type else {
            Issue.record("\(expression.type)")
            continue
          }
          let result = try Scenario.evaluate(.attempt(expression), [a, b], count: 70)
          for row in 0..<70 {
            guard let x = a.constant(at: row).wideValue, let y = b.constant(at: row).wideValue else {
              #expect(result.isNull(at: row))
              continue
            }
            let common = max(s, t)
            var exact: Int128?
            switch op {
            case .add, .subtract:
              if let u = Decimal.rescaled(x, from: s, to: common), let v = Decimal.rescaled(y, from: t, to: common) {
                let (sum, overflow) = op == .add ? u.addingReportingOverflow(v) : u.subtractingReportingOverflow(v)
                exact = overflow ? nil : Decimal.rescaled(sum, from: common, to: scale)
              }
            case .multiply: exact = Decimal.multiplied(x, y, dividedBy: Decimal.powers[s + t - scale])
            case .divide:
              let shift = scale - s + t
              if y != 0 {
                exact =
                  shift >= 0
                  ? Decimal.multiplied(x, Decimal.powers[shift], dividedBy: y) : Decimal.dividedRounding(x, by: y * Decimal.powers[-shift])
              }
            case .modulus:
              if y != 0, let u = Decimal.rescaled(x, from: s, to: common) {
                exact = Decimal.rescaled(y, from: t, to: common).map { u % $0 } ?? u
              }
            }
            if let value = exact, !Decimal.fits(value, precision: precision) { exact = nil }
            #expect(result.constant(at: row).wideValue == exact, "\(left) \(op) \(right) = \(expression.type): \(x) \(y)")
          }
        }
      }
    }
  }

  @Test func doublesFollowIEEE() throws {
    func value(_ name: String, _ a: Double, _ b: Double) throws -> Constant {
      try Scenario.value(try Scenario.call(name, .constant(.double(a), .double), .constant(.double(b), .double)))
    }
    #expect(try value("$divide", 1, 0) == .double(.infinity))
    #expect(try value("$modulus", 5.5, -2) == .double(1.5))
    #expect(try value("$add", 0.1, 0.2) == .double(0.1 + 0.2))
  }

  @Test func datesAndIntervals() throws {
    func show(_ name: String, _ a: Expr<Int>, _ b: Expr<Int>) throws -> String? {
      try Scenario.evaluate(try Scenario.call(name, a, b)).text(at: 0)
    }
    let leap: Expr<Int> = .cast(.constant(.text("2024-01-31"), .varchar), to: .date, safe: false)
    #expect(try show("$add", leap, .constant(.integer(1), .intervalYearToMonth)) == "2024-02-29")
    #expect(try show("$subtract", leap, .constant(.integer(86_400_000), .intervalDayToSecond)) == "2024-01-30")
    #expect(try show("$subtract", leap, .cast(.constant(.text("2024-01-01"), .varchar), to: .date, safe: false)) == "30 00:00:00.000")
    #expect(Scenario.failure { _ = try show("$add", leap, .constant(.integer(1), .intervalDayToSecond)) }?.code == .invalidFunctionArgument)
    let stamp: Expr<Int> = .cast(.constant(.text("2024-01-31 10:00:00.5"), .varchar), to: .timestamp(precision: 3), safe: false)
    #expect(try show("$add", stamp, .constant(.integer(1500), .intervalDayToSecond)) == "2024-01-31 10:00:02.000")
    #expect(try show("$subtract", stamp, .constant(.integer(2), .intervalYearToMonth)) == "2023-11-30 10:00:00.500")
  }
}
