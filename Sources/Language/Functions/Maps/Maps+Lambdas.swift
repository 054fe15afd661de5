import Expressions
import Values
import Vectors

extension Function {
  static let mapLambdas: [Function] = [
    .vector("map_filter", "(map(K, V), function(K, V, boolean)) -> map(K, V)", "The entries for which a function is true") {
      arguments, rows, context in
      let exploded = Exploded(maps: arguments[0], rows: rows), isTrue = try truth(exploded, 1, context)
      let kept = exploded.segments.dropping { isTrue[$0] != true }
      return try mapVector(context.result, kept.columns[0], kept.columns[1], kept.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("transform_values", "(map(K, V), function(K, V, W)) -> map(K, W)", "The function of every entry as its value") {
      arguments, rows, context in
      let exploded = Exploded(maps: arguments[0], rows: rows)
      let values = try lambda(1, context)(exploded.segments.columns, exploded.owning)
      return try mapVector(context.result, exploded.segments.columns[0], values, exploded.segments.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("transform_keys", "(map(K, V), function(K, V, L)) -> map(L, V) where L: comparable", "The function of every entry as its key") {
      arguments, rows, context in
      let exploded = Exploded(maps: arguments[0], rows: rows)
      let keys = try lambda(1, context)(exploded.segments.columns, exploded.owning)
      return try mapOfUniqueKeys(Segments(columns: [keys, exploded.segments.columns[1]], offsets: exploded.segments.offsets), context) {
        arguments[0].isNull(at: $0)
      }
    },
    .vector(
      "map_zip_with", "(map(K, V), map(K, W), function(K, V, W, X)) -> map(K, X)",
      "The function of the values of equal keys, null where one is missing"
    ) { arguments, rows, context in
      let sides = arguments.prefix(2).map { Exploded(maps: $0, rows: rows).segments }
      let isNull = { (row: Int) in arguments.prefix(2).contains { $0.isNull(at: row) } }
      let equal = rowEquality(sides[0].columns[0], sides[1].columns[0])
      var left: [UInt32] = [], right: [UInt32] = [], keys: [UInt32] = [], offsets = [0]
      let base = sides[0].rowCount
      for row in 0..<rows {
        if !isNull(row) {
          var used = Set<Int>()
          for entry in sides[0].range(row) {
            let partner = sides[1].range(row).first { equal(entry, $0) }
            if let partner { used.insert(partner) }
            keys.append(UInt32(truncatingIfNeeded: entry))
            left.append(UInt32(truncatingIfNeeded: entry))
            right.append(partner.map { UInt32(truncatingIfNeeded: $0) } ?? .max)
          }
          for entry in sides[1].range(row) where !used.contains(entry) {
            keys.append(UInt32(truncatingIfNeeded: base + entry))
            left.append(.max)
            right.append(UInt32(truncatingIfNeeded: entry))
          }
        }
        offsets.append(keys.count)
      }
      let allKeys = Vector.concatenated([sides[0].columns[0], sides[1].columns[0]], type: sides[0].columns[0].type).picked(keys)
      let columns = [allKeys, sides[0].columns[1].pickedOrNull(left), sides[1].columns[1].pickedOrNull(right)]
      let exploded = Exploded(columns: columns, offsets: offsets)
      return try mapVector(context.result, allKeys, try lambda(2, context)(columns, exploded.owning), offsets, isNull: isNull)
    },
    match("any_keys_match", "(map(K, V), function(K, boolean)) -> boolean", "Whether a function is true for any key", 0) { truths in
      truths.contains(true) ? true : truths.contains(nil) ? nil : false
    },
    match("all_keys_match", "(map(K, V), function(K, boolean)) -> boolean", "Whether a function is true for all keys", 0) { truths in
      truths.contains(false) ? false : truths.contains(nil) ? nil : true
    },
    match("no_keys_match", "(map(K, V), function(K, boolean)) -> boolean", "Whether a function is true for no key", 0) { truths in
      truths.contains(true) ? false : truths.contains(nil) ? nil : true
    },
    match("any_values_match", "(map(K, V), function(V, boolean)) -> boolean", "Whether a function is true for any value", 1) { truths in
      truths.contains(true) ? true : truths.contains(nil) ? nil : false
    },
    match("no_values_match", "(map(K, V), function(V, boolean)) -> boolean", "Whether a function is true for no value", 1) { truths in
      truths.contains(true) ? false : truths.contains(nil) ? nil : true
    },
  ]

  private static func match(
    _ name: String, _ signature: String, _ summary: String, _ column: Int, _ decide: @escaping @Sendable (ArraySlice<Bool?>) -> Bool?
  ) -> Function {
    .vector(name, signature, summary) { arguments, rows, context in
      let whole = Exploded(maps: arguments[0], rows: rows).segments
      let exploded = Exploded(columns: [whole.columns[column]], offsets: whole.offsets), isTrue = try truth(exploded, 1, context)
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool?.self) { row in decide(isTrue[whole.range(row)]) }
        .vector(.boolean, rows: rows, heap: [])
    }
  }
}
