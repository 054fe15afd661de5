import Expressions
import Glibc
import Values
import Vectors

extension Function {
  static let differentialEntropies: [Function] = [
    .aggregate(
      "differential_entropy", [.bigint, .double], .double,
      "Entropy of a continuous variable in bits, from a random sample of so many values", isDeterministic: false
    ) { _, result in sampledEntropy.maker(result) },
    .aggregate(
      "differential_entropy", [.bigint, .double, .double], .double,
      "Entropy of a continuous variable in bits, from a random sample of so many weighted values", isDeterministic: false
    ) { _, result in sampledEntropy.maker(result) },
    .aggregate(
      "differential_entropy", [.bigint, .double, .double, .varchar, .double, .double], .double,
      "Entropy of a continuous variable in bits, from a histogram of so many buckets, by fixed_histogram_mle or fixed_histogram_jacknife"
    ) { _, result in histogramEntropy.maker(result) },
  ]
}

private func wrong(_ message: String) -> PrestoError { invalidArgument("In differential_entropy UDF, \(message)") }

// MARK: from a sample

/// Logs (size, value, ticket). The rows with the greatest tickets are the sample: a random number to the power of 1 / weight, as Efraimidis and
/// Spirakis have it ("Weighted random sampling with a reservoir", 2006).
private let sampledEntropy = LogDefinition(
  types: [.bigint, .double, .double],
  record: { arguments, count in
    let rows = arguments.completeRows(count)
    let sizes = arguments[0].reader(as: Int64.self), weights = arguments.count == 3 ? arguments[2].reader(as: Double.self) : nil
    let tickets = Buffer(byteCount: rows.count * 8), ticket = tickets.pointer(as: Double.self)
    for (place, row) in rows.enumerated() {
      let size = sizes[Int(row)], weight = weights?[Int(row)] ?? 1
      if size <= 0 { throw wrong("max samples must be positive: \(size)") }
      if size >= 1_000_000 { throw wrong("max samples  must be capped: max_samples=\(size), cap=1000000") }
      if weight < 0 { throw wrong("weight must be non-negative: \(spelled(weight))") }
      ticket[place] = pow(Double.random(in: 0..<1), 1 / weight)
    }
    withExtendedLifetime(arguments) {}
    return ([arguments[0].picked(rows), arguments[1].picked(rows), .flat(.double, count: rows.count, values: tickets)], rows)
  },
  shorten: { try $0.greatest() },
  finish: { log, type in
    let log = try log.greatest(), values = log.columns[1].reader(as: Double.self)
    let builder = VectorBuilder(type, capacity: log.count)
    for segment in 0..<log.count { builder.append(vasicek(log.range(segment).map { values[$0] })) }
    return builder.finish()
  })

extension Segments {
  fileprivate func greatest() throws -> Segments {
    let sizes = columns[0].reader(as: Int64.self), order = sorted(by: 2, descending: true)
    var rows: [UInt32] = [], ends = [0]
    for segment in 0..<count {
      let range = range(segment)
      if let first = range.first {
        for row in range where sizes[row] != sizes[first] { throw wrong("inconsistent maxSamples: \(sizes[row]), \(sizes[first])") }
        rows += order[range].prefix(Int(sizes[first]))
      }
      ends.append(rows.count)
    }
    return rows.count == rowCount ? self : reordered(rows, offsets: ends)
  }
}

/// Vasicek's estimator from spacings, as Alizadeh Noughabi and Arghami weigh the ends ("A New Estimator of Entropy", 2010). NaN for no values.
private func vasicek(_ sample: [Double]) -> Double {
  let values = sample.sorted { $0 < $1 || ($1.isNaN && !$0.isNaN) }, n = values.count
  if n == 0 { return .nan }
  let m = max(Int((Double(n).squareRoot() + 0.5).rounded(.down)), 2)
  var entropy = 0.0
  for i in 0..<n {
    let above = i + m < n ? values[i + m] : values[n - 1], below = i - m > 0 ? values[i - m] : values[0]
    let sides: Double = i + m < n && i - m > 0 ? 2 : 1
    entropy += log(Double(n) / (sides * Double(m)) * (above - below))
  }
  return entropy / Double(n) / log(2)
}

// MARK: from a histogram

private let mle = "fixed_histogram_mle", jacknife = "fixed_histogram_jacknife"

/// Logs (buckets, lowest, highest, is jacknife, bucket, weight, rows), shortened to one row for each weight in a bucket.
private let histogramEntropy = LogDefinition(
  types: [.bigint, .double, .double, .boolean, .bigint, .double, .double],
  record: { arguments, count in
    let rows = arguments.completeRows(count)
    let buckets = arguments[0].reader(as: Int64.self), values = arguments[1].reader(as: Double.self)
    let weights = arguments[2].reader(as: Double.self), methods = arguments[3].reader(as: Bytes.self)
    let lows = arguments[4].reader(as: Double.self), highs = arguments[5].reader(as: Double.self)
    let flags = VectorBuilder(.boolean, capacity: rows.count), places = VectorBuilder(.bigint, capacity: rows.count)
    for row in rows.lazy.map({ Int($0) }) {
      let method = methods[row].string.lowercased(), total = buckets[row], low = lows[row], high = highs[row], value = values[row]
      if method != mle && method != jacknife { throw wrong("invalid method: \(method)") }
      if total < 0 { throw wrong("bucket count must be non-negative: \(total)") }
      guard total >= 2, total <= 1_000_000 else { throw wrong("bucket count must be between 2 and 1000000: \(total)") }
      guard low < high else { throw wrong("min must be larger than max: min=\(spelled(low)), max=\(spelled(high))") }
      if weights[row] < 0 { throw wrong("weight must be non-negative: \(spelled(weights[row]))") }
      if value < low { throw wrong("sample must be at least min: sample=\(spelled(value)), min=\(spelled(low))") }
      if value > high { throw wrong("sample must be at most max: sample=\(spelled(value)), max=\(spelled(high))") }
      let place = Double(total) * (value - low) / (high - low)
      guard value < high, place.isFinite else {
        throw wrong("value must be within range: \(spelled(value)) [\(spelled(low)), \(spelled(high))]")
      }
      flags.append(method == jacknife)
      places.append(min(Int64(place), total - 1))
    }
    let kept = [arguments[0], arguments[4], arguments[5], arguments[2]].map { $0.picked(rows) }
    withExtendedLifetime(arguments) {}
    return (
      [kept[0], kept[1], kept[2], flags.finish(), places.finish(), kept[3], .constant(.double(1), .double, count: rows.count)], rows
    )
  },
  shorten: { $0.summed(within: 5) },
  finish: { log, type in
    let log = log.summed(within: 5), builder = VectorBuilder(type, capacity: log.count)
    for segment in 0..<log.count { builder.append(try EntropyHistogram(log, log.range(segment))?.entropy ?? .nan) }
    return builder.finish()
  })

/// What the log of one group says.
private struct EntropyHistogram {
  let isJacknife: Bool
  let width: Double
  /// Of each bucket the weights in it and how many rows have each.
  var entries: [Int64: [(weight: Double, rows: Double)]] = [:]

  /// nil: nothing was logged.
  init?(_ log: Segments, _ range: Range<Int>) throws {
    guard let first = range.first else { return nil }
    let buckets = log.columns[0].reader(as: Int64.self), lows = log.columns[1].reader(as: Double.self)
    let highs = log.columns[2].reader(as: Double.self), flags = log.columns[3].reader(as: Bool.self)
    let places = log.columns[4].reader(as: Int64.self), weights = log.columns[5].reader(as: Double.self)
    let counts = log.columns[6].reader(as: Double.self)
    isJacknife = flags[first]
    width = (highs[first] - lows[first]) / Double(buckets[first])
    for row in range {
      if flags[row] != flags[first] { throw wrong("strategy class is not compatible with entropy method") }
      if buckets[row] != buckets[first] { throw wrong("inconsistent bucket count: prev=\(buckets[first]), current=\(buckets[row])") }
      if lows[row] != lows[first] { throw wrong("inconsistent min: prev=\(spelled(lows[first])), current=\(spelled(lows[row]))") }
      if highs[row] != highs[first] { throw wrong("inconsistent max: prev=\(spelled(highs[first])), current=\(spelled(highs[row]))") }
      entries[places[row], default: []].append((weights[row], counts[row]))
    }
  }

  var entropy: Double {
    // in order of the buckets, so that sums always round alike
    let places = entries.sorted { $0.key < $1.key }.map(\.value)
    let sizes = places.map { $0.reduce(0.0) { $0 + $1.weight * $1.rows } }, total = sizes.reduce(0, +)
    if total == 0 { return .nan }
    if !isJacknife {
      let raw = sizes.reduce(0.0) { $0 - xLogX($1 / total) }
      return (raw + log(width)) / log(2)
    }
    let logs = sizes.reduce(0.0) { $0 + xLogX($1) }, n = places.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1.rows } }
    var entropy = n * likelihood(total, logs)
    for (entries, size) in zip(places, sizes) where size > 0 {
      for entry in entries {
        // without one of these rows
        let rest = max(size - entry.weight, 0)
        entropy -= entry.rows * (n - 1) * likelihood(total - size + rest, logs - xLogX(size) + xLogX(rest)) / n
      }
    }
    return entropy
  }

  private func likelihood(_ total: Double, _ logs: Double) -> Double {
    total > 0 ? max((log(width * total) - logs / total) / log(2), 0) : 0
  }

  private func xLogX(_ x: Double) -> Double { x <= 0 ? 0 : x * log(x) }
}
