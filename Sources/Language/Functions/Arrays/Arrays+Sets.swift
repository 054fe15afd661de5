import Expressions
import Values
import Vectors

extension Function {
  static let arraySets: [Function] = [
    .vector("array_distinct", "(array(T)) -> array(T) where T: comparable", "Without repeated elements") { arguments, rows, context in
      let exploded = Exploded(arrays: arguments[0], rows: rows)
      let unique = exploded.segments.firstOfEach()
      return try listVector(context.result, unique.columns[0], unique.offsets) { arguments[0].isNull(at: $0) }
    },
    .vector("array_union", "(array(T), array(T)) -> array(T) where T: comparable", "Elements of either, without repetition") {
      arguments, rows, context in try combined(arguments, rows, context.result) { _, _ in true }
    },
    .vector("array_intersect", "(array(T), array(T)) -> array(T) where T: comparable", "Elements of both, without repetition") {
      arguments, rows, context in try combined(arguments, rows, context.result) { $0 && $1 }
    },
    .vector("array_except", "(array(T), array(T)) -> array(T) where T: comparable", "Elements of the first that the second has not") {
      arguments, rows, context in try combined(arguments, rows, context.result) { $0 && !$1 }
    },
    .vector("array_intersect", "(array(array(T))) -> array(T) where T: comparable", "Elements that all arrays have") {
      arguments, rows, context in
      let outer = Exploded(arrays: arguments[0], rows: rows), lists = outer.segments.columns[0]
      let inner = Exploded(arrays: lists, rows: lists.count)
      // the elements of all arrays of a row as one segment
      let offsets = outer.segments.offsets.map { inner.segments.offsets[$0] }
      let distinct = Segments(columns: inner.segments.columns, offsets: offsets).distinct()
      var counts = [Int](repeating: 0, count: distinct.rows.count), lastSeen = [Int](repeating: -1, count: distinct.rows.count)
      for list in 0..<lists.count {
        for element in inner.segments.range(list) {
          let ordinal = Int(distinct.ordinals[element])
          if lastSeen[ordinal] != list {
            lastSeen[ordinal] = list
            counts[ordinal] += 1
          }
        }
      }
      var chosen: [UInt32] = [], ends = [0]
      for row in 0..<rows {
        let arrays = outer.segments.range(row)
        for ordinal in distinct.offsets[row]..<distinct.offsets[row + 1] where counts[ordinal] == arrays.count {
          chosen.append(distinct.rows[ordinal])
        }
        ends.append(chosen.count)
      }
      return try listVector(context.result, inner.segments.columns[0].picked(chosen), ends) { row in
        arguments[0].isNull(at: row) || outer.segments.range(row).contains { lists.isNull(at: $0) }
      }
    },
    .vector("arrays_overlap", "(array(T), array(T)) -> boolean where T: comparable", "Whether two arrays share an element") {
      arguments, rows, context in
      let builder = VectorBuilder(.boolean, capacity: rows)
      let pair = Pairing(arguments, rows)
      for row in 0..<rows {
        if arguments.contains(where: { $0.isNull(at: row) }) {
          builder.appendNull()
          continue
        }
        let ordinals = pair.distinct.offsets[row]..<pair.distinct.offsets[row + 1]
        var hasNull = false, isShared = false
        for ordinal in ordinals {
          if pair.both.columns[0].isNull(at: Int(pair.distinct.rows[ordinal])) {
            hasNull = true
          } else if pair.inFirst[ordinal] && pair.inSecond[ordinal] {
            isShared = true
          }
        }
        // a null might be the other array's element: but an empty one has none
        let isUnknown = hasNull && !pair.isEmpty(row, 0) && !pair.isEmpty(row, 1)
        if isShared { builder.append(true) } else if isUnknown { builder.appendNull() } else { builder.append(false) }
      }
      return builder.finish()
    },
    .vector("array_has_duplicates", "(array(T)) -> boolean where T: comparable", "Whether an element is repeated") { arguments, rows, _ in
      let segments = Exploded(arrays: arguments[0], rows: rows).segments, distinct = segments.distinct()
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool.self) { row in
        distinct.offsets[row + 1] - distinct.offsets[row] < segments.range(row).count
      }.vector(.boolean, rows: rows, heap: [])
    },
    .vector("array_duplicates", "(array(T)) -> array(T) where T: comparable", "Elements that are repeated") { arguments, rows, context in
      let segments = Exploded(arrays: arguments[0], rows: rows).segments, distinct = segments.distinct()
      var counts = [Int](repeating: 0, count: distinct.rows.count)
      for ordinal in distinct.ordinals { counts[Int(ordinal)] += 1 }
      var chosen: [UInt32] = [], ends = [0]
      for row in 0..<rows {
        for ordinal in distinct.offsets[row]..<distinct.offsets[row + 1] where counts[ordinal] > 1 { chosen.append(distinct.rows[ordinal]) }
        ends.append(chosen.count)
      }
      return try listVector(context.result, segments.columns[0].picked(chosen), ends) { arguments[0].isNull(at: $0) }
    },
    frequency("array_frequency", count: .integer), frequency("array_histogram", count: .bigint),
    .vector("array_least_frequent", "(array(T)) -> array(T) where T: comparable", "The least frequent elements") {
      arguments, rows, context in
      try leastFrequent(arguments, rows, context.result)
    },
    .vector("array_least_frequent", "(array(T), bigint) -> array(T) where T: comparable", "The n least frequent elements") {
      arguments, rows, context in try leastFrequent(arguments, rows, context.result)
    },
  ]

  private static func frequency(_ name: String, count: DataType) -> Function {
    .vector(name, "(array(T)) -> map(T, \(count)) where T: comparable", "How often each element occurs") { arguments, rows, context in
      let segments = Exploded(arrays: arguments[0], rows: rows).segments
      let ones = Vector.constant(.integer(1), .bigint, count: segments.rowCount)
      let counted = Segments(columns: segments.columns + [ones], offsets: segments.offsets).dropping { segments.columns[0].isNull(at: $0) }
        .counted()
      var counts = counted.columns[1]
      if count == .integer {
        counts = try ScalarLoop.unary(counts, counts.count, .integer) { (x: Int64) in Int32(truncatingIfNeeded: x) }
      }
      return try mapVector(context.result, counted.columns[0], counts, counted.offsets) { arguments[0].isNull(at: $0) }
    }
  }
}

/// Two array columns, row by row as one segment, and which values are in which.
private struct Pairing {
  let both: Segments
  let distinct: DistinctRows
  private(set) var inFirst: [Bool]
  private(set) var inSecond: [Bool]
  private let lengths: [[Int]]

  init(_ arguments: [Vector], _ rows: Int) {
    let sides = arguments.map { Exploded(arrays: $0, rows: rows).segments }
    let elements = Vector.concatenated(sides.map { $0.columns[0] }, type: sides[0].columns[0].type)
    var order: [UInt32] = [], offsets = [0]
    order.reserveCapacity(elements.count)
    for row in 0..<rows {
      for i in sides[0].range(row) { order.append(UInt32(truncatingIfNeeded: i)) }
      for i in sides[1].range(row) { order.append(UInt32(truncatingIfNeeded: sides[0].rowCount + i)) }
      offsets.append(order.count)
    }
    both = Segments(columns: [elements.picked(order)], offsets: offsets)
    distinct = both.distinct()
    inFirst = Array(repeating: false, count: distinct.rows.count)
    inSecond = inFirst
    for (row, ordinal) in distinct.ordinals.enumerated() {
      if Int(order[row]) < sides[0].rowCount { inFirst[Int(ordinal)] = true } else { inSecond[Int(ordinal)] = true }
    }
    lengths = sides.map { side in (0..<rows).map { side.range($0).count } }
  }

  func isEmpty(_ row: Int, _ side: Int) -> Bool { lengths[side][row] == 0 }
}

private func combined(_ arguments: [Vector], _ rows: Int, _ type: DataType, _ isKept: (Bool, Bool) -> Bool) throws -> Vector {
  let pair = Pairing(arguments, rows)
  var chosen: [UInt32] = [], ends = [0]
  for row in 0..<rows {
    for ordinal in pair.distinct.offsets[row]..<pair.distinct.offsets[row + 1] where isKept(pair.inFirst[ordinal], pair.inSecond[ordinal]) {
      chosen.append(pair.distinct.rows[ordinal])
    }
    ends.append(chosen.count)
  }
  return try listVector(type, pair.both.columns[0].picked(chosen), ends) { row in arguments.contains { $0.isNull(at: row) } }
}

private func leastFrequent(_ arguments: [Vector], _ rows: Int, _ type: DataType) throws -> Vector {
  let segments = Exploded(arrays: arguments[0], rows: rows).segments
  let ones = Vector.constant(.integer(1), .bigint, count: segments.rowCount)
  let counted = Segments(columns: segments.columns + [ones], offsets: segments.offsets).dropping { segments.columns[0].isNull(at: $0) }
    .counted()
  let counts = counted.columns[1].reader(as: Int64.self), limits = arguments.count == 2 ? arguments[1].reader(as: Int64.self) : nil
  let values = rowOrder(counted.columns[0], counted.columns[0])
  var chosen: [UInt32] = [], ends = [0]
  for row in 0..<rows {
    let order = counted.range(row).sorted { a, b in counts[a] == counts[b] ? values(a, b) < 0 : counts[a] < counts[b] }
    if let limits {
      if limits.isValid(row) && limits[row] < 0 { throw invalidArgument("n must be greater than or equal to 0") }
      for i in order.prefix(Int(clamping: limits[row])) { chosen.append(UInt32(truncatingIfNeeded: i)) }
    } else if let least = order.first.map({ counts[$0] }) {
      for i in order where counts[i] == least { chosen.append(UInt32(truncatingIfNeeded: i)) }
    }
    ends.append(chosen.count)
  }
  return try listVector(type, counted.columns[0].picked(chosen), ends) { row in
    arguments.contains { $0.isNull(at: row) } || counted.range(row).isEmpty
  }
}
