import Testing
import Values

@testable import Vectors

/// SQL's comparisons of single values, written down once more and plainly.
enum Naive {
  /// `=`: nil is unknown.
  static func isEqual(_ a: Constant, _ b: Constant, _ type: DataType) -> Bool? {
    if a.isNull || b.isNull { return nil }
    switch (type, a, b) {
    case (.array(let element), .sequence(let x), .sequence(let y)):
      if x.count != y.count { return false }
      return all(zip(x, y).map { isEqual($0, $1, element) })
    case (.row(let fields), .sequence(let x), .sequence(let y)):
      return all(fields.indices.map { isEqual(x[$0], y[$0], fields[$0].type) })
    case (.map(let key, let value), .sequence(let x), .sequence(let y)):
      if x.count != y.count { return false }
      return all(
        x.map { entry -> Bool? in
          guard case .sequence(let pair) = entry else { return nil }
          for case .sequence(let other) in y where isSame(pair[0], other[0], key) { return isEqual(pair[1], other[1], value) }
          return false
        })
    default: return order(a, b, type) == 0
    }
  }

  private static func all(_ parts: [Bool?]) -> Bool? { parts.contains(false) ? false : parts.contains(nil) ? nil : true }

  /// Not distinct: nulls are alike, NaN is like NaN.
  static func isSame(_ a: Constant, _ b: Constant, _ type: DataType) -> Bool {
    if a.isNull || b.isNull { return a.isNull && b.isNull }
    switch (type, a, b) {
    case (.array(let element), .sequence(let x), .sequence(let y)):
      return x.count == y.count && zip(x, y).allSatisfy { isSame($0, $1, element) }
    case (.row(let fields), .sequence(let x), .sequence(let y)): return fields.indices.allSatisfy { isSame(x[$0], y[$0], fields[$0].type) }
    case (.map(let key, let value), .sequence(let x), .sequence(let y)):
      return x.count == y.count
        && x.allSatisfy { entry in
          y.contains { other in
            guard case .sequence(let p) = entry, case .sequence(let q) = other else { return false }
            return isSame(p[0], q[0], key) && isSame(p[1], q[1], value)
          }
        }
    default:
      if case (.double(let x), .double(let y)) = (a, b), x.isNaN, y.isNaN { return true }
      if case (.real(let x), .real(let y)) = (a, b), x.isNaN, y.isNaN { return true }
      return order(a, b, type) == 0
    }
  }

  /// nil: NaN is on one side.
  static func order(_ a: Constant, _ b: Constant, _ type: DataType) -> Int? {
    func sign<T: Comparable>(_ x: T, _ y: T) -> Int? { x == y ? 0 : x < y ? -1 : x > y ? 1 : nil }
    switch (a, b) {
    case (.boolean(let x), .boolean(let y)): return sign(x ? 1 : 0, y ? 1 : 0)
    case (.integer(let x), .integer(let y)): return sign(x, y)
    case (.wide(let x), .wide(let y)):
      if case .timestampWithTimeZone = type { return sign(x >> 16, y >> 16) }
      return sign(x, y)
    case (.real(let x), .real(let y)): return sign(x, y)
    case (.double(let x), .double(let y)): return sign(x, y)
    case (.bytes(let x), .bytes(let y)): return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    default: return nil
    }
  }

  static func compare(_ op: ComparisonOperator, _ a: Constant, _ b: Constant, _ type: DataType) -> Bool? {
    switch op {
    case .equal: return isEqual(a, b, type)
    case .notEqual: return isEqual(a, b, type).map { !$0 }
    case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: break
    }
    if a.isNull || b.isNull { return nil }
    guard let sign = lexicographic(a, b, type) else { return false }
    switch op {
    case .lessThan: return sign < 0
    case .lessThanOrEqual: return sign <= 0
    case .greaterThan: return sign > 0
    default: return sign >= 0
    }
  }

  private static func lexicographic(_ a: Constant, _ b: Constant, _ type: DataType) -> Int? {
    switch (type, a, b) {
    case (.array(let element), .sequence(let x), .sequence(let y)):
      for (p, q) in zip(x, y) {
        let sign = lexicographic(p, q, element) ?? 0
        if sign != 0 { return sign }
      }
      return x.count - y.count
    case (.row(let fields), .sequence(let x), .sequence(let y)):
      for index in fields.indices {
        let sign = lexicographic(x[index], y[index], fields[index].type) ?? 0
        if sign != 0 { return sign }
      }
      return 0
    default: return order(a, b, type)
    }
  }
}

/// Comparison kernels in their three forms, over all pairs of encodings.
@Suite struct ComparisonTests {
  @Test(arguments: Randomness.flatTypes, ComparisonOperator.allCases)
  func flatValues(_ type: DataType, _ op: ComparisonOperator) throws {
    for (number, left) in Encoding.allCases.enumerated() {
      for (other, right) in Encoding.allCases.enumerated() {
        let seed = UInt64(1 + number * 20 + other), count = [1, 63, 64, 65, 130][(number + other) % 5]
        var random = Randomness(seed)
        let (a, x) = random.column(type, count, left), (b, y) = random.column(type, count, right)
        let expected = zip(x, y).map { Naive.compare(op, $0, $1, type) }
        let what = "\(type) \(left) \(op) \(right) of \(count), seed \(seed)"
        let result = try Comparison.vector(op, a, b, count)
        #expect(EncodingTests.difference(result, expected.map { $0.map { .boolean($0) } ?? .null }) == nil, "\(what)")
        let bits = try #require(Comparison.bits(op, a, b, count))
        #expect(
          (0..<count).allSatisfy { bits.pointer(as: UInt64.self)[$0 >> 6] >> UInt64($0 & 63) & 1 == (expected[$0] == true ? 1 : 0) },
          "\(what)")
        // clear past the end
        if count & 63 != 0 { #expect(bits.pointer(as: UInt64.self)[count >> 6] >> UInt64(count & 63) == 0, "\(what)") }
        let some = Array(Set(random.rows(count, below: count))).sorted()
        let refined = Comparison.refine(op, a, b, Selection(rows: random.buffer(some), count: some.count))
        if let refined {
          #expect((0..<refined.count).map { refined.pointer[$0] } == some.filter { expected[Int($0)] == true }, "\(what)")
        } else {
          // only a flat column and a constant can be refined
          var isFlat = false
          if case .flat = a.encoding { isFlat = true }
          #expect(!isFlat || b.constantValue == nil, "\(what)")
        }
      }
    }
  }

  @Test(arguments: Randomness.types.filter { $0.layout.width == 0 })
  func nestedValues(_ type: DataType) throws {
    var hasMap = false
    if case .map = type { hasMap = true }
    if case .row(let fields) = type, case .map = fields[0].type { hasMap = true }
    for (number, left) in Encoding.allCases.enumerated() {
      for (other, right) in Encoding.allCases.enumerated() {
        let seed = UInt64(1 + number * 20 + other)
        var random = Randomness(seed)
        let (a, x) = random.column(type, 60, left), (b, y) = random.column(type, 60, right)
        let what = "\(type) \(left) \(right), seed \(seed)"
        for op in [ComparisonOperator.equal, .notEqual] {
          let result = try Comparison.vector(op, a, b, 60)
          let expected = zip(x, y).map { Naive.compare(op, $0, $1, type) }
          #expect(EncodingTests.difference(result, expected.map { $0.map { .boolean($0) } ?? .null }) == nil, "\(op) \(what)")
        }
        let distinct = NestedComparison.isDistinct(a, b, 60)
        #expect(EncodingTests.difference(distinct, zip(x, y).map { .boolean(!Naive.isSame($0, $1, type)) }) == nil, "distinct \(what)")
        if hasMap { continue }
        // without nulls inside there is an order
        let (c, u) = random.column(type, 60, left, nullsInside: false), (d, v) = random.column(type, 60, right, nullsInside: false)
        for op in [ComparisonOperator.lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual] {
          let result = try Comparison.vector(op, c, d, 60)
          let expected = zip(u, v).map { Naive.compare(op, $0, $1, type) }
          #expect(EncodingTests.difference(result, expected.map { $0.map { .boolean($0) } ?? .null }) == nil, "\(op) \(what)")
        }
      }
    }
  }

  @Test func nullsInsideLeaveTheOrderOpen() throws {
    let random = Randomness(1), type = DataType.array(.bigint)
    let a = random.vector(type, [.sequence([.integer(1), .null])]), b = random.vector(type, [.sequence([.integer(1), .integer(2)])])
    #expect(try Comparison.vector(.lessThan, a, b, 1).isNull(at: 0))
    let c = random.vector(type, [.sequence([.integer(0), .null])])
    #expect(EncodingTests.difference(try Comparison.vector(.lessThan, c, b, 1), [.boolean(true)]) == nil, "decided before the null")
  }

  @Test(arguments: Randomness.flatTypes)
  func lists(_ type: DataType) throws {
    for (number, encoding) in Encoding.allCases.enumerated() {
      for (other, length) in [0, 1, 4, 5, 30, 200].enumerated() {
        let seed = UInt64(1 + number * 10 + other)
        var random = Randomness(seed)
        var list = random.constants(type, length, nulls: other % 2 == 0 ? 0 : 9)
        // far apart, close together, and the number that marks an empty slot
        if type.layout == .int64 {
          list += [.integer(Int64.min + 7), .integer(1 << 40)].prefix(other % 3) + (0..<other * 3).map { .integer(Int64(1000 + $0)) }
        }
        let set = try #require(MembershipSet(list, type))
        let (vector, values) = random.column(type, 130, encoding)
        let expected = values.map { value -> Constant in
          if value.isNull { return .null }
          if list.contains(where: { Naive.isEqual(value, $0, type) == true }) { return .boolean(true) }
          return list.contains(.null) ? .null : .boolean(false)
        }
        let what = "\(type) \(encoding) in \(list.count), seed \(seed)"
        #expect(EncodingTests.difference(set.vector(vector, 130), expected) == nil, "\(what)")
        let buffer = set.bits(vector, 130), bits = buffer.pointer(as: UInt64.self)
        #expect((0..<130).allSatisfy { bits[$0 >> 6] >> UInt64($0 & 63) & 1 == (expected[$0] == .boolean(true) ? 1 : 0) }, "\(what)")
      }
    }
  }

  @Test func nestedListsHaveNoTable() { #expect(MembershipSet([.sequence([])], .array(.bigint)) == nil) }
}
