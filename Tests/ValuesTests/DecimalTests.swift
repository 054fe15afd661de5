import Testing
import Values

@Suite struct DecimalTests {
  @Test func roundsHalfAwayFromZero() {
    #expect(Decimal.rescaled(125, from: 2, to: 1) == 13)
    #expect(Decimal.rescaled(-125, from: 2, to: 1) == -13)
    #expect(Decimal.rescaled(124, from: 2, to: 1) == 12)
    #expect(Decimal.rescaled(5, from: 0, to: 3) == 5000)
    #expect(Decimal.rescaled(Int128.max, from: 0, to: 1) == nil)
    #expect(Decimal.dividedRounding(7, by: -2) == -4)
    #expect(Decimal.dividedRounding(-7, by: -2) == 4)
    #expect(Decimal.dividedRounding(1, by: 3) == 0)
  }

  @Test func productsGoThrough256Bits() {
    let big = Decimal.powers[37]
    #expect(Decimal.multiplied(big, 100, dividedBy: 1000) == Decimal.powers[36])
    #expect(Decimal.multiplied(big, big, dividedBy: big) == big)
    #expect(Decimal.multiplied(big, -big, dividedBy: big) == -big)
    #expect(Decimal.multiplied(big, big, dividedBy: 1) == nil)
    #expect(Decimal.multiplied(big + 5, 10, dividedBy: 100) == Decimal.powers[36] + 1)
  }

  @Test func resultTypes() {
    #expect(Decimal.sum(10, 0, 15, 2) == .decimal(precision: 16, scale: 2))
    #expect(Decimal.product(15, 2, 16, 2) == .decimal(precision: 31, scale: 4))
    #expect(Decimal.product(31, 4, 16, 2) == .decimal(precision: 38, scale: 6))
    #expect(Decimal.quotient(2, 1, 10, 0) == .decimal(precision: 13, scale: 12))
    #expect(Decimal.remainder(15, 2, 10, 0) == .decimal(precision: 12, scale: 2))
    #expect(Decimal.sum(38, 10, 38, 0) == .decimal(precision: 38, scale: 0))
    #expect(Decimal.sum(38, 2, 38, 2) == .decimal(precision: 38, scale: 2))
    #expect(Decimal.sum(30, 0, 8, 8) == .decimal(precision: 38, scale: 8))
    #expect(Decimal.quotient(2, 1, 1, 0, .legacy) == .decimal(precision: 2, scale: 1))
  }
}
