import Values
import Vectors

/// Whether row i of one vector and row j of another (of the same type) are not distinct: two nulls are alike. Formed once per pair of vectors;
/// a call costs a few nanoseconds, so this is for set-like functions and nested values, not for kernels.
func rowEquality(_ a: Vector, _ b: Vector) -> (Int, Int) -> Bool {
  let equal = slotEquality(a, b)
  if !a.mayHaveNulls && !b.mayHaveNulls { return equal }
  return { i, j in
    let isNull = a.isNull(at: i)
    return isNull == b.isNull(at: j) && (isNull || equal(i, j))
  }
}

private func slotEquality(_ a: Vector, _ b: Vector) -> (Int, Int) -> Bool {
  switch a.type.layout {
  case .bool: return equality(a, b, UInt8.self)
  case .int8: return equality(a, b, Int8.self)
  case .int16: return equality(a, b, Int16.self)
  case .int32: return equality(a, b, Int32.self)
  case .int64: return equality(a, b, Int64.self)
  case .int128:
    if isZoned(a.type) {
      let x = a.reader(as: Int128.self), y = b.reader(as: Int128.self)
      return { i, j in
        withExtendedLifetime((a, b)) { x[i] &>> 16 == y[j] &>> 16 }
      }
    }
    return equality(a, b, Int128.self)
  case .float:
    let x = a.reader(as: Float.self), y = b.reader(as: Float.self)
    return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] || (x[i].isNaN && y[j].isNaN) } }
  case .double:
    let x = a.reader(as: Double.self), y = b.reader(as: Double.self)
    return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] || (x[i].isNaN && y[j].isNaN) } }
  case .bytes:
    let x = a.reader(as: Bytes.self), y = b.reader(as: Bytes.self)
    return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] } }
  case .list:
    guard let x = ListReader(a), let y = ListReader(b) else { return { _, _ in false } }
    let equal = rowEquality(x.elements, y.elements)
    return { i, j in
      let left = x.range(i), right = y.range(j)
      return left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
    }
  case .map:
    guard let x = MapReader(a), let y = MapReader(b) else { return { _, _ in false } }
    let equalKeys = rowEquality(x.keys, y.keys), equalValues = rowEquality(x.values, y.values)
    return { i, j in
      let left = x.range(i), right = y.range(j)
      return left.count == right.count
        && left.allSatisfy { entry in right.contains { equalKeys(entry, $0) && equalValues(entry, $0) } }
    }
  case .row:
    let x = RowReader(a), y = RowReader(b)
    let equal = zip(x.fields, y.fields).map { rowEquality($0, $1) }
    return { i, j in
      let left = x.slot(i), right = y.slot(j)
      return equal.allSatisfy { $0(left, right) }
    }
  }
}

private func equality<T: Equatable & BitwiseCopyable>(_ a: Vector, _ b: Vector, _: T.Type) -> (Int, Int) -> Bool {
  let x = a.reader(as: T.self), y = b.reader(as: T.self)
  return { i, j in withExtendedLifetime((a, b)) { x[i] == y[j] } }
}

/// The order of row i of one vector and row j of another: negative, zero, positive. Nulls come last and NaN after all numbers,
/// or both first: `nanIsLargest`.
func rowOrder(_ a: Vector, _ b: Vector, nanIsLargest: Bool = true) -> (Int, Int) -> Int {
  let order = slotOrder(a, b, nanIsLargest ? 1 : -1)
  if !a.mayHaveNulls && !b.mayHaveNulls { return order }
  return { i, j in
    let left = a.isNull(at: i), right = b.isNull(at: j)
    if left || right { return (left.bit - right.bit) * (nanIsLargest ? 1 : -1) }
    return order(i, j)
  }
}

private func slotOrder(_ a: Vector, _ b: Vector, _ nan: Int) -> (Int, Int) -> Int {
  switch a.type.layout {
  case .bool: return ordering(a, b, UInt8.self)
  case .int8: return ordering(a, b, Int8.self)
  case .int16: return ordering(a, b, Int16.self)
  case .int32: return ordering(a, b, Int32.self)
  case .int64: return ordering(a, b, Int64.self)
  case .int128:
    if isZoned(a.type) {
      let x = a.reader(as: Int128.self), y = b.reader(as: Int128.self)
      return { i, j in
        withExtendedLifetime((a, b)) {
          let left = x[i] &>> 16, right = y[j] &>> 16
          return (left > right).bit - (left < right).bit
        }
      }
    }
    return ordering(a, b, Int128.self)
  case .float:
    let x = a.reader(as: Float.self), y = b.reader(as: Float.self)
    return { i, j in withExtendedLifetime((a, b)) { floatOrder(Double(x[i]), Double(y[j]), nan) } }
  case .double:
    let x = a.reader(as: Double.self), y = b.reader(as: Double.self)
    return { i, j in withExtendedLifetime((a, b)) { floatOrder(x[i], y[j], nan) } }
  case .bytes:
    let x = a.reader(as: Bytes.self), y = b.reader(as: Bytes.self)
    return { i, j in withExtendedLifetime((a, b)) { Bytes.compare(x[i], y[j]) } }
  case .list:
    guard let x = ListReader(a), let y = ListReader(b) else { return { _, _ in 0 } }
    let order = rowOrder(x.elements, y.elements, nanIsLargest: nan > 0)
    return { i, j in
      let left = x.range(i), right = y.range(j)
      for (l, r) in zip(left, right) {
        let result = order(l, r)
        if result != 0 { return result }
      }
      return left.count - right.count
    }
  case .map: return { _, _ in 0 }
  case .row:
    let x = RowReader(a), y = RowReader(b)
    let orders = zip(x.fields, y.fields).map { rowOrder($0, $1, nanIsLargest: nan > 0) }
    return { i, j in
      let left = x.slot(i), right = y.slot(j)
      for order in orders {
        let result = order(left, right)
        if result != 0 { return result }
      }
      return 0
    }
  }
}

@inline(__always) func floatOrder(_ x: Double, _ y: Double, _ nan: Int) -> Int {
  if x < y { return -1 }
  if x > y { return 1 }
  return (x.isNaN.bit - y.isNaN.bit) * nan
}

private func ordering<T: Comparable & BitwiseCopyable>(_ a: Vector, _ b: Vector, _: T.Type) -> (Int, Int) -> Int {
  let x = a.reader(as: T.self), y = b.reader(as: T.self)
  return { i, j in
    withExtendedLifetime((a, b)) {
      let left = x[i], right = y[j]
      return (left > right).bit - (left < right).bit
    }
  }
}
