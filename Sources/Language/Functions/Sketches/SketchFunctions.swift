import Expressions
import Values
import Vectors

extension Function {
  /// Reading, making and merging sketches that are values.
  static let sketches: [Function] = [
    .bound("cardinality", "(HyperLogLog) -> bigint", "The estimated number of distinct values in a sketch") { _, _ in
      { arguments, rows, _ in
        let sketches = arguments[0].reader(as: Bytes.self)
        return try withExtendedLifetime(arguments) {
          try ScalarLoop.gated(rows, arguments[0].rowValidity, Int64.self) { row in
            try merged([sketches[row]])?.estimate(0) ?? 0
          }.vector(.bigint, rows: rows, heap: [])
        }
      }
    },
    .vector("empty_approx_set", "() -> HyperLogLog", "A sketch of no values") { _, rows, context in
      .constant(.bytes(HyperLogLogs.emptyBytes(HyperLogLogs.standardSetPrecision)), context.result, count: rows)
    },
    .vector("empty_approx_set", "(double) -> HyperLogLog", "A sketch of no values with a standard error") { arguments, rows, context in
      let errors = arguments[0].reader(as: Double.self)
      return try ScalarLoop.written(rows, arguments[0].rowValidity, context.result) { row, out in
        try HyperLogLogs.emptyBytes(HyperLogLogs.precision(standardError: errors[row])).withUnsafeBytes { out.write($0) }
      }
    },
    .bound("merge_hll", "(array(HyperLogLog)) -> HyperLogLog", "The union of sketches") { _, result in
      { arguments, rows, _ in
        guard let lists = ListReader(arguments[0]) else { return Vector.nulls(result, count: rows) }
        let sketches = lists.elements.reader(as: Bytes.self)
        return try withExtendedLifetime(arguments) {
          try ScalarLoop.written(rows, arguments[0].rowValidity, result) { row, out in
            let present = lists.range(row).filter { sketches.isValid($0) }.map { sketches[$0] }
            guard let union = try merged(present) else { return out.writeNull() }
            union.bytes(0).withUnsafeBytes { out.write($0) }
          }
        }
      }
    },
    digest("value_at_quantile", "(tdigest, double) -> double", "The value at a quantile") { digest, q in
      try checkQuantile(q)
      return digest.isEmpty ? nil : digest.value(at: q)
    },
    digest("quantile_at_value", "(tdigest, double) -> double", "The share of values up to one") { digest, x in
      digest.isEmpty ? nil : digest.quantile(of: x)
    },
    digests("values_at_quantiles", "The values at quantiles in ascending order", isAscending: true) { digest, q in digest.value(at: q) },
    digests("quantiles_at_values", "The shares of values up to some", isAscending: false) { digest, x in digest.quantile(of: x) },
    .vector("scale_tdigest", "(tdigest, double) -> tdigest", "A digest of the same values with other weights") { arguments, rows, context in
      let stored = arguments[0].reader(as: Bytes.self), factors = arguments[1].reader(as: Double.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), context.result) { row, out in
          if !(factors[row] > 0) { throw invalidArgument("Scale factor should be positive.") }
          let digest = try stored[row].withBytes { try TDigest(bytes: $0) }
          digest.scale(by: factors[row])
          digest.bytes().withUnsafeBytes { out.write($0) }
        }
      }
    },
    .vector("merge_tdigest", "(array(tdigest)) -> tdigest", "The union of digests") { arguments, rows, context in
      guard let lists = ListReader(arguments[0]) else { return Vector.nulls(context.result, count: rows) }
      let stored = lists.elements.reader(as: Bytes.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, arguments[0].rowValidity, context.result) { row, out in
          let present = lists.range(row).filter { stored.isValid($0) }
          let parts = try present.map { try stored[$0].withBytes { try TDigest(bytes: $0) } }
          guard let first = parts.first else { return out.writeNull() }
          for part in parts.dropFirst() { first.merge(part) }
          first.bytes().withUnsafeBytes { out.write($0) }
        }
      }
    },
    .vector("trimmed_mean", "(tdigest, double, double) -> double", "The mean of the values between two quantiles") {
      arguments, rows, context in
      let stored = arguments[0].reader(as: Bytes.self)
      let lows = arguments[1].reader(as: Double.self), highs = arguments[2].reader(as: Double.self)
      let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, gate, Double?.self) { row in
          let digest = try stored[row].withBytes { try TDigest(bytes: $0) }
          return digest.trimmedMean(lows[row], highs[row])
        }.vector(context.result, rows: rows, heap: [])
      }
    },
  ]

  private static func digest(
    _ name: String, _ signature: String, _ summary: String, _ body: @escaping @Sendable (TDigest, Double) throws -> Double?
  ) -> Function {
    .vector(name, signature, summary) { arguments, rows, context in
      let stored = arguments[0].reader(as: Bytes.self), values = arguments[1].reader(as: Double.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity), Double?.self) { row in
          try body(stored[row].withBytes { try TDigest(bytes: $0) }, values[row])
        }.vector(context.result, rows: rows, heap: [])
      }
    }
  }

  private static func digests(
    _ name: String, _ summary: String, isAscending: Bool, _ body: @escaping @Sendable (TDigest, Double) throws -> Double
  ) -> Function {
    .vector(name, "(tdigest, array(double)) -> array(double)", summary) { arguments, rows, context in
      guard let lists = ListReader(arguments[1]) else { return Vector.nulls(context.result, count: rows) }
      let stored = arguments[0].reader(as: Bytes.self), values = lists.elements.reader(as: Double.self)
      let builder = VectorBuilder(context.result, capacity: rows)
      for row in 0..<rows {
        if arguments.contains(where: { $0.isNull(at: row) }) {
          builder.appendNull()
          continue
        }
        let digest = try stored[row].withBytes { try TDigest(bytes: $0) }
        if isAscending { try checkQuantiles(lists.range(row).filter { values.isValid($0) }.map { values[$0] }) }
        for i in lists.range(row) {
          if digest.isEmpty || !values.isValid(i) {
            builder.children[0].appendNull()
          } else {
            builder.children[0].append(try body(digest, values[i]))
          }
        }
        builder.closeList()
      }
      withExtendedLifetime(arguments) {}
      return builder.finish()
    }
  }
}

/// One counter of all the sketches; nil for none.
private func merged(_ sketches: [Bytes]) throws -> HyperLogLogs? {
  guard let first = sketches.first else { return nil }
  guard let precision = first.withBytes({ HyperLogLogs.precision(of: $0) }) else { throw invalidArgument("Cannot deserialize HyperLogLog") }
  let union = HyperLogLogs(precision: precision)
  union.resize(to: 1)
  for sketch in sketches { try sketch.withBytes { try union.merge(bytes: $0, into: 0) } }
  return union
}

extension HyperLogLogs {
  /// The stored form of a sketch of nothing.
  static func emptyBytes(_ precision: Int) -> [UInt8] { [2, UInt8(truncatingIfNeeded: precision), 0, 0] }
}
