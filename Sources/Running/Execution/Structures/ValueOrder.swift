import Values
import Vectors

/// Order of two single values of one type, as ORDER BY has it: for merging and for ties, not for hot loops.
enum ValueOrder {
  /// Negative, zero or positive. Neither value is null; nulls inside nested values come last.
  static func compare(_ a: Vector, _ i: Int, _ b: Vector, _ j: Int) -> Int {
    switch (a.encoding, b.encoding) {
    case (.constant(let inner), _): return compare(inner, 0, b, j)
    case (_, .constant(let inner)): return compare(a, i, inner, 0)
    case (.dictionary(let indices, let values), _): return compare(values, Int(indices.pointer(as: UInt32.self)[i]), b, j)
    case (_, .dictionary(let indices, let values)): return compare(a, i, values, Int(indices.pointer(as: UInt32.self)[j]))
    case (.list(let p, let x, _), .list(let q, let y, _)): return compareLists(p, x, i, q, y, j)
    case (.row(let x, _), .row(let y, _)):
      for (u, v) in zip(x, y) {
        let order = compareOrNull(u, i, v, j)
        if order != 0 { return order }
      }
      return 0
    case (.flat(let x, _, _), .flat(let y, _, _)): return compareFlat(a.type, x, i, y, j)
    case (.map, .map):
      // maps have no order of their own; sorting into partitions needs one in which equal maps meet
      var x: [UInt8] = [], y: [UInt8] = []
      CanonicalBytes.append(a, i, to: &x)
      CanonicalBytes.append(b, j, to: &y)
      return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    case (.flat, _), (.list, _), (.map, _), (.row, _): return 0
    }
  }

  static func compareOrNull(_ a: Vector, _ i: Int, _ b: Vector, _ j: Int, nullsFirst: Bool = false) -> Int {
    switch (a.isNull(at: i), b.isNull(at: j)) {
    case (true, true): 0
    case (true, false): nullsFirst ? -1 : 1
    case (false, true): nullsFirst ? 1 : -1
    case (false, false): compare(a, i, b, j)
    }
  }

  private static func compareLists(_ p: Buffer, _ x: Vector, _ i: Int, _ q: Buffer, _ y: Vector, _ j: Int) -> Int {
    let from = p.pointer(as: Int32.self), to = q.pointer(as: Int32.self)
    let n = Int(from[i + 1] - from[i]), m = Int(to[j + 1] - to[j])
    for k in 0..<min(n, m) {
      let order = compareOrNull(x, Int(from[i]) + k, y, Int(to[j]) + k)
      if order != 0 { return order }
    }
    return n - m
  }

  private static func compareFlat(_ type: DataType, _ x: Buffer, _ i: Int, _ y: Buffer, _ j: Int) -> Int {
    func order<T: Comparable & BitwiseCopyable>(_: T.Type) -> Int {
      let a = x.pointer(as: T.self)[i], b = y.pointer(as: T.self)[j]
      return a < b ? -1 : a > b ? 1 : 0
    }
    switch type.layout {
    case .bool: return order(UInt8.self)
    case .int8: return order(Int8.self)
    case .int16: return order(Int16.self)
    case .int32: return order(Int32.self)
    case .int64: return order(Int64.self)
    case .int128:
      switch type {
      case .timestampWithTimeZone, .timeWithTimeZone:
        let a = x.pointer(as: Int128.self)[i] >> 16, b = y.pointer(as: Int128.self)[j] >> 16
        return a < b ? -1 : a > b ? 1 : 0
      default: return order(Int128.self)
      }
    case .float:
      let a = Double(x.pointer(as: Float.self)[i]).orderedBits, b = Double(y.pointer(as: Float.self)[j]).orderedBits
      return a < b ? -1 : a > b ? 1 : 0
    case .double:
      let a = x.pointer(as: Double.self)[i].orderedBits, b = y.pointer(as: Double.self)[j].orderedBits
      return a < b ? -1 : a > b ? 1 : 0
    case .bytes: return Bytes.compare(x.pointer(as: Bytes.self)[i], y.pointer(as: Bytes.self)[j])
    case .list, .map, .row: return 0
    }
  }
}
