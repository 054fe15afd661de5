import Expressions
import Values
import Vectors

extension Function {
  static let arrayOrder: [Function] = [
    .vector("array_sort", "(array(T)) -> array(T) where T: orderable", "Elements in ascending order, nulls last") {
      arguments, rows, context in
      try sorted(arguments[0], rows, context.result, descending: false)
    },
    .vector("array_sort_desc", "(array(T)) -> array(T) where T: orderable", "Elements in descending order, nulls last") {
      arguments, rows, context in
      try sorted(arguments[0], rows, context.result, descending: true)
    },
    .vector("array_min", "(array(T)) -> T where T: orderable", "The smallest element; null if any is null") { arguments, rows, _ in
      extreme(arguments[0], rows, sign: 1)
    },
    .vector("array_max", "(array(T)) -> T where T: orderable", "The largest element; null if any is null") { arguments, rows, _ in
      extreme(arguments[0], rows, sign: -1)
    },
    .vector("array_top_n", "(array(T), bigint) -> array(T) where T: orderable", "The n largest elements") { arguments, rows, context in
      let exploded = Exploded(arrays: arguments[0], rows: rows), order = exploded.segments.sorted(descending: true)
      let counts = arguments[1].reader(as: Int64.self)
      return try chosenLists(context.result, exploded.segments.columns[0], rows, arguments) { row, out in
        if counts[row] < 0 { throw invalidArgument("Parameter n: \(counts[row]) to ARRAY_TOP_N is negative") }
        out.append(contentsOf: order[exploded.segments.range(row)].prefix(Int(clamping: counts[row])))
      }
    },
    .vector("array_sort", "(array(T), function(T, T, integer)) -> array(T)", "Elements in the order of a comparator") {
      arguments, rows, context in
      try sorted(arguments[0], rows, context, comparator: 1)
    },
    .vector("array_sort", "(array(T), function(T, U)) -> array(T) where U: orderable", "Elements in the order of a key") {
      arguments, rows, context in
      try sortedByKey(arguments[0], rows, context, descending: false)
    },
    .vector("array_sort_desc", "(array(T), function(T, U)) -> array(T) where U: orderable", "Elements in descending order of a key") {
      arguments, rows, context in try sortedByKey(arguments[0], rows, context, descending: true)
    },
    .vector("array_max_by", "(array(T), function(T, U)) -> T where U: orderable", "The element with the largest key") {
      arguments, rows, context in
      try extremeByKey(arguments[0], rows, context, sign: -1)
    },
    .vector("array_min_by", "(array(T), function(T, U)) -> T where U: orderable", "The element with the smallest key") {
      arguments, rows, context in
      try extremeByKey(arguments[0], rows, context, sign: 1)
    },
    .vector(
      "array_top_n", "(array(T), bigint, function(T, T, integer)) -> array(T)", "The n first elements in the reverse order of a comparator"
    ) {
      arguments, rows, context in
      let counts = arguments[1].reader(as: Int64.self)
      let ordered = try sorted(arguments[0], rows, context, comparator: 2)
      guard let lists = ListReader(ordered) else { return ordered }
      return try chosenLists(context.result, lists.elements, rows, Array(arguments.prefix(2))) { row, out in
        for i in lists.range(row).reversed().prefix(Int(clamping: max(0, counts[row]))) { out.append(UInt32(truncatingIfNeeded: i)) }
      }
    },
  ]
}

private func sorted(_ vector: Vector, _ rows: Int, _ type: DataType, descending: Bool) throws -> Vector {
  let segments = Exploded(arrays: vector, rows: rows).segments
  return try listVector(type, segments.columns[0].picked(segments.sorted(descending: descending)), segments.offsets) {
    vector.isNull(at: $0)
  }
}

private func extreme(_ vector: Vector, _ rows: Int, sign: Int) -> Vector {
  guard let lists = ListReader(vector) else { return Vector.nulls(vector.type.components[0], count: rows) }
  let order = rowOrder(lists.elements, lists.elements, nanIsLargest: sign > 0)
  let mayHaveNulls = lists.elements.mayHaveNulls
  return lists.elements.pickedOrNull(
    (0..<rows).map { row -> UInt32 in
      let range = vector.isNull(at: row) ? 0..<0 : lists.range(row)
      guard var best = range.first else { return .max }
      if mayHaveNulls && range.contains(where: { lists.elements.isNull(at: $0) }) { return .max }
      for i in range.dropFirst() where order(i, best) * sign < 0 { best = i }
      return UInt32(truncatingIfNeeded: best)
    })
}

private func keys(_ exploded: Exploded, _ context: EvaluationContext) throws -> Vector {
  guard let lambda = context.lambdas[1] else { throw PrestoError(.genericInternalError, "a lambda is missing") }
  return try lambda(exploded.segments.columns, exploded.owning)
}

private func sortedByKey(_ vector: Vector, _ rows: Int, _ context: EvaluationContext, descending: Bool) throws -> Vector {
  let exploded = Exploded(arrays: vector, rows: rows)
  let order = Segments(columns: [try keys(exploded, context)], offsets: exploded.segments.offsets).sorted(descending: descending)
  return try listVector(context.result, exploded.segments.columns[0].picked(order), exploded.segments.offsets) { vector.isNull(at: $0) }
}

private func extremeByKey(_ vector: Vector, _ rows: Int, _ context: EvaluationContext, sign: Int) throws -> Vector {
  let exploded = Exploded(arrays: vector, rows: rows), key = try keys(exploded, context)
  let order = rowOrder(key, key, nanIsLargest: sign > 0)
  return exploded.segments.columns[0].pickedOrNull(
    (0..<rows).map { row -> UInt32 in
      var best: Int?
      for i in exploded.segments.range(row) where !key.isNull(at: i) { if best.map({ order(i, $0) * sign < 0 }) ?? true { best = i } }
      return best.map { UInt32(truncatingIfNeeded: $0) } ?? .max
    })
}

/// Arrays of up to this many elements have all their pairs compared in one go.
private let pairwiseLimit = 64

/// Sorts by a lambda that answers -1, 0 or 1. Calls of a lambda are dear, rows of one call are cheap: the pairs of short arrays are compared
/// all at once, long arrays are merged in rounds, one comparison of every pair of runs a round.
private func sorted(_ vector: Vector, _ rows: Int, _ context: EvaluationContext, comparator: Int) throws -> Vector {
  guard let lambda = context.lambdas[comparator] else { throw PrestoError(.genericInternalError, "a lambda is missing") }
  let exploded = Exploded(arrays: vector, rows: rows), elements = exploded.segments.columns[0]
  func compare(_ left: [UInt32], _ right: [UInt32], _ owners: [UInt32]) throws -> [Int32] {
    let buffer = Buffer(byteCount: owners.count * 4)
    for (i, owner) in owners.enumerated() { buffer.pointer(as: UInt32.self)[i] = owner }
    let answer = try lambda([elements.picked(left), elements.picked(right)], Selection(rows: buffer, count: owners.count))
    let reader = answer.reader(as: Int32.self)
    return try withExtendedLifetime(answer) {
      try owners.indices.map { i in
        guard reader.isValid(i), reader[i] >= -1, reader[i] <= 1 else {
          throw invalidArgument("Lambda comparator must return either -1, 0, or 1")
        }
        return reader[i]
      }
    }
  }
  var order = (0..<UInt32(truncatingIfNeeded: elements.count)).map { $0 }
  var left: [UInt32] = [], right: [UInt32] = [], owners: [UInt32] = [], waiting: [(range: Range<Int>, first: Int)] = []
  func settle() throws {
    if owners.isEmpty { return }
    let answers = try compare(left, right, owners)
    for (range, first) in waiting {
      let n = range.count
      // rank: insertion by the answers for (i, j)
      var sorted: [Int] = []
      for i in 0..<n {
        var at = sorted.count
        while at > 0 && answers[first + sorted[at - 1] * n + i] > 0 { at -= 1 }
        sorted.insert(i, at: at)
      }
      for (place, i) in sorted.enumerated() { order[range.lowerBound + place] = UInt32(truncatingIfNeeded: range.lowerBound + i) }
    }
    left = []
    right = []
    owners = []
    waiting = []
  }
  for row in 0..<rows {
    let range = exploded.segments.range(row)
    if range.count < 2 { continue }
    if range.count <= pairwiseLimit {
      waiting.append((range, owners.count))
      for i in range {
        for j in range {
          left.append(UInt32(truncatingIfNeeded: i))
          right.append(UInt32(truncatingIfNeeded: j))
          owners.append(UInt32(truncatingIfNeeded: row))
        }
      }
      if owners.count > 1 << 16 { try settle() }
    } else {
      try mergeSort(range, owner: UInt32(truncatingIfNeeded: row), &order, compare)
    }
  }
  try settle()
  return try listVector(context.result, elements.picked(order), exploded.segments.offsets) { vector.isNull(at: $0) }
}

/// Bottom-up merging of runs; in each round one comparison per pair of runs that are being merged.
private func mergeSort(
  _ range: Range<Int>, owner: UInt32, _ order: inout [UInt32], _ compare: ([UInt32], [UInt32], [UInt32]) throws -> [Int32]
) throws {
  var width = 1
  while width < range.count {
    var merges: [(a: Range<Int>, b: Range<Int>, out: [UInt32])] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let middle = min(start + width, range.upperBound), end = min(start + 2 * width, range.upperBound)
      merges.append((start..<middle, middle..<end, []))
      start = end
    }
    while true {
      let active = merges.indices.filter { !merges[$0].a.isEmpty && !merges[$0].b.isEmpty }
      if active.isEmpty { break }
      let answers = try compare(
        active.map { order[merges[$0].a.lowerBound] }, active.map { order[merges[$0].b.lowerBound] }, active.map { _ in owner })
      for (answer, index) in zip(answers, active) {
        if answer <= 0 {
          merges[index].out.append(order[merges[index].a.lowerBound])
          merges[index].a = merges[index].a.dropFirst().startIndex..<merges[index].a.upperBound
        } else {
          merges[index].out.append(order[merges[index].b.lowerBound])
          merges[index].b = merges[index].b.dropFirst().startIndex..<merges[index].b.upperBound
        }
      }
    }
    var place = range.lowerBound
    var merged: [UInt32] = []
    for merge in merges { merged += merge.out + order[merge.a] + order[merge.b] }
    for index in merged {
      order[place] = index
      place += 1
    }
    width *= 2
  }
}
