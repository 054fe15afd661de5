import Expressions
import Values
import Vectors

extension Function {
  static let frequencies: [Function] = [
    .aggregate("histogram", [.T], .map(.T, .bigint), "How often each value occurs", where: ["T": .comparable]) { arguments, result in
      counting(arguments[0]) { log, type in
        let counts = log.counted()
        return try mapVector(type, counts.columns[0], counts.columns[1], counts.offsets) { log.range($0).isEmpty }
      }.maker(result)
    },
    .aggregate("mode", [.T], .T, "The most frequent value", where: ["T": .comparable]) { arguments, result in
      counting(arguments[0]) { log, _ in
        let counts = log.counted(), number = counts.columns[1].reader(as: Int64.self)
        let best = (0..<counts.count).map { segment -> UInt32 in
          var best: Int?
          for row in counts.range(segment) where best.map({ number[row] > number[$0] }) ?? true { best = row }
          return best.map { UInt32(truncatingIfNeeded: $0) } ?? .max
        }
        return counts.columns[0].pickedOrNull(best)
      }.maker(result)
    },
    .aggregate("approx_most_frequent", [.bigint, .T, .bigint], .map(.T, .bigint), "The most frequent values and their counts") {
      arguments, result in mostFrequent(value: 1, buckets: 0, arguments[1]).maker(result)
    },
    .aggregate("approx_top_k", [.T, .bigint], .array(.T), "The most frequent values") { arguments, result in
      var definition = mostFrequent(value: 0, buckets: 1, arguments[0])
      let finish = definition.finish, element = arguments[0]
      definition.finish = { log, type in
        let maps = try finish(log, .map(key: element, value: .bigint))
        guard case .map(let offsets, let keys, _, let validity) = maps.encoding else { return maps }
        return Vector(type, count: maps.count, .list(offsets: offsets, elements: keys, validity: validity))
      }
      return definition.maker(result)
    },
  ]
}

/// A log of (value, how often): equal values are folded as the log grows.
private func counting(_ type: DataType, _ finish: @escaping @Sendable (Segments, DataType) throws -> Vector) -> LogDefinition {
  LogDefinition(
    types: [type, .bigint], skipsNullsOf: 0,
    record: { arguments, count in ([arguments[0], .constant(.integer(1), .bigint, count: count)], nil) },
    shorten: { $0.counted() }, finish: finish)
}

/// Exact counts, then the most frequent of them: at least as good as any sketch asked for.
private func mostFrequent(value: Int, buckets: Int, _ type: DataType) -> LogDefinition {
  LogDefinition(
    types: [type, .bigint, .bigint], skipsNullsOf: value,
    record: { arguments, count in
      let wanted = arguments[buckets].reader(as: Int64.self)
      if count > 0, !wanted.isValid(0) || wanted[0] < 2 && value == 1 || wanted[0] < 1 {
        throw PrestoError(
          .invalidFunctionArgument, "approx_most_frequent bucket count must be greater than one, input bucket count: \(wanted[0])")
      }
      return ([arguments[value], .constant(.integer(1), .bigint, count: count), arguments[buckets]], nil)
    },
    shorten: { $0.counted() },
    finish: { log, type in
      let counts = log.counted(), wanted = counts.columns[2].reader(as: Int64.self)
      let order = Segments(columns: [counts.columns[1]], offsets: counts.offsets).sorted(descending: true)
      var rows: [UInt32] = [], offsets = [0]
      for segment in 0..<counts.count {
        let range = counts.range(segment)
        if !range.isEmpty { rows.append(contentsOf: order[range].prefix(Int(clamping: wanted[range.lowerBound]))) }
        offsets.append(rows.count)
      }
      return try mapVector(type, counts.columns[0].picked(rows), counts.columns[1].picked(rows), offsets) { log.range($0).isEmpty }
    })
}

extension Segments {
  /// One row per distinct value of the first column, the second column (bigint) summed, the others taken from the first such row.
  func counted() -> Segments {
    let distinct = distinct()
    let sums = Buffer(zeroed: max(distinct.rows.count, 1) * 8)
    let out = sums.pointer(as: Int64.self), counts = columns[1].reader(as: Int64.self)
    for (row, ordinal) in distinct.ordinals.enumerated() { out[Int(ordinal)] &+= counts[row] }
    var result = columns.map { $0.picked(distinct.rows) }
    result[1] = .flat(.bigint, count: distinct.rows.count, values: sums)
    return Segments(columns: result, offsets: distinct.offsets)
  }
}
