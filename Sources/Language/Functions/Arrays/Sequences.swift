import Expressions
import Values
import Vectors

extension Function {
  static let sequences: [Function] = [
    .vector("sequence", "(bigint, bigint) -> array(bigint)", "Numbers from one to another") { arguments, rows, context in
      try integers(arguments, rows, context.result, Int64.self, unit: 1)
    },
    .vector("sequence", "(bigint, bigint, bigint) -> array(bigint)", "Numbers from one to another by a step") { arguments, rows, context in
      try integers(arguments, rows, context.result, Int64.self, unit: 1)
    },
    .vector("sequence", "(date, date) -> array(date)", "Dates from one to another") { arguments, rows, context in
      try integers(arguments, rows, context.result, Int32.self, unit: 1)
    },
    .vector("sequence", "(date, date, interval day to second) -> array(date)", "Dates from one to another by a step") {
      arguments, rows, context in
      try integers(arguments, rows, context.result, Int32.self, unit: 86_400_000)
    },
    .vector("sequence", "(date, date, interval year to month) -> array(date)", "Dates from one to another by months") {
      arguments, rows, context in
      try months(arguments, rows, context.result, Int32.self, perDay: 1)
    },
    .bound(
      "sequence", "(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))", "Timestamps from one to another by a step"
    ) {
      types, _ in
      if types[0].layout == .int64 {
        return { arguments, rows, _ in try integers(arguments, rows, .array(types[0]), Int64.self, unit: 1, scale: 1000) }
      }
      return { arguments, rows, _ in try integers(arguments, rows, .array(types[0]), Int128.self, unit: 1, scale: 1_000_000_000) }
    },
    .bound(
      "sequence", "(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))", "Timestamps from one to another by months"
    ) {
      types, _ in
      if types[0].layout == .int64 {
        return { arguments, rows, _ in try months(arguments, rows, .array(types[0]), Int64.self, perDay: 86_400_000_000) }
      }
      return { arguments, rows, _ in try months(arguments, rows, .array(types[0]), Int128.self, perDay: 86_400_000_000_000_000) }
    },
  ]
}

private let longestSequence = 10_000

/// Steps are in milliseconds for intervals: `unit` of them make one of the values, or one makes `scale` of the values.
private func integers<T: FixedWidthInteger & SignedInteger & Storable>(
  _ arguments: [Vector], _ rows: Int, _ type: DataType, _: T.Type, unit: Int128, scale: Int128 = 1
) throws -> Vector {
  let starts = arguments[0].reader(as: T.self), stops = arguments[1].reader(as: T.self)
  let steps = arguments.count == 3 ? arguments[2].reader(as: Int64.self) : nil
  let builder = VectorBuilder(type, capacity: rows), elements = builder.children[0]
  for row in 0..<rows {
    if arguments.contains(where: { $0.isNull(at: row) }) {
      builder.appendNull()
      continue
    }
    let start = Int128(starts[row]), stop = Int128(stops[row])
    var step: Int128 = stop >= start ? 1 : -1
    if let steps {
      step = Int128(steps[row])
      if step % unit != 0 { throw invalidArgument("sequence step must be a day interval if start and end values are dates") }
      step = step / unit * scale
    }
    if step == 0 { throw invalidArgument("step must not be zero") }
    if step > 0 ? stop < start : stop > start {
      throw invalidArgument(
        "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start"
      )
    }
    let count = (stop - start) / step + 1
    if count > longestSequence { throw invalidArgument("result of sequence function must not have more than 10000 entries") }
    for i in 0..<Int(count) { elements.append(T(truncatingIfNeeded: start + Int128(i) * step)) }
    builder.closeList()
  }
  return builder.finish()
}

private func months<T: FixedWidthInteger & SignedInteger & Storable>(
  _ arguments: [Vector], _ rows: Int, _ type: DataType, _: T.Type, perDay: T
) throws -> Vector {
  let starts = arguments[0].reader(as: T.self), stops = arguments[1].reader(as: T.self), steps = arguments[2].reader(as: Int32.self)
  let builder = VectorBuilder(type, capacity: rows), elements = builder.children[0]
  for row in 0..<rows {
    if arguments.contains(where: { $0.isNull(at: row) }) {
      builder.appendNull()
      continue
    }
    let start = starts[row], stop = stops[row], step = steps[row]
    if step == 0 { throw invalidArgument("interval must not be zero") }
    if step > 0 ? stop < start : stop > start {
      throw invalidArgument(
        "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start"
      )
    }
    let days = Int64(Moments.floor(start, perDay)), rest = start - T(days) * perDay
    var count = 0
    while true {
      let value = T(try Moments.adding(months: Int64(step) * Int64(count), toDays: days)) * perDay + rest
      if step > 0 ? value > stop : value < stop { break }
      if count == longestSequence { throw invalidArgument("result of sequence function must not have more than 10000 entries") }
      elements.append(value)
      count += 1
    }
    builder.closeList()
  }
  return builder.finish()
}
