import Expressions
import Values
import Vectors

extension Function {
  /// `array[i]`, counted from 1, and `map[key]`: what is not there is an error (`element_at` answers null).
  static let subscripts: [Function] = [
    vector(Operator.subscripted, "(array(T), bigint) -> T", "Element of an array") { v, rows, context in
      guard v[0].nullConstant == nil, let list = ListReader(v[0]) else { return Vector.nulls(context.result, count: rows) }
      let places = v[1].dense()
      let place = places.reader(as: Int64.self)
      let chosen = Buffer(byteCount: rows * 4)
      let out = chosen.pointer(as: UInt32.self)
      for row in 0..<rows {
        if v[0].isNull(at: row) || !place.isValid(row) {
          out[row] = UInt32.max
          continue
        }
        let range = list.range(row), index = place[row]
        if index == 0 { throw PrestoError(.invalidFunctionArgument, "SQL array indices start at 1") }
        if index < 0 { throw PrestoError(.invalidFunctionArgument, "Array subscript is negative: \(index)") }
        if index > range.count {
          throw PrestoError(
            .invalidFunctionArgument, "Array subscript must be less than or equal to array length: \(index) > \(range.count)")
        }
        out[row] = UInt32(truncatingIfNeeded: range.lowerBound + Int(index) - 1)
      }
      return withExtendedLifetime((chosen, places)) { list.elements.gatheredOrNull(UnsafePointer(out), count: rows) }
    },
    vector(Operator.subscripted, "(map(K, V), K) -> V", "Value of a key") { v, rows, context in
      guard v[0].nullConstant == nil, let map = MapReader(v[0]) else { return Vector.nulls(context.result, count: rows) }
      let same = NestedComparison.sameness(map.keys, v[1])
      let chosen = Buffer(byteCount: rows * 4)
      let out = chosen.pointer(as: UInt32.self)
      for row in 0..<rows {
        if v[0].isNull(at: row) || v[1].isNull(at: row) {
          out[row] = UInt32.max
          continue
        }
        guard let entry = map.range(row).first(where: { same($0, row) }) else {
          throw PrestoError(.invalidFunctionArgument, "Key not present in map: \(v[1].text(at: row) ?? "null")")
        }
        out[row] = UInt32(truncatingIfNeeded: entry)
      }
      return withExtendedLifetime(chosen) { map.values.gatheredOrNull(UnsafePointer(out), count: rows) }
    },
  ]
}
