import Expressions
import Values
import Vectors

extension Function {
  static let arrayLambdas: [Function] =
    [
      .vector("transform", "(array(T), function(T, U)) -> array(U)", "The function of every element") { arguments, rows, context in
        let exploded = Exploded(arrays: arguments[0], rows: rows)
        let values = try lambda(1, context)(exploded.segments.columns, exploded.owning)
        return try listVector(context.result, values, exploded.segments.offsets) { arguments[0].isNull(at: $0) }
      },
      .vector("filter", "(array(T), function(T, boolean)) -> array(T)", "The elements for which a function is true") {
        arguments, rows, context in
        let exploded = Exploded(arrays: arguments[0], rows: rows), isTrue = try truth(exploded, 1, context)
        let kept = exploded.segments.dropping { isTrue[$0] != true }
        return try listVector(context.result, kept.columns[0], kept.offsets) { arguments[0].isNull(at: $0) }
      },
      match("any_match", "Whether a function is true for any element") { truths in
        truths.contains(true) ? true : truths.contains(nil) ? nil : false
      },
      match("all_match", "Whether a function is true for all elements") { truths in
        truths.contains(false) ? false : truths.contains(nil) ? nil : true
      },
      match("none_match", "Whether a function is true for no element") { truths in
        truths.contains(true) ? false : truths.contains(nil) ? nil : true
      },
      .vector("array_first", "(array(T), function(T, boolean)) -> T", "The first element for which a function is true") {
        arguments, rows, context in
        try firstMatch(arguments, rows, 1, context)
      },
      .vector("find_first", "(array(T), function(T, boolean)) -> T", "The first element for which a function is true") {
        arguments, rows, context in
        try firstMatch(arguments, rows, 1, context)
      },
      .vector(
        "find_first", "(array(T), bigint, function(T, boolean)) -> T", "The first element from an index on for which a function is true"
      ) {
        arguments, rows, context in try firstMatch(arguments, rows, 2, context)
      },
      .vector("find_first_index", "(array(T), function(T, boolean)) -> bigint", "Place of the first element for which a function is true") {
        arguments, rows, context in try firstMatch(arguments, rows, 1, context, wantsIndex: true)
      },
      .vector("find_first_index", "(array(T), bigint, function(T, boolean)) -> bigint", "Place of the first such element from an index on")
      {
        arguments, rows, context in try firstMatch(arguments, rows, 2, context, wantsIndex: true)
      },
      .vector(
        "reduce", "(array(T), S, function(S, T, S), function(S, R)) -> R", "Elements folded into a state, and a function of the last state"
      ) { arguments, rows, context in
        let exploded = Exploded(arrays: arguments[0], rows: rows), segments = exploded.segments
        let step = try lambda(2, context)
        var state = arguments[1]
        // element k of every array that has one, in one call
        var active = (0..<rows).filter { !segments.range($0).isEmpty }
        var k = 0
        while !active.isEmpty {
          let owners = Buffer(byteCount: active.count * 4)
          for (i, row) in active.enumerated() { owners.pointer(as: UInt32.self)[i] = UInt32(truncatingIfNeeded: row) }
          let rowsOfStep = active.map { UInt32(truncatingIfNeeded: $0) }
          let elements = segments.columns[0].picked(active.map { UInt32(truncatingIfNeeded: segments.range($0).lowerBound + k) })
          let next = try step([state.picked(rowsOfStep), elements], Selection(rows: owners, count: active.count))
          if active.count == rows {
            state = next
          } else {
            var merged = (0..<UInt32(truncatingIfNeeded: rows)).map { $0 }
            for (i, row) in active.enumerated() { merged[row] = UInt32(truncatingIfNeeded: rows + i) }
            state = Vector.concatenated([state, next], type: next.type).picked(merged)
          }
          k += 1
          active = active.filter { segments.range($0).count > k }
        }
        let all = Buffer(byteCount: rows * 4)
        for row in 0..<rows { all.pointer(as: UInt32.self)[row] = UInt32(truncatingIfNeeded: row) }
        return try lambda(3, context)([state], Selection(rows: all, count: rows)).nulled(like: arguments[0])
      },
      .vector(
        "zip_with", "(array(T), array(U), function(T, U, R)) -> array(R)",
        "The function of elements in the same place, nulls where one is missing"
      ) {
        arguments, rows, context in
        let zipped = Zipped(Array(arguments.prefix(2)), rows)
        let exploded = Exploded(columns: zipped.columns, offsets: zipped.offsets)
        let values = try lambda(2, context)(zipped.columns, exploded.owning)
        return try listVector(context.result, values, zipped.offsets) { row in arguments.prefix(2).contains { $0.isNull(at: row) } }
      },
    ]
    + (2...5).map { count in
      let names = ["T", "U", "V", "W", "X"].prefix(count)
      return .vector(
        "zip", "(\(names.map { "array(\($0))" }.joined(separator: ", "))) -> array(row(\(names.joined(separator: ", "))))",
        "Rows of the elements in the same place, nulls where one is missing"
      ) { arguments, rows, context in
        let zipped = Zipped(arguments, rows)
        let fields = Vector(context.result.components[0], count: zipped.offsets[rows], .row(fields: zipped.columns, validity: nil))
        return try listVector(context.result, fields, zipped.offsets) { row in arguments.contains { $0.isNull(at: row) } }
      }
    }

  private static func match(_ name: String, _ summary: String, _ decide: @escaping @Sendable (ArraySlice<Bool?>) -> Bool?) -> Function {
    .vector(name, "(array(T), function(T, boolean)) -> boolean", summary) { arguments, rows, context in
      let exploded = Exploded(arrays: arguments[0], rows: rows), isTrue = try truth(exploded, 1, context)
      return try ScalarLoop.gated(rows, arguments[0].rowValidity, Bool?.self) { row in decide(isTrue[exploded.segments.range(row)]) }
        .vector(.boolean, rows: rows, heap: [])
    }
  }
}

/// The lambda at an argument's place.
func lambda(_ index: Int, _ context: EvaluationContext) throws -> EvaluationContext.Lambda {
  guard let lambda = context.lambdas[index] else { throw PrestoError(.genericInternalError, "a lambda is missing") }
  return lambda
}

/// A boolean lambda of all elements; nil is null.
func truth(_ exploded: Exploded, _ index: Int, _ context: EvaluationContext) throws -> [Bool?] {
  let answer = try lambda(index, context)(exploded.segments.columns, exploded.owning)
  let reader = answer.reader(as: Bool.self)
  return withExtendedLifetime(answer) { (0..<exploded.segments.rowCount).map { reader.isValid($0) ? reader[$0] : nil } }
}

private func firstMatch(
  _ arguments: [Vector], _ rows: Int, _ index: Int, _ context: EvaluationContext, wantsIndex: Bool = false
) throws -> Vector {
  let exploded = Exploded(arrays: arguments[0], rows: rows), isTrue = try truth(exploded, index, context)
  let starts = index == 2 ? arguments[1].reader(as: Int64.self) : nil
  let found = try (0..<rows).map { row -> UInt32 in
    let range = exploded.segments.range(row)
    if let starts {
      guard starts.isValid(row) else { return .max }
      let start = starts[row]
      if start == 0 { throw invalidArgument("SQL array indices start at 1") }
      if start.magnitude > UInt64(range.count) { return .max }
      if start > 0 {
        return range.dropFirst(Int(start) - 1).first { isTrue[$0] == true }.map { UInt32(truncatingIfNeeded: $0) } ?? .max
      }
      return range.dropLast(Int(-start) - 1).reversed().first { isTrue[$0] == true }.map { UInt32(truncatingIfNeeded: $0) } ?? .max
    }
    return range.first { isTrue[$0] == true }.map { UInt32(truncatingIfNeeded: $0) } ?? .max
  }
  if !wantsIndex {
    for row in 0..<rows where found[row] != .max && exploded.segments.columns[0].isNull(at: Int(found[row])) && context.result != .boolean {
      throw invalidArgument("find_first finds NULL as match, which is not supported.")
    }
    return exploded.segments.columns[0].pickedOrNull(found)
  }
  return try ScalarLoop.gated(rows, nil, Int64?.self) { row in
    found[row] == .max ? nil : Int64(Int(found[row]) - exploded.segments.range(row).lowerBound + 1)
  }.vector(.bigint, rows: rows, heap: [])
}

/// Arrays laid side by side, shorter ones filled with nulls.
struct Zipped {
  var columns: [Vector] = []
  var offsets = [0]

  init(_ arrays: [Vector], _ rows: Int) {
    let sides = arrays.map { Exploded(arrays: $0, rows: rows).segments }
    for row in 0..<rows {
      let isNull = arrays.contains { $0.isNull(at: row) }
      offsets.append(offsets[row] + (isNull ? 0 : sides.map { $0.range(row).count }.max() ?? 0))
    }
    columns = sides.map { side in
      var chosen: [UInt32] = []
      chosen.reserveCapacity(offsets[rows])
      for row in 0..<rows {
        let range = side.range(row)
        for k in 0..<offsets[row + 1] - offsets[row] {
          chosen.append(k < range.count ? UInt32(truncatingIfNeeded: range.lowerBound + k) : .max)
        }
      }
      return side.columns[0].pickedOrNull(chosen)
    }
  }
}
