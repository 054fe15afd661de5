import Expressions
import Values
import Vectors

extension Function {
  static let collections: [Function] = [
    .aggregate("array_agg", [.T], .array(.T), "All values as an array, nulls too") { arguments, result in
      LogDefinition(types: arguments) { log, type in
        try listVector(type, log.columns[0], log.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
    .aggregate("map_agg", [.K, .V], .map(.K, .V), "A map of keys and values; the first of equal keys counts", where: ["K": .comparable]) {
      arguments, result in
      LogDefinition(types: arguments, skipsNullsOf: 0, shorten: { $0.firstOfEach() }) { log, type in
        let unique = log.firstOfEach()
        return try mapVector(type, unique.columns[0], unique.columns[1], unique.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
    .aggregate("multimap_agg", [.K, .V], .map(.K, .array(.V)), "A map of keys to all their values", where: ["K": .comparable]) {
      arguments, result in
      LogDefinition(types: arguments, skipsNullsOf: 0) { log, type in try multimap(log, type) }.maker(result)
    },
    .aggregate("map_union", [.map(.K, .V)], .map(.K, .V), "The union of maps; the first of equal keys counts") { arguments, result in
      LogDefinition(
        types: arguments[0].components, skipsNullsOf: 0, record: { arguments, count in explodedMaps(arguments[0], count) },
        shorten: { $0.firstOfEach() }
      ) { log, type in
        // a null key marks an empty map
        let unique = log.firstOfEach()
        let kept = unique.dropping { unique.columns[0].isNull(at: $0) }
        return try mapVector(type, kept.columns[0], kept.columns[1], kept.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
    .aggregate("set_agg", [.T], .array(.T), "Distinct values as an array", where: ["T": .comparable]) { arguments, result in
      LogDefinition(types: arguments, shorten: { $0.firstOfEach() }) { log, type in
        let unique = log.firstOfEach()
        return try listVector(type, unique.columns[0], unique.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
    .aggregate("set_union", [.array(.T)], .array(.T), "Distinct elements of all arrays", where: ["T": .comparable]) { arguments, result in
      LogDefinition(
        types: [arguments[0].components[0], .boolean], record: { arguments, count in explodedArrays(arguments[0], count) },
        shorten: { $0.firstOfEach(within: 1) }
      ) { log, type in
        // rows that are no elements mark arrays that are null or empty
        let unique = log.firstOfEach(within: 1)
        let isElement = unique.columns[1].reader(as: Bool.self)
        let kept = unique.dropping { !isElement[$0] }
        return try listVector(type, kept.columns[0], kept.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
  ]
}

extension Segments {
  /// The first row of each distinct value of the first column.
  func firstOfEach() -> Segments {
    let distinct = distinct()
    return distinct.rows.count == rowCount ? self : reordered(distinct.rows, offsets: distinct.offsets)
  }

  /// The same among all columns up to `last` together.
  func firstOfEach(within last: Int) -> Segments {
    let fields = columns[0...last]
    let whole = Vector(
      .row(fields.map { DataType.Field(nil, $0.type) }), count: rowCount, .row(fields: fields.map { $0.flattened() }, validity: nil))
    let distinct = Segments(columns: [whole], offsets: offsets).distinct()
    return distinct.rows.count == rowCount ? self : reordered(distinct.rows, offsets: distinct.offsets)
  }

  /// Without the rows that `isDropped` names.
  func dropping(_ isDropped: (Int) -> Bool) -> Segments {
    var rows: [UInt32] = [], offsets = [0]
    for segment in 0..<count {
      for row in range(segment) where !isDropped(row) { rows.append(UInt32(truncatingIfNeeded: row)) }
      offsets.append(rows.count)
    }
    return rows.count == rowCount ? self : reordered(rows, offsets: offsets)
  }
}

/// Keys with the list of all their values, both in order of appearance.
func multimap(_ log: Segments, _ type: DataType, isNull: ((Int) -> Bool)? = nil) throws -> Vector {
  let distinct = log.distinct()
  var ends = [Int](repeating: 0, count: distinct.rows.count + 1)
  for ordinal in distinct.ordinals { ends[Int(ordinal) + 1] += 1 }
  for i in distinct.rows.indices { ends[i + 1] += ends[i] }
  var next = ends
  var order = [UInt32](repeating: 0, count: log.rowCount)
  for (row, ordinal) in distinct.ordinals.enumerated() {
    order[next[Int(ordinal)]] = UInt32(truncatingIfNeeded: row)
    next[Int(ordinal)] += 1
  }
  let lists = try listVector(.array(log.columns[1].type), log.columns[1].picked(order), ends)
  return try mapVector(type, log.columns[0].picked(distinct.rows), lists, distinct.offsets, isNull: isNull ?? { log.range($0).isEmpty })
}

/// Entries of all maps as rows of keys and values; an empty map leaves one row of nulls.
func explodedMaps(_ vector: Vector, _ count: Int) -> (columns: [Vector], rows: [UInt32]?) {
  guard let maps = MapReader(vector) else { return ([], []) }
  var entries: [UInt32] = [], rows: [UInt32] = []
  for row in 0..<count {
    let range = maps.range(row)
    if range.isEmpty {
      entries.append(.max)
      rows.append(UInt32(truncatingIfNeeded: row))
    }
    for entry in range {
      entries.append(UInt32(truncatingIfNeeded: entry))
      rows.append(UInt32(truncatingIfNeeded: row))
    }
  }
  return ([maps.keys.pickedOrNull(entries), maps.values.pickedOrNull(entries)], rows)
}

/// Elements of all arrays, and TRUE; an array that is null or empty leaves one row with FALSE.
private func explodedArrays(_ vector: Vector, _ count: Int) -> (columns: [Vector], rows: [UInt32]?) {
  guard let lists = ListReader(vector) else { return ([], []) }
  var entries: [UInt32] = [], rows: [UInt32] = []
  let isElement = VectorBuilder(.boolean)
  for row in 0..<count {
    let range = vector.isNull(at: row) ? 0..<0 : lists.range(row)
    if range.isEmpty {
      entries.append(.max)
      rows.append(UInt32(truncatingIfNeeded: row))
      isElement.append(false)
    }
    for element in range {
      entries.append(UInt32(truncatingIfNeeded: element))
      rows.append(UInt32(truncatingIfNeeded: row))
      isElement.append(true)
    }
  }
  return ([lists.elements.pickedOrNull(entries), isElement.finish()], rows)
}

extension Vector {
  /// Row `rows[i]` as the i-th; UInt32.max stands for null.
  func pickedOrNull(_ rows: [UInt32]) -> Vector {
    rows.withUnsafeBufferPointer { rows in
      if let base = rows.baseAddress { return gatheredOrNull(base, count: rows.count) }
      return VectorBuilder(type, capacity: 0).finish()
    }
  }
}
