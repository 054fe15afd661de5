import Expressions
import Values
import Vectors

extension Function {
  /// The n best values, and the values that come with the n best keys.
  static let ranked: [Function] = [
    .aggregate("min", [.T, .bigint], .array(.T), "The n smallest values", where: ["T": .orderable]) { arguments, result in
      best(arguments, key: 0, limit: 1, descending: false, "min").maker(result)
    },
    .aggregate("max", [.T, .bigint], .array(.T), "The n largest values", where: ["T": .orderable]) { arguments, result in
      best(arguments, key: 0, limit: 1, descending: true, "max").maker(result)
    },
    .aggregate("min_by", [.T, .K, .bigint], .array(.T), "Values with the n smallest keys", where: ["K": .orderable]) { arguments, result in
      best(arguments, key: 1, limit: 2, descending: false, "min_by").maker(result)
    },
    .aggregate("max_by", [.T, .K, .bigint], .array(.T), "Values with the n largest keys", where: ["K": .orderable]) { arguments, result in
      best(arguments, key: 1, limit: 2, descending: true, "max_by").maker(result)
    },
  ]
}

/// Logs (value, [key,] n); the value is the first column.
private func best(_ types: [DataType], key: Int, limit: Int, descending: Bool, _ name: String) -> LogDefinition {
  @Sendable func top(_ log: Segments) throws -> Segments {
    let order = log.sorted(by: key, descending: descending), wanted = log.columns[limit].reader(as: Int64.self)
    var rows: [UInt32] = [], offsets = [0]
    for segment in 0..<log.count {
      let range = log.range(segment)
      if !range.isEmpty {
        let ranked = descending ? numbersFirst(order[range], log.columns[key]) : order[range]
        rows.append(contentsOf: ranked.prefix(Int(clamping: wanted[range.lowerBound])))
      }
      offsets.append(rows.count)
    }
    return log.reordered(rows, offsets: offsets)
  }
  return LogDefinition(
    types: types, skipsNullsOf: key,
    record: { arguments, count in
      let wanted = arguments[limit].reader(as: Int64.self)
      let place = limit == 1 ? "second" : "third"
      for row in 0..<(arguments[limit].constantValue == nil ? count : min(count, 1)) {
        guard wanted.isValid(row), wanted[row] > 0 else {
          throw PrestoError(.invalidFunctionArgument, "\(place) argument of \(name) must be a positive integer")
        }
        if wanted[row] > 10_000 {
          throw PrestoError(
            .invalidFunctionArgument, "\(place) argument of \(name) must be less than or equal to 10000; found \(wanted[row])")
        }
      }
      return (arguments, nil)
    },
    shorten: top,
    finish: { log, type in
      let kept = try top(log)
      return try listVector(type, kept.columns[0], kept.offsets) { log.range($0).isEmpty }
    })
}

/// NaN is the last of the smallest values, and of the largest as well.
private func numbersFirst(_ rows: ArraySlice<UInt32>, _ key: Vector) -> ArraySlice<UInt32> {
  func moved(_ isNumber: (Int) -> Bool) -> ArraySlice<UInt32> {
    let numbers = rows.filter { isNumber(Int($0)) }
    return numbers.count == rows.count ? rows : ArraySlice(numbers + rows.filter { !isNumber(Int($0)) })
  }
  switch key.type {
  case .double:
    let values = key.reader(as: Double.self)
    return withExtendedLifetime(key) { moved { !values[$0].isNaN } }
  case .real:
    let values = key.reader(as: Float.self)
    return withExtendedLifetime(key) { moved { !values[$0].isNaN } }
  default: return rows
  }
}
