import Testing
import Values
import Vectors

@testable import Execution

/// Many rows sorted by one thread and by several, against a sort that compares values.
@Suite struct RowOrderTests {
  enum Shape: String, CaseIterable {
    case random, few, oneInAThousand, skewed, equal, beginAlike, longAlike, ladder, zeroBytes, doubles, wide, arrays
  }

  /// A column of many values; texts of every length that the words break off at.
  private static func column(_ shape: Shape, _ n: Int, _ random: inout Randomness) -> Vector {
    func text(_ make: (inout Randomness) -> [UInt8]) -> Vector {
      let builder = VectorBuilder(.varchar, capacity: n)
      for _ in 0..<n { if random.chance(50) { builder.appendNull() } else { builder.append(.bytes(make(&random))) } }
      return builder.finish()
    }
    func values(_ type: DataType, _ make: (inout Randomness) -> Constant) -> Vector {
      let builder = VectorBuilder(type, capacity: n)
      for _ in 0..<n { builder.append(make(&random)) }
      return builder.finish()
    }
    switch shape {
    case .random: return values(.bigint) { .integer(Int64(bitPattern: $0.next())) }
    case .few: return values(.integer) { .integer(Int64($0.below(5)) - 2) }
    case .oneInAThousand: return values(.bigint) { $0.chance(1000) ? .null : .integer(7) }
    case .skewed: return values(.bigint) { .integer($0.chance(3) ? Int64(bitPattern: $0.next()) : Int64($0.below(1000))) }
    case .equal: return values(.bigint) { _ in .integer(1) }
    case .beginAlike: return text { Array("customer number \($0.below(9000))".utf8) }
    case .longAlike: return text { Array(repeating: 97, count: 400) + Array("\($0.below(9000))".utf8) }
    case .ladder: return text { Array(repeating: 98, count: $0.below(600)) }
    case .zeroBytes: return text { random in (0..<random.below(20)).map { _ in UInt8(random.below(2)) } }
    case .doubles: return values(.double) { $0.chance(100) ? .double(.nan) : .double(Double($0.below(2000) - 1000) * 1e-3) }
    case .wide: return values(.decimal(precision: 38, scale: 2)) { .wide(Int128($0.below(3) - 1) << 70 + Int128($0.below(100)) - 50) }
    case .arrays:
      return values(.array(.bigint)) { random in .sequence((0..<random.below(3)).map { _ in .integer(Int64(random.below(3))) }) }
    }
  }

  @Test(arguments: Shape.allCases)
  func agreesWithComparing(_ shape: Shape) async throws {
    // more than one thread sorts by itself
    let n = ParallelSort.leastRows + 3000
    var random = Randomness(7)
    let batch = Batch([Self.column(shape, n, &random), Self.column(.few, n, &random)], count: n)
    for (isAscending, nullsFirst) in [(true, false), (false, true)] {
      let keys = [
        SortKey(channel: 0, isAscending: isAscending, nullsFirst: nullsFirst),
        SortKey(channel: 1, isAscending: !isAscending, nullsFirst: false),
      ]
      let wanted = (0..<n).sorted { a, b in
        for key in keys {
          let vector = batch.columns[key.channel]
          if vector.isNull(at: a) || vector.isNull(at: b) {
            if vector.isNull(at: a) != vector.isNull(at: b) { return vector.isNull(at: a) == key.nullsFirst }
            continue
          }
          let order = ValueOrder.compare(vector, a, vector, b)
          if order != 0 { return (order < 0) == key.isAscending }
        }
        return a < b
      }
      func rows(_ order: Selection) -> [Int] { (0..<order.count).map { Int(order.pointer[$0]) } }
      #expect(rows(RowOrder.sorted(batch, by: keys)) == wanted, "\(shape) ascending \(isAscending)")
      #expect(rows(RowOrder.sorted(batch, by: keys, limit: 100)) == Array(wanted.prefix(100)))
      for drivers in [2, 5] {
        #expect(
          rows(try await RowOrder.sorted(batch, by: keys, drivers: drivers)) == wanted,
          "\(shape) ascending \(isAscending), \(drivers) drivers")
      }
      // of the rows before a bound none is lost
      for place in [0, n / 3, n - 1] {
        let bound = RowOrder.Bound(batch.columns[0], row: wanted[place], keys[0])
        let kept = bound.survivors(of: batch.columns[0]).map(rows) ?? Array(0..<n)
        #expect(Set(wanted[...place]).isSubset(of: kept), "\(shape) ascending \(isAscending)")
        if shape == .beginAlike && place == n / 3 { #expect(kept.count < n / 2) }
      }
    }
  }
}
