import Values

/// Comparison of arrays, maps and rows, and of anything where nulls are values: row by row, through closures formed once per pair of vectors.
public enum NestedComparison {
  /// Equal, not equal, or open because a null was met.
  enum Verdict: Int8 { case no = 0, yes = 1, unknown = -1 }

  typealias Equality = (_ rowOfA: Int, _ rowOfB: Int) -> Verdict
  /// Negative, zero, positive; nil where a null decides.
  typealias Order = (_ rowOfA: Int, _ rowOfB: Int) -> Int?

  static func vector(_ op: ComparisonOperator, _ a: Vector, _ b: Vector, _ rows: Int) throws -> Vector {
    let builder = VectorBuilder(.boolean, capacity: rows)
    switch op {
    case .equal, .notEqual:
      let equal = equality(a, b)
      for i in 0..<rows {
        switch equal(i, i) {
        case .yes: builder.append(op == .equal)
        case .no: builder.append(op == .notEqual)
        case .unknown: builder.appendNull()
        }
      }
    case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual:
      let order = order(a, b)
      for i in 0..<rows {
        guard !a.isNull(at: i), !b.isNull(at: i), let sign = order(i, i) else {
          builder.appendNull()
          continue
        }
        switch op {
        case .lessThan: builder.append(sign < 0)
        case .lessThanOrEqual: builder.append(sign <= 0)
        case .greaterThan: builder.append(sign > 0)
        case .greaterThanOrEqual, .equal, .notEqual: builder.append(sign >= 0)
        }
      }
    }
    return builder.finish()
  }

  /// IS DISTINCT FROM: never null; nulls are alike, NaN is like NaN.
  public static func isDistinct(_ a: Vector, _ b: Vector, _ rows: Int) -> Vector {
    let same = sameness(a, b)
    let values = Buffer(byteCount: rows)
    let out = values.pointer(as: UInt8.self)
    for i in 0..<rows { out[i] = same(i, i) ? 0 : 1 }
    return .flat(.boolean, count: rows, values: values)
  }

  /// SQL's `=` with its three outcomes.
  static func equality(_ a: Vector, _ b: Vector) -> Equality {
    let inner = innerEquality(a, b)
    return { i, j in a.isNull(at: i) || b.isNull(at: j) ? .unknown : inner(i, j) }
  }

  private static func innerEquality(_ a: Vector, _ b: Vector) -> Equality {
    let (x, xRow) = NestedComparison.unwrapped(a), (y, yRow) = NestedComparison.unwrapped(b)
    switch (x.encoding, y.encoding) {
    case (.list(let starts, let left, _), .list(let others, let right, _)):
      let equal = equality(left, right)
      return { i, j in
        let p = Vector.range(starts, xRow(i)), q = Vector.range(others, yRow(j))
        guard p.count == q.count else { return .no }
        return all(zip(p, q)) { equal($0, $1) }
      }
    case (.row(let left, _), .row(let right, _)):
      let equal = zip(left, right).map { equality($0, $1) }
      return { i, j in
        let (p, q) = (xRow(i), yRow(j))
        return all(equal.map { (p, q, $0) }) { $2($0, $1) }
      }
    case (.map(let starts, let keys, let values, _), .map(let others, let otherKeys, let otherValues, _)):
      let equalKeys = sameness(keys, otherKeys), equalValues = equality(values, otherValues)
      return { i, j in
        let p = Vector.range(starts, xRow(i)), q = Vector.range(others, yRow(j))
        guard p.count == q.count else { return .no }
        return all(p.map { entry in (entry, q.first { equalKeys(entry, $0) }) }) { entry, match in
          match.map { equalValues(entry, $0) } ?? .no
        }
      }
    default:
      let same = flatSameness(a, b, nanIsNaN: false)
      return { i, j in same(i, j) ? .yes : .no }
    }
  }

  private static func all<S: Sequence>(_ parts: S, _ verdict: (S.Element) -> Verdict) -> Verdict {
    var open = false
    for part in parts {
      switch verdict(part) {
      case .no: return .no
      case .unknown: open = true
      case .yes: break
      }
    }
    return open ? .unknown : .yes
  }

  /// Not distinct: what GROUP BY calls equal.
  public static func sameness(_ a: Vector, _ b: Vector) -> (Int, Int) -> Bool {
    let inner = innerSameness(a, b)
    if !a.mayHaveNulls && !b.mayHaveNulls { return inner }
    return { i, j in
      let isNull = a.isNull(at: i)
      return isNull == b.isNull(at: j) && (isNull || inner(i, j))
    }
  }

  private static func innerSameness(_ a: Vector, _ b: Vector) -> (Int, Int) -> Bool {
    let (x, xRow) = unwrapped(a), (y, yRow) = unwrapped(b)
    switch (x.encoding, y.encoding) {
    case (.list(let starts, let left, _), .list(let others, let right, _)):
      let same = sameness(left, right)
      return { i, j in
        let p = Vector.range(starts, xRow(i)), q = Vector.range(others, yRow(j))
        return p.count == q.count && zip(p, q).allSatisfy { same($0, $1) }
      }
    case (.row(let left, _), .row(let right, _)):
      let same = zip(left, right).map { sameness($0, $1) }
      return { i, j in
        let (p, q) = (xRow(i), yRow(j))
        return same.allSatisfy { $0(p, q) }
      }
    case (.map(let starts, let keys, let values, _), .map(let others, let otherKeys, let otherValues, _)):
      let sameKeys = sameness(keys, otherKeys), sameValues = sameness(values, otherValues)
      return { i, j in
        let p = Vector.range(starts, xRow(i)), q = Vector.range(others, yRow(j))
        return p.count == q.count && p.allSatisfy { entry in q.contains { sameKeys(entry, $0) && sameValues(entry, $0) } }
      }
    default: return flatSameness(a, b, nanIsNaN: true)
    }
  }

  /// Elements or fields decide in turn, until one is a null.
  static func order(_ a: Vector, _ b: Vector) -> Order {
    let (x, xRow) = unwrapped(a), (y, yRow) = unwrapped(b)
    switch (x.encoding, y.encoding) {
    case (.list(let starts, let left, _), .list(let others, let right, _)):
      let inner = order(left, right)
      return { i, j in
        let p = Vector.range(starts, xRow(i)), q = Vector.range(others, yRow(j))
        for (m, n) in zip(p, q) {
          guard !left.isNull(at: m), !right.isNull(at: n), let sign = inner(m, n) else { return nil }
          if sign != 0 { return sign }
        }
        return p.count - q.count
      }
    case (.row(let left, _), .row(let right, _)):
      let inner = zip(left, right).map { order($0, $1) }
      return { i, j in
        let (p, q) = (xRow(i), yRow(j))
        for (index, compare) in inner.enumerated() {
          guard !left[index].isNull(at: p), !right[index].isNull(at: q), let sign = compare(p, q) else { return nil }
          if sign != 0 { return sign }
        }
        return 0
      }
    default: return flatOrder(a, b)
    }
  }

  // MARK: Flat layouts

  private static func flatSameness(_ a: Vector, _ b: Vector, nanIsNaN: Bool) -> (Int, Int) -> Bool {
    switch a.type.layout {
    case .bool: return same(UInt8.self, a, b)
    case .int8: return same(Int8.self, a, b)
    case .int16: return same(Int16.self, a, b)
    case .int32: return same(Int32.self, a, b)
    case .int64: return same(Int64.self, a, b)
    case .int128:
      switch a.type {
      case .timestampWithTimeZone, .timeWithTimeZone: return same(InstantOrder.self, a, b)
      default: return same(Int128.self, a, b)
      }
    case .float:
      let x = a.reader(as: Float.self), y = b.reader(as: Float.self)
      return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] || (nanIsNaN && x[i].isNaN && y[j].isNaN) } }
    case .double:
      let x = a.reader(as: Double.self), y = b.reader(as: Double.self)
      return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] || (nanIsNaN && x[i].isNaN && y[j].isNaN) } }
    case .bytes: return same(TextOrder.self, a, b)
    case .list, .map, .row: return { _, _ in false }
    }
  }

  private static func same<T: Equatable & BitwiseCopyable>(_: T.Type, _ a: Vector, _ b: Vector) -> (Int, Int) -> Bool {
    let x = a.reader(as: T.self), y = b.reader(as: T.self)
    return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] } }
  }

  private static func flatOrder(_ a: Vector, _ b: Vector) -> Order {
    switch a.type.layout {
    case .bool: return ordered(UInt8.self, a, b)
    case .int8: return ordered(Int8.self, a, b)
    case .int16: return ordered(Int16.self, a, b)
    case .int32: return ordered(Int32.self, a, b)
    case .int64: return ordered(Int64.self, a, b)
    case .int128:
      switch a.type {
      case .timestampWithTimeZone, .timeWithTimeZone: return ordered(InstantOrder.self, a, b)
      default: return ordered(Int128.self, a, b)
      }
    case .float: return ordered(Float.self, a, b)
    case .double: return ordered(Double.self, a, b)
    case .bytes: return ordered(TextOrder.self, a, b)
    case .list, .map, .row: return { _, _ in 0 }
    }
  }

  private static func ordered<T: Comparable & BitwiseCopyable>(_: T.Type, _ a: Vector, _ b: Vector) -> Order {
    let x = a.reader(as: T.self), y = b.reader(as: T.self)
    return { i, j in withExtendedLifetime((a, b)) { (x[i] > y[j]).bit - (x[i] < y[j]).bit } }
  }

  /// The vector beneath a constant or dictionary, and where its rows lie in it.
  private static func unwrapped(_ vector: Vector) -> (Vector, (Int) -> Int) {
    switch vector.encoding {
    case .constant(let value): return (value, { _ in 0 })
    case .dictionary(let indices, let values):
      return (values, { row in Int(indices.pointer(as: UInt32.self)[row]) })
    case .flat, .list, .map, .row: return (vector, { $0 })
    }
  }
}
