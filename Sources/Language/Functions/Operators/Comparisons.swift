import Expressions
import Values
import Vectors

/// `=`, `<>`, `<` … and IS DISTINCT FROM, one kernel per layout.
enum ComparisonKernels {
  enum Sign: CaseIterable, Sendable {
    case equal, notEqual, lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual

    var name: String {
      switch self {
      case .equal: FunctionID.Operator.equal
      case .notEqual: FunctionID.Operator.notEqual
      case .lessThan: FunctionID.Operator.lessThan
      case .lessThanOrEqual: FunctionID.Operator.lessThanOrEqual
      case .greaterThan: FunctionID.Operator.greaterThan
      case .greaterThanOrEqual: FunctionID.Operator.greaterThanOrEqual
      }
    }

    var isEquality: Bool { self == .equal || self == .notEqual }

    func holds(_ order: Int) -> Bool {
      switch self {
      case .equal: order == 0
      case .notEqual: order != 0
      case .lessThan: order < 0
      case .lessThanOrEqual: order <= 0
      case .greaterThan: order > 0
      case .greaterThanOrEqual: order >= 0
      }
    }
  }

  static func kernel(_ sign: Sign, _ type: DataType) -> ScalarKernel? {
    guard sign.isEquality ? type.isComparable : type.isOrderable else { return nil }
    switch type.layout {
    case .bool: return values(sign, UInt8Slot.self)
    case .int8: return values(sign, Int8.self)
    case .int16: return values(sign, Int16.self)
    case .int32: return values(sign, Int32.self)
    case .int64: return values(sign, Int64.self)
    case .float: return values(sign, Float.self)
    case .double: return values(sign, Double.self)
    case .int128:
      switch type {
      case .timestampWithTimeZone, .timeWithTimeZone: return values(sign, Instant.self)
      default: return values(sign, Int128.self)
      }
    case .bytes: return texts(sign)
    case .list, .map, .row: return rows(sign)
    }
  }

  /// A bool's byte, comparable.
  struct UInt8Slot: Storable, Comparable {
    typealias Stored = UInt8Slot
    var value: UInt8
    static var dataType: DataType { .boolean }
    @inline(__always) static func < (a: UInt8Slot, b: UInt8Slot) -> Bool { a.value < b.value }
  }

  /// A zoned timestamp or time: only the instant compares.
  struct Instant: Storable, Comparable {
    typealias Stored = Instant
    var bits: Int128
    static var dataType: DataType { .timestampWithTimeZone(precision: 12) }
    @inline(__always) static func == (a: Instant, b: Instant) -> Bool { a.bits &>> 16 == b.bits &>> 16 }
    @inline(__always) static func < (a: Instant, b: Instant) -> Bool { a.bits &>> 16 < b.bits &>> 16 }
  }

  @inline(__always)
  private static func values<T: Storable & Comparable>(_ sign: Sign, _: T.Type) -> ScalarKernel {
    switch sign {
    case .equal: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a == b } }
    case .notEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a != b } }
    case .lessThan: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a < b } }
    case .lessThanOrEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a <= b } }
    case .greaterThan: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a > b } }
    case .greaterThanOrEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: T, b: T) in a >= b } }
    }
  }

  private static func texts(_ sign: Sign) -> ScalarKernel {
    switch sign {
    case .equal: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in a == b } }
    case .notEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in !(a == b) } }
    case .lessThan: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in Bytes.compare(a, b) < 0 } }
    case .lessThanOrEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in Bytes.compare(a, b) <= 0 } }
    case .greaterThan: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in Bytes.compare(a, b) > 0 } }
    case .greaterThanOrEqual: { v, n, _ in try ScalarLoop.binary(v[0], v[1], n, .boolean) { (a: Bytes, b: Bytes) in Bytes.compare(a, b) >= 0 } }
    }
  }

  /// Arrays, maps and rows: a null inside makes an otherwise equal comparison unknown.
  private static func rows(_ sign: Sign) -> ScalarKernel {
    { v, n, _ in
      let a = v[0].flattened(), b = v[1].flattened()
      let builder = VectorBuilder(.boolean, capacity: n)
      let order = sign.isEquality ? nil : rowOrder(a, b)
      for i in 0..<n {
        if a.isNull(at: i) || b.isNull(at: i) {
          builder.appendNull()
        } else if let order {
          if NestedEquality.containsNull(a, i) || NestedEquality.containsNull(b, i) {
            throw PrestoError(.notSupported, "\(a.type.isArray ? "Array" : "ROW") comparison not supported for \(a.type.isArray ? "arrays" : "rows") with null elements")
          }
          builder.append(sign.holds(order(i, i)))
        } else {
          switch NestedEquality.equal(a, i, b, i) {
          case nil: builder.appendNull()
          case .some(let same): builder.append(same == (sign == .equal))
          }
        }
      }
      return builder.finish()
    }
  }
}

/// Three-valued equality of nested values.
enum NestedEquality {
  /// nil: unknown, because of a null inside.
  static func equal(_ a: Vector, _ i: Int, _ b: Vector, _ j: Int) -> Bool? {
    let x = a.flattened(), y = b.flattened()
    if x.isNull(at: i) || y.isNull(at: j) { return nil }
    switch x.type.layout {
    case .list:
      guard let p = ListReader(x), let q = ListReader(y) else { return false }
      let left = p.range(i), right = q.range(j)
      if left.count != right.count { return false }
      return all(zip(left, right).lazy.map { equal(p.elements, $0, q.elements, $1) })
    case .row:
      let p = RowReader(x), q = RowReader(y)
      return all(zip(p.fields, q.fields).lazy.map { equal($0, p.slot(i), $1, q.slot(j)) })
    case .map:
      guard let p = MapReader(x), let q = MapReader(y) else { return false }
      let left = p.range(i), right = q.range(j)
      if left.count != right.count { return false }
      let same = rowEquality(p.keys, q.keys)
      var isUnknown = false
      for entry in left {
        guard let other = right.first(where: { same(entry, $0) }) else { return false }
        switch equal(p.values, entry, q.values, other) {
        case .some(false): return false
        case nil: isUnknown = true
        case .some(true): continue
        }
      }
      return isUnknown ? nil : true
    case .bool, .int8, .int16, .int32, .int64, .int128, .float, .double, .bytes: return rowEquality(x, y)(i, j)
    }
  }

  private static func all(_ results: some Sequence<Bool?>) -> Bool? {
    var isUnknown = false
    for result in results {
      if result == false { return false }
      if result == nil { isUnknown = true }
    }
    return isUnknown ? nil : true
  }

  static func containsNull(_ a: Vector, _ i: Int) -> Bool {
    let x = a.flattened()
    if x.isNull(at: i) { return true }
    switch x.type.layout {
    case .list: return ListReader(x).map { reader in reader.range(i).contains { containsNull(reader.elements, $0) } } ?? false
    case .row:
      let reader = RowReader(x)
      return reader.fields.contains { containsNull($0, reader.slot(i)) }
    case .map, .bool, .int8, .int16, .int32, .int64, .int128, .float, .double, .bytes: return false
    }
  }
}

extension DataType {
  var isArray: Bool { if case .array = self { true } else { false } }
}

extension Function {
  static let comparisons: [Function] =
    ComparisonKernels.Sign.allCases.map { sign in
      .bound(sign.name, sign.isEquality ? "(T, T) -> boolean where T: comparable" : "(T, T) -> boolean where T: orderable", "Comparison") { types, _ in
        ComparisonKernels.kernel(sign, types[0])
      }
    } + [
      .bound(Operator.isDistinctFrom, "(T, T) -> boolean where T: comparable", "Whether two values differ, null being a value") { _, _ in
        { v, n, _ in
          let a = v[0].flattened(), b = v[1].flattened()
          let same = rowEquality(a, b)
          let builder = VectorBuilder(.boolean, capacity: n)
          for i in 0..<n { builder.append(!same(i, i)) }
          return builder.finish()
        }
      }
    ]
}
