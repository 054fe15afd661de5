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

/// Logs (value[, quantile]); without a quantile, the median. Values are not sorted: only the two around the place are looked for.
private func continuous(_ types: [DataType]) -> LogDefinition {
  LogDefinition(types: types, skipsNullsOf: 0) { log, type in
    let values = log.columns[0].reader(as: Double.self)
    let builder = VectorBuilder(type, capacity: log.count)
    var keys: [UInt64] = []
    for segment in 0..<log.count {
      let range = log.range(segment)
      guard let first = range.first else {
        builder.appendNull()
        continue
      }
      let q = log.columns.count == 2 ? try fraction(log.columns[1], first) : 0.5
      let place = q * Double(range.count - 1), below = Int(place)
      keys.removeAll(keepingCapacity: true)
      for row in range { keys.append(values[row].orderedBits) }
      let (low, high) = keys.withUnsafeMutableBufferPointer { keys in
        let low = smallest(keys, at: below)
        // what stands behind the place is not smaller
        let next = below + 1 < keys.count ? keys[(below + 1)...].min() ?? low : low
        return (Double(orderedBits: low), Double(orderedBits: next))
      }
      let share = place - Double(below)
      builder.append(share == 0 ? low : low + (high - low) * share)
    }
    return builder.finish()
  }
}

/// The k-th smallest, put at its place with the smaller ones before it (Hoare's selection; sorted where the pivots are bad).
private func smallest(_ values: UnsafeMutableBufferPointer<UInt64>, at k: Int) -> UInt64 {
  var low = 0, high = values.count - 1, steps = 0
  while low < high {
    steps += 1
    if steps > 100 {
      var rest = UnsafeMutableBufferPointer(rebasing: values[low...high])
      rest.sort()
      break
    }
    let middle = low + (high - low) / 2
    let (a, b, c) = (values[low], values[middle], values[high])
    let pivot = max(min(a, b), min(max(a, b), c))
    var i = low, j = high
    while i <= j {
      while values[i] < pivot { i &+= 1 }
      while values[j] > pivot { j &-= 1 }
      if i <= j {
        values.swapAt(i, j)
        i &+= 1
        j &-= 1
      }
    }
    if k <= j { high = j } else if k >= i { low = i } else { break }
  }
  return values[k]
}
