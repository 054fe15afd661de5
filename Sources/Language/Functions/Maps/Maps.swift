import Expressions
import Values
import Vectors

extension Function {
  static let mapBasics: [Function] = [
    .vector("map", "() -> map(unknown, unknown)", "An empty map") { _, rows, context in
      .constant(.sequence([]), context.result, count: rows)
    },
    .vector("map", "(array(K), array(V)) -> map(K, V) where K: comparable", "A map of keys and values") { arguments, rows, context in
      let keys = Exploded(arrays: arguments[0], rows: rows).segments, values = Exploded(arrays: arguments[1], rows: rows).segments
      let isNull = { (row: Int) in arguments.contains { $0.isNull(at: row) } }
      for row in 0..<rows where !isNull(row) && keys.range(row).count != values.range(row).count {
        throw invalidArgument("Key and value arrays must be the same length")
      }
      return try mapOfUniqueKeys(
        Segments(columns: [keys.columns[0], values.columns[0]], offsets: keys.offsets).restricted(values.offsets, rows, isNull), context,
        isNull)
    },
    .vector("map_from_entries", "(array(row(K, V))) -> map(K, V) where K: comparable", "A map of rows of keys and values") {
      arguments, rows, context in
      let log = try pairs(arguments[0], rows)
      return try mapOfUniqueKeys(log, context) { arguments[0].isNull(at: $0) }
    },
    .vector(
      "multimap_from_entries", "(array(row(K, V))) -> map(K, array(V)) where K: comparable",
      "A map of rows of keys and values, all values of each key"
    ) { arguments, rows, context in try multimap(pairs(arguments[0], rows), context.result) { arguments[0].isNull(at: $0) } },
    .vector("map_entries", "(map(K, V)) -> array(row(K, V))", "The entries of a map as rows") { arguments, rows, context in
      let log = Exploded(maps: arguments[0], rows: rows).segments
      let entries = Vector(context.result.components[0], count: log.rowCount, .row(fields: log.columns, validity: nil))
      return try listVector(context.result, entries, log.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("map_keys", "(map(K, V)) -> array(K)", "The keys of a map") { arguments, rows, context in
      let log = Exploded(maps: arguments[0], rows: rows).segments
      return try listVector(context.result, log.columns[0], log.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("map_values", "(map(K, V)) -> array(V)", "The values of a map") { arguments, rows, context in
      let log = Exploded(maps: arguments[0], rows: rows).segments
      return try listVector(context.result, log.columns[1], log.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("map_concat", "(map(K, V)...) -> map(K, V)", "The union of maps; the last of equal keys counts") { arguments, rows, context in
      if arguments.count < 2 { throw invalidArgument("There must be two or more concatenation arguments to map_concat") }
      let sides = arguments.map { Exploded(maps: $0, rows: rows).segments }
      var bases = [0], order: [UInt32] = [], offsets = [0]
      for side in sides { bases.append(bases[bases.count - 1] + side.rowCount) }
      let isNull = { (row: Int) in arguments.contains { $0.isNull(at: row) } }
      for row in 0..<rows {
        if !isNull(row) {
          // the last map first, so that its entries are the ones met first
          for (base, side) in zip(bases, sides).reversed() {
            for i in side.range(row) { order.append(UInt32(truncatingIfNeeded: base + i)) }
          }
        }
        offsets.append(order.count)
      }
      let columns = [0, 1].map { column in
        Vector.concatenated(sides.map { $0.columns[column] }, type: sides[0].columns[column].type).picked(order)
      }
      let unique = Segments(columns: columns, offsets: offsets).firstOfEach()
      return try mapVector(context.result, unique.columns[0], unique.columns[1], unique.offsets, isNull: isNull)
    },
    .vector("element_at", "(map(K, V), K) -> V", "The value of a key; null if it is missing") { arguments, rows, _ in
      guard let maps = MapReader(arguments[0]) else { return Vector.nulls(arguments[0].type.components[1], count: rows) }
      let equal = rowEquality(maps.keys, arguments[1])
      return maps.values.pickedOrNull(
        (0..<rows).map { row in
          if arguments[0].isNull(at: row) || arguments[1].isNull(at: row) { return .max }
          return maps.range(row).first { equal($0, row) }.map { UInt32(truncatingIfNeeded: $0) } ?? .max
        })
    },
    .vector("map_key_exists", "(map(K, V), K) -> boolean", "Whether a map has a key") { arguments, rows, _ in
      guard let maps = MapReader(arguments[0]) else { return Vector.nulls(.boolean, count: rows) }
      let equal = rowEquality(maps.keys, arguments[1])
      return try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Bool.self) { row in
        maps.range(row).contains { equal($0, row) }
      }.vector(.boolean, rows: rows, heap: [])
    },
    .vector("map_subset", "(map(K, V), array(K)) -> map(K, V)", "The entries whose keys are named") { arguments, rows, context in
      guard let maps = MapReader(arguments[0]), let wanted = ListReader(arguments[1]) else {
        return Vector.nulls(context.result, count: rows)
      }
      let equal = rowEquality(maps.keys, wanted.elements)
      return try chosenEntries(context.result, maps, rows, arguments) { row, out in
        let list = wanted.range(row)
        for entry in maps.range(row) where list.contains(where: { equal(entry, $0) }) { out.append(UInt32(truncatingIfNeeded: entry)) }
      }
    },
    .vector("map_remove_null_values", "(map(K, V)) -> map(K, V)", "The entries that have a value") { arguments, rows, context in
      guard let maps = MapReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      return try chosenEntries(context.result, maps, rows, arguments) { row, out in
        for entry in maps.range(row) where !maps.values.isNull(at: entry) { out.append(UInt32(truncatingIfNeeded: entry)) }
      }
    },
    .vector("map_normalize", "(map(varchar, double)) -> map(varchar, double)", "Values divided by their sum") { arguments, rows, context in
      let log = Exploded(maps: arguments[0], rows: rows).segments, values = log.columns[1].reader(as: Double.self)
      var sums = [Double](repeating: 0, count: rows), owner = [Int](repeating: 0, count: log.rowCount)
      for row in 0..<rows {
        for entry in log.range(row) {
          owner[entry] = row
          if values.isValid(entry) { sums[row] += values[entry] }
        }
      }
      let shares = try ScalarLoop.gated(log.rowCount, log.columns[1].rowValidity, Double.self) { values[$0] / sums[owner[$0]] }
        .vector(.double, rows: log.rowCount, heap: [])
      return try mapVector(context.result, log.columns[0], shares, log.offsets) { arguments[0].isNull(at: $0) }
    },
    topKeys(
      "map_keys_by_top_n_values", "(map(K, V), bigint) -> array(K) where V: orderable", "Keys of the n largest values", by: 1, result: 0),
    topKeys("map_top_n_keys", "(map(K, V), bigint) -> array(K) where K: orderable", "The n largest keys", by: 0, result: 0),
    topKeys("map_top_n_values", "(map(K, V), bigint) -> array(V) where V: orderable", "The n largest values", by: 1, result: 1),
    .vector("map_top_n", "(map(K, V), bigint) -> map(K, V) where V: orderable", "The entries of the n largest values") {
      arguments, rows, context in
      let log = Exploded(maps: arguments[0], rows: rows).segments
      let kept = try top(log, by: 1, arguments, rows)
      return try mapVector(context.result, kept.columns[0], kept.columns[1], kept.offsets) { row in
        arguments.contains { $0.isNull(at: row) }
      }
    },
  ]

  private static func topKeys(_ name: String, _ signature: String, _ summary: String, by column: Int, result: Int) -> Function {
    .vector(name, signature, summary) { arguments, rows, context in
      let kept = try top(Exploded(maps: arguments[0], rows: rows).segments, by: column, arguments, rows)
      return try listVector(context.result, kept.columns[result], kept.offsets) { row in arguments.contains { $0.isNull(at: row) } }
    }
  }
}

private func top(_ log: Segments, by column: Int, _ arguments: [Vector], _ rows: Int) throws -> Segments {
  let counts = arguments[1].reader(as: Int64.self), order = log.sorted(by: column, descending: true)
  var chosen: [UInt32] = [], ends = [0]
  for row in 0..<rows {
    if counts.isValid(row) {
      if counts[row] < 0 { throw invalidArgument("n must be greater than or equal to 0") }
      chosen.append(contentsOf: order[log.range(row)].prefix(Int(clamping: counts[row])))
    }
    ends.append(chosen.count)
  }
  return log.reordered(chosen, offsets: ends)
}

extension Segments {
  /// Keys and values whose boundaries agree except at null rows, which are emptied.
  fileprivate func restricted(_ others: [Int], _ rows: Int, _ isNull: (Int) -> Bool) -> Segments {
    if !(0..<rows).contains(where: isNull) { return self }
    var left: [UInt32] = [], right: [UInt32] = [], ends = [0]
    for row in 0..<rows {
      if !isNull(row) {
        for i in range(row) { left.append(UInt32(truncatingIfNeeded: i)) }
        for i in others[row]..<others[row + 1] { right.append(UInt32(truncatingIfNeeded: i)) }
      }
      ends.append(left.count)
    }
    return Segments(columns: [columns[0].picked(left), columns[1].picked(right)], offsets: ends)
  }
}

/// A map per row from chosen entries; null where an argument is.
func chosenEntries(
  _ type: DataType, _ maps: MapReader, _ rows: Int, _ arguments: [Vector], _ choose: (Int, inout [UInt32]) throws -> Void
) throws -> Vector {
  let list = try chosenLists(.array(maps.keys.type), maps.keys, rows, arguments, choose)
  var chosen: [UInt32] = []
  let validity = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
  for row in 0..<rows where validity?[row] ?? true { try choose(row, &chosen) }
  guard case .list(let offsets, let keys, let bits) = list.encoding else { return list }
  return Vector(type, count: rows, .map(offsets: offsets, keys: keys, values: maps.values.picked(chosen), validity: bits))
}

/// Keys and values of arrays of rows. A null row or key is an error.
private func pairs(_ vector: Vector, _ rows: Int) throws -> Segments {
  let exploded = Exploded(arrays: vector, rows: rows), entries = exploded.segments.columns[0].flattened()
  let reader = RowReader(entries)
  // an array of nothing but nulls has no rows to take apart
  guard reader.fields.count == 2 else {
    if entries.count > 0 { throw invalidArgument("map entry cannot be null") }
    return Segments(columns: [entries, entries], offsets: exploded.segments.offsets)
  }
  if entries.mayHaveNulls, (0..<entries.count).contains(where: { entries.isNull(at: $0) }) {
    throw invalidArgument("map entry cannot be null")
  }
  if reader.fields[0].mayHaveNulls, (0..<entries.count).contains(where: { reader.fields[0].isNull(at: $0) }) {
    throw invalidArgument("map key cannot be null")
  }
  return Segments(columns: reader.fields, offsets: exploded.segments.offsets)
}

/// A map of keys that must not be null nor repeated.
func mapOfUniqueKeys(_ log: Segments, _ context: EvaluationContext, _ isNull: (Int) -> Bool) throws -> Vector {
  let keys = log.columns[0]
  if keys.mayHaveNulls, (0..<keys.count).contains(where: { keys.isNull(at: $0) }) { throw invalidArgument("map key cannot be null") }
  let distinct = log.distinct()
  if distinct.rows.count != log.rowCount {
    let repeated = distinct.ordinals.indices.first { Int(distinct.rows[Int(distinct.ordinals[$0])]) != $0 } ?? 0
    throw invalidArgument("Duplicate map keys (\(keys.constant(at: repeated).shown)) are not allowed")
  }
  return try mapVector(context.result, keys, log.columns[1], log.offsets, isNull: isNull)
}

extension Constant {
  /// For messages: numbers and texts as they are, sequences in brackets.
  var shown: String {
    switch self {
    case .null: "null"
    case .boolean(let x): "\(x)"
    case .integer(let x): "\(x)"
    case .wide(let x): "\(x)"
    case .real(let x): "\(x)"
    case .double(let x): "\(x)"
    case .bytes(let x): String(decoding: x, as: UTF8.self)
    case .sequence(let all): "[" + all.map(\.shown).joined(separator: ", ") + "]"
    }
  }
}
