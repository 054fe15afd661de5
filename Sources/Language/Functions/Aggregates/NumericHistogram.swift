import Expressions
import Values
import Vectors

extension Function {
  static let numericHistograms: [Function] = [DataType.double, .real].flatMap { type -> [Function] in
    let x = Signature.Pattern.exact(type)
    return [
      .aggregate("numeric_histogram", [.bigint, x], .map(x, x), "An approximate histogram with so many buckets") { arguments, result in
        histogram(arguments).maker(result)
      },
      .aggregate("numeric_histogram", [.bigint, x, .double], .map(x, x), "An approximate histogram of weighted values") {
        arguments, result in
        histogram(arguments).maker(result)
      },
    ]
  }
}

/// Logs (buckets, value, weight). Neighbouring buckets are merged as Ben-Haim and Tom-Tov ("A Streaming Parallel Decision Tree Algorithm",
/// 2010) do, always the pair whose merging adds least to the sum of squares.
private func histogram(_ types: [DataType]) -> LogDefinition {
  let isReal = types[1] == .real
  return LogDefinition(
    types: [.bigint, .double, .double], skipsNullsOf: 1,
    record: { arguments, count in
      let value = isReal ? widened(arguments[1]) : arguments[1]
      let weight = arguments.count == 3 ? arguments[2] : .constant(.double(1), .double, count: count)
      return ([arguments[0], value, weight], nil)
    },
    finish: { log, type in
      let buckets = log.columns[0].reader(as: Int64.self), values = log.columns[1].reader(as: Double.self)
      let weights = log.columns[2].reader(as: Double.self), order = log.sorted(by: 1)
      let builder = VectorBuilder(type, capacity: log.count)
      func put(_ x: Double, _ child: VectorBuilder) { if isReal { child.append(Float(x)) } else { child.append(x) } }
      for segment in 0..<log.count {
        let range = log.range(segment)
        guard let first = range.first else {
          builder.appendNull()
          continue
        }
        guard buckets.isValid(first), buckets[first] >= 2 else {
          throw PrestoError(.invalidFunctionArgument, "numeric_histogram bucket count must be greater than one")
        }
        let entries = order[range].map { (value: values[Int($0)], weight: weights.isValid(Int($0)) ? weights[Int($0)] : 0) }
        for bucket in condensed(entries, to: Int(clamping: buckets[first])) {
          put(bucket.value, builder.children[0])
          put(bucket.weight, builder.children[1])
        }
        builder.closeList()
      }
      return builder.finish()
    })
}

private func widened(_ vector: Vector) -> Vector {
  let values = Buffer(byteCount: vector.count * 8)
  let out = values.pointer(as: Double.self), reader = vector.reader(as: Float.self)
  for row in 0..<vector.count { out[row] = Double(reader[row]) }
  return .flat(.double, count: vector.count, values: values, validity: vector.rowValidity)
}

/// Ascending entries, merged until at most `limit` are left. Works in rounds over blocks, so that long inputs stay linear.
private func condensed(_ entries: [(value: Double, weight: Double)], to limit: Int) -> [(value: Double, weight: Double)] {
  var kept: [(value: Double, weight: Double)] = []
  let slack = limit < 1 << 20 ? limit * 2 + 16 : limit
  func reduce() {
    while kept.count > limit {
      var best = 0, cost = Double.infinity
      for i in 0..<kept.count - 1 {
        let a = kept[i], b = kept[i + 1], d = b.value - a.value
        let added = d * d * (a.weight * b.weight / (a.weight + b.weight))
        if added < cost { (best, cost) = (i, added) }
      }
      let a = kept[best], b = kept[best + 1], weight = a.weight + b.weight
      kept[best] = ((a.value * a.weight + b.value * b.weight) / weight, weight)
      kept.remove(at: best + 1)
    }
  }
  for entry in entries {
    if let last = kept.last, last.value == entry.value { kept[kept.count - 1].weight += entry.weight } else { kept.append(entry) }
    if kept.count > slack { reduce() }
  }
  reduce()
  return kept
}
