import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let arrayNumbers: [Function] =
    [
      .vector("array_average", "(array(double)) -> double", "The average of the elements that are not null") { arguments, rows, _ in
        try folded(arguments[0], rows) { values in values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
      },
      .vector("array_sum", "(array(double)) -> double", "The sum of the elements that are not null") { arguments, rows, _ in
        try folded(arguments[0], rows) { $0.reduce(0, +) }
      },
      .vector("array_sum", "(array(unknown)) -> bigint", "The sum of no elements") { arguments, rows, context in
        Vector.constant(.integer(0), .bigint, count: rows).nulled(like: arguments[0])
      },
      .vector("array_sum", "(array(bigint)) -> bigint", "The sum of the elements that are not null") { arguments, rows, _ in
        guard let lists = ListReader(arguments[0]) else { return Vector.nulls(.bigint, count: rows) }
        let values = lists.elements.reader(as: Int64.self)
        return try ScalarLoop.gated(rows, arguments[0].rowValidity, Int64.self) { row -> Int64 in
          var sum: Int64 = 0
          for i in lists.range(row) where values.isValid(i) {
            let (next, overflow) = sum.addingReportingOverflow(values[i])
            if overflow { throw outOfRange("bigint addition overflow: \(sum) + \(values[i])") }
            sum = next
          }
          return sum
        }.vector(.bigint, rows: rows, heap: [])
      },
      running("array_cum_sum", .bigint, Int64.self) { a, b in
        let (sum, overflow) = a.addingReportingOverflow(b)
        if overflow { throw outOfRange("bigint addition overflow: \(a) + \(b)") }
        return sum
      }, running("array_cum_sum", .double, Double.self) { $0 + $1 },
      .vector("array_normalize", "(array(double), double) -> array(double)", "Elements divided by their p-norm") {
        arguments, rows, context in
        guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
        let values = lists.elements.reader(as: Double.self), powers = arguments[1].reader(as: Double.self)
        let builder = VectorBuilder(context.result, capacity: rows)
        for row in 0..<rows {
          let range = arguments[0].isNull(at: row) ? 0..<0 : lists.range(row)
          if arguments[0].isNull(at: row) || !powers.isValid(row) || range.contains(where: { !values.isValid($0) }) {
            builder.appendNull()
            continue
          }
          let p = powers[row]
          if p < 0 { throw invalidArgument("array_normalize only supports non-negative p: \(p)") }
          let norm = p == 0 ? 1 : pow(range.reduce(0) { $0 + pow(abs(values[$1]), p) }, 1 / p)
          for i in range { builder.children[0].append(norm == 0 ? values[i] : values[i] / norm) }
          builder.closeList()
        }
        return builder.finish()
      },
      paired("dot_product", "The dot product of two vectors") { x, y in zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } },
      paired("l2_squared", "The squared Euclidean distance") { x, y in zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } },
      paired("euclidean_distance", "The Euclidean distance") { x, y in
        zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      },
      paired("cosine_similarity", "The cosine of the angle between two vectors") { x, y in try cosine(x, y) },
      paired("cosine_distance", "One less the cosine of the angle between two vectors") { x, y in try cosine(x, y).map { 1 - $0 } },
      sparse("cosine_similarity", "The cosine of the angle between two sparse vectors") { $0 },
      sparse("cosine_distance", "One less the cosine of the angle between two sparse vectors") { 1 - $0 },
      .vector("ngrams", "(array(T), bigint) -> array(array(T))", "All runs of n neighbouring elements") { arguments, rows, context in
        try runs(arguments, rows, context.result) { count, n in
          if n <= 0 { throw invalidArgument("N must be positive") }
          let size = min(n, max(count, 1))
          return count == 0 ? [0..<0] : (0...count - min(size, count)).map { $0..<$0 + min(size, count) }
        }
      },
      .vector("array_split_into_chunks", "(array(T), bigint) -> array(array(T))", "Consecutive pieces of so many elements") {
        arguments, rows, context in
        try runs(arguments, rows, context.result) { count, n in
          if n <= 0 { throw invalidArgument("Invalid slice size: \(n). Size must be greater than zero.") }
          return stride(from: 0, to: count, by: n).map { $0..<min(count, $0 + n) }
        }
      },
      .vector("combinations", "(array(T), bigint) -> array(array(T))", "All ways to choose n elements") { arguments, rows, context in
        guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
        let sizes = arguments[1].reader(as: Int64.self)
        var chosen: [UInt32] = [], inner = [0], outer = [0]
        for row in 0..<rows {
          if !arguments[0].isNull(at: row) && sizes.isValid(row) {
            let range = lists.range(row), n = sizes[row]
            if n < 0 { throw invalidArgument("combination size must not be negative: \(n)") }
            if n > 5 { throw invalidArgument("combination size must not exceed 5: \(n)") }
            try colexicographic(range.count, Int(n)) { combination in
              for place in combination { chosen.append(UInt32(truncatingIfNeeded: range.lowerBound + place)) }
              inner.append(chosen.count)
            }
          }
          outer.append(inner.count - 1)
        }
        let lists2 = try listVector(context.result.components[0], lists.elements.picked(chosen), inner)
        return try listVector(context.result, lists2, outer) { row in arguments.contains { $0.isNull(at: row) } }
      },
      .vector("array_transpose", "(array(array(T))) -> array(array(T))", "Rows and columns exchanged") { arguments, rows, context in
        guard let outer = ListReader(arguments[0]), let inner = ListReader(outer.elements) else {
          return Vector.nulls(context.result, count: rows)
        }
        var chosen: [UInt32] = [], ends = [0], groups = [0]
        for row in 0..<rows {
          if !arguments[0].isNull(at: row) {
            let lists = outer.range(row), width = lists.first.map { inner.range($0).count } ?? 0
            for list in lists where outer.elements.isNull(at: list) || inner.range(list).count != width {
              throw invalidArgument("All arrays must have the same length")
            }
            for column in 0..<width {
              for list in lists { chosen.append(UInt32(truncatingIfNeeded: inner.range(list).lowerBound + column)) }
              ends.append(chosen.count)
            }
          }
          groups.append(ends.count - 1)
        }
        let lists = try listVector(context.result.components[0], inner.elements.picked(chosen), ends)
        return try listVector(context.result, lists, groups) { arguments[0].isNull(at: $0) }
      },
    ]

  private static func running<T: Storable>(
    _ name: String, _ type: DataType, _: T.Type, _ add: @escaping @Sendable (T, T) throws -> T
  ) -> Function {
    .vector(name, "(array(\(type))) -> array(\(type))", "Sums of the elements so far; null from the first null on") {
      arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let values = lists.elements.reader(as: T.self), builder = VectorBuilder(context.result, capacity: rows)
      for row in 0..<rows {
        if arguments[0].isNull(at: row) {
          builder.appendNull()
          continue
        }
        var sum: T?, isBroken = false
        for i in lists.range(row) {
          isBroken = isBroken || !values.isValid(i)
          if isBroken {
            builder.children[0].appendNull()
            continue
          }
          let next = try sum.map { try add($0, values[i]) } ?? values[i]
          sum = next
          builder.children[0].append(next)
        }
        builder.closeList()
      }
      return builder.finish()
    }
  }

  /// A function of two vectors of doubles of one length; null elements make it null.
  private static func paired(
    _ name: String, _ summary: String, _ body: @escaping @Sendable (ArraySlice<Double>, ArraySlice<Double>) throws -> Double?
  ) -> Function {
    .vector(name, "(array(double), array(double)) -> double", summary) { arguments, rows, _ in
      let sides = arguments.map { Exploded(arrays: $0, rows: rows).segments }
      let values = sides.map { side -> [Double] in
        let reader = side.columns[0].reader(as: Double.self)
        return (0..<side.rowCount).map { reader.isValid($0) ? reader[$0] : .nan }
      }
      let isNull = sides.map { side in { (i: Int) in side.columns[0].isNull(at: i) } }
      return try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Double?.self) { row in
        let x = sides[0].range(row), y = sides[1].range(row)
        if x.count != y.count { throw invalidArgument("The arguments must have the same length") }
        if x.contains(where: isNull[0]) || y.contains(where: isNull[1]) { return nil }
        return try body(values[0][x], values[1][y])
      }.vector(.double, rows: rows, heap: [])
    }
  }

  private static func sparse(_ name: String, _ summary: String, _ finish: @escaping @Sendable (Double) -> Double) -> Function {
    .vector(name, "(map(varchar, double), map(varchar, double)) -> double", summary) { arguments, rows, _ in
      guard let left = MapReader(arguments[0]), let right = MapReader(arguments[1]) else { return Vector.nulls(.double, count: rows) }
      let x = left.values.reader(as: Double.self), y = right.values.reader(as: Double.self), equal = rowEquality(left.keys, right.keys)
      return try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Double?.self) { row -> Double? in
        let a = left.range(row), b = right.range(row)
        if a.contains(where: { !x.isValid($0) }) || b.contains(where: { !y.isValid($0) }) { return nil }
        let normA = a.reduce(0) { $0 + x[$1] * x[$1] }.squareRoot(), normB = b.reduce(0) { $0 + y[$1] * y[$1] }.squareRoot()
        if normA == 0 || normB == 0 { return nil }
        let dot = a.reduce(0.0) { sum, i in b.first { equal(i, $0) }.map { sum + x[i] * y[$0] } ?? sum }
        return finish(dot / (normA * normB))
      }.vector(.double, rows: rows, heap: [])
    }
  }
}

private func cosine(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) throws -> Double? {
  let dot = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  let a = x.reduce(0) { $0 + $1 * $1 }, b = y.reduce(0) { $0 + $1 * $1 }
  if a == 0 || b == 0 { throw invalidArgument("Vector magnitude cannot be zero") }
  return dot / (a * b).squareRoot()
}

private func folded(_ vector: Vector, _ rows: Int, _ body: ([Double]) -> Double?) throws -> Vector {
  guard let lists = ListReader(vector) else { return Vector.nulls(.double, count: rows) }
  let values = lists.elements.reader(as: Double.self)
  return try ScalarLoop.gated(rows, vector.rowValidity, Double?.self) { row in
    body(lists.range(row).filter { values.isValid($0) }.map { values[$0] })
  }
  .vector(.double, rows: rows, heap: [])
}

/// Arrays of parts of an array: `pieces` answers ranges of places for (number of elements, n).
private func runs(_ arguments: [Vector], _ rows: Int, _ type: DataType, _ pieces: (Int, Int) throws -> [Range<Int>]) throws -> Vector {
  guard let lists = ListReader(arguments[0]) else { return Vector.nulls(type, count: rows) }
  let sizes = arguments[1].reader(as: Int64.self)
  var chosen: [UInt32] = [], inner = [0], outer = [0]
  for row in 0..<rows {
    if !arguments[0].isNull(at: row) && sizes.isValid(row) {
      let range = lists.range(row)
      for piece in try pieces(range.count, Int(clamping: sizes[row])) {
        for place in piece { chosen.append(UInt32(truncatingIfNeeded: range.lowerBound + place)) }
        inner.append(chosen.count)
      }
    }
    outer.append(inner.count - 1)
  }
  let parts = try listVector(type.components[0], lists.elements.picked(chosen), inner)
  return try listVector(type, parts, outer) { row in arguments.contains { $0.isNull(at: row) } }
}

/// Combinations of k of n places, the last place growing slowest.
private func colexicographic(_ n: Int, _ k: Int, _ body: ([Int]) -> Void) throws {
  if k > n { return }
  var combination = Array(0..<k), made = 0
  while true {
    body(combination)
    made += 1
    if made > 100_000 { throw invalidArgument("combinations exceed max size") }
    guard let place = (0..<k).first(where: { combination[$0] + 1 < ($0 + 1 < k ? combination[$0 + 1] : n) }) else { return }
    combination[place] += 1
    for i in 0..<place { combination[i] = i }
  }
}
