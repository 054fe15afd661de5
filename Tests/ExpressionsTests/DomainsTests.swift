import Expressions
import Testing
import Values
import Vectors

@Suite struct DomainsTests {
  private let x = Expr<Int>.reference(0, .bigint)
  private func number(_ value: Int64) -> Expr<Int> { .constant(.integer(value), .bigint) }
  private func compare(_ op: ComparisonOperator, _ a: Expr<Int>, _ b: Expr<Int>) -> Expr<Int> { .comparison(op.rawValue, a, b) }

  @Test func intervals() throws {
    let between = Expr<Int>.and([compare(.greaterThanOrEqual, x, number(3)), compare(.lessThan, x, number(9))])
    let domain = try #require(between.domains[0])
    #expect(domain.span == .init(low: .integer(3), high: .integer(9), isHighIncluded: false))
    #expect(domain.contains(.integer(3)) && !domain.contains(.integer(9)) && !domain.contains(.null))
    #expect(domain.overlaps(low: .integer(0), high: .integer(3)))
    #expect(!domain.overlaps(low: .integer(9), high: .integer(20)))
    #expect(domain.overlaps(low: nil, high: nil))
    #expect(Expr.and([between, compare(.greaterThan, x, number(10))]).domains.isNone)
    let list = Expr<Int>.among(x, [number(5), number(1), number(5), .constant(.null, .bigint)])
    #expect(list.domains[0]?.discreteValues == [.integer(1), .integer(5)])
    #expect(Expr.or([between, compare(.equal, x, number(9))]).domains[0]?.span == .init(low: .integer(3), high: .integer(9)))
    #expect(Expr.or([between, compare(.equal, .reference(1, .bigint), number(9))]).domains.byReference.isEmpty)
    #expect(Expr.isNull(x).domains[0] == .onlyNull(.bigint))
    #expect(Expr.not(.isNull(x)).domains[0] == .notNull(.bigint))
    #expect(compare(.lessThan, number(3), x).domains[0]?.contains(.integer(3)) == false)
  }

  @Test func prefixesOfPatterns() throws {
    let text = Expr<Int>.reference(0, .varchar)
    func like(_ pattern: String) -> Domain? {
      Expr<Int>.call(FunctionID("$like", [.varchar, .varchar]), [text, .constant(.text(pattern), .varchar)], .boolean).domains[0]
    }
    #expect(like("PROMO%")?.span == .init(low: .text("PROMO"), high: .text("PROMP"), isHighIncluded: false))
    #expect(like("exact")?.discreteValues == [.text("exact")])
    #expect(like("%x") == .notNull(.varchar))
  }

  /// A row that satisfies a predicate lies in the predicate's domains, whatever the predicate.
  @Test func domainsAllowEveryRowThatHolds() throws {
    var random = Randomness(23)
    for type in [DataType.bigint, .double, .varchar, .decimal(precision: 30, scale: 2)] {
      func predicate(_ depth: Int) -> Expr<Int> {
        let column = Expr<Int>.reference(random.below(2), type)
        if depth > 0 {
          switch random.below(4) {
          case 0: return .and([predicate(depth - 1), predicate(depth - 1)])
          case 1: return .or([predicate(depth - 1), predicate(depth - 1)])
          case 2: return .not(predicate(depth - 1))
          default: break
          }
        }
        switch random.below(5) {
        case 0: return .isNull(column)
        case 1: return .among(column, (0..<3).map { _ in .constant(random.below(8) == 0 ? .null : random.constant(type), type) })
        default:
          let op = ComparisonOperator.allCases[random.below(6)], value = Expr<Int>.constant(random.constant(type), type)
          return random.below(2) == 0 ? .comparison(op.rawValue, column, value) : .comparison(op.rawValue, value, column)
        }
      }
      for _ in 0..<300 {
        let p = predicate(3)
        let columns = [random.vector(type, 60, .nullable), random.vector(type, 60, .nullable)]
        let domains = p.domains
        let rows = try Scenario.select(p, columns, count: 60)
        if domains.isNone { #expect(rows.isEmpty, "\(p)") }
        for row in rows {
          for (reference, domain) in domains.byReference {
            #expect(domain.contains(columns[reference].constant(at: row)), "\(p): \(columns[reference].constant(at: row)) not in \(domain)")
            #expect(domain.complement.complement == domain)
          }
        }
      }
    }
  }
}
