import Expressions
import Values
import Vectors

extension Function {
  /// Arrays as maps of positions to values, and back.
  static let mapPositions: [Function] = [
    .vector("array_to_map_int_keys", "(array(V)) -> map(integer, V)", "Positions of an array's elements, and the elements but nulls") {
      arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let keys = VectorBuilder(.integer)
      var chosen: [UInt32] = [], offsets = [0]
      for row in 0..<rows {
        if !arguments[0].isNull(at: row) {
          let range = lists.range(row)
          if range.count > mostPositions { throw tooMany("Max number of elements must be <= 10k for array_to_map_int_keys function") }
          for element in range where !lists.elements.isNull(at: element) {
            keys.append(Int32(truncatingIfNeeded: element - range.lowerBound + 1))
            chosen.append(UInt32(truncatingIfNeeded: element))
          }
        }
        offsets.append(chosen.count)
      }
      return try mapVector(context.result, keys.finish(), lists.elements.picked(chosen), offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("map_int_keys_to_array", "(map(integer, V)) -> array(V)", "The values of a map as an array, each at the place its key says") {
      arguments, rows, context in
      guard let maps = MapReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let keys = maps.keys.reader(as: Int32.self)
      // an empty map has no greatest key: there is no array then
      let isNull = { (row: Int) in arguments[0].isNull(at: row) || maps.range(row).isEmpty }
      var chosen: [UInt32] = [], offsets = [0]
      for row in 0..<rows {
        if !isNull(row) {
          let range = maps.range(row), last = range.reduce(Int32.min) { max($0, keys[$1]) }
          if last > mostPositions { throw tooMany("Max key value must be <= 10k for map_int_keys_to_array function") }
          let first = range.reduce(Int32.max) { min($0, keys[$1]) }
          if first <= 0 { throw tooMany("Only positive keys allowed in map_int_keys_to_array function, but got: \(first)") }
          var places = [UInt32](repeating: .max, count: Int(last))
          for entry in range { places[Int(keys[entry]) - 1] = UInt32(truncatingIfNeeded: entry) }
          chosen += places
        }
        offsets.append(chosen.count)
      }
      return try listVector(context.result, maps.values.pickedOrNull(chosen), offsets, isNull: isNull)
    },
  ]

  private static let mostPositions = 10_000

  /// Presto writes these functions in SQL and calls `fail` in them.
  private static func tooMany(_ message: String) -> PrestoError { PrestoError(.genericUserError, message) }
}
