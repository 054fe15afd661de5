import Expressions
import Values
import Vectors

extension Function {
  static let exactQuantiles: [Function] = [
    .aggregate("median", [.double], .double, "The middle value, interpolated") { _, result in continuous([.double]).maker(result) },
    .aggregate("quantile_cont", [.double, .double], .double, "The exact quantile, interpolated") { arguments, result in
      continuous(arguments).maker(result)
    },
    .aggregate("quantile_disc", [.T, .double], .T, "The exact quantile: a value that occurs", where: ["T": .orderable]) {
      arguments, result in
      LogDefinition(types: arguments, skipsNullsOf: 0) { log, _ in
        let order = log.sorted()
        let rows = try (0..<log.count).map { segment -> UInt32 in
          let range = log.range(segment)
          guard let first = range.first else { return .max }
          let q = try fraction(log.columns[1], first)
          return order[range.lowerBound + min(range.count - 1, max(0, Int((q * Double(range.count)).rounded(.up)) - 1))]
        }
        return log.columns[0].pickedOrNull(rows)
      }.maker(result)
    },
  ]
}

private func fraction(_ vector: Vector, _ row: Int) throws -> Double {
  let q = vector.isNull(at: row) ? .nan : vector.reader(as: Double.self)[row]
  guard q >= 0, q <= 1 else { throw PrestoError(.invalidFunctionArgument, "Percentile must be between 0 and 1") }
  return q
}

/// Logs (value[, quantile]); without a quantile, the median.
private func continuous(_ types: [DataType]) -> LogDefinition {
  LogDefinition(types: types, skipsNullsOf: 0) { log, type in
    let order = log.sorted(), values = log.columns[0].reader(as: Double.self)
    let builder = VectorBuilder(type, capacity: log.count)
    for segment in 0..<log.count {
      let range = log.range(segment)
      guard let first = range.first else {
        builder.appendNull()
        continue
      }
      let q = log.columns.count == 2 ? try fraction(log.columns[1], first) : 0.5
      let place = q * Double(range.count - 1), below = Int(place)
      let low = values[Int(order[first + below])], high = values[Int(order[first + min(below + 1, range.count - 1)])]
      let share = place - Double(below)
      builder.append(share == 0 ? low : low + (high - low) * share)
    }
    return builder.finish()
  }
}
