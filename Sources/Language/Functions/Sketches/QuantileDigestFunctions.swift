import Expressions
import Values
import Vectors

extension Function {
  /// Reading q-digests.
  static let quantileDigestFunctions: [Function] = digestFunctions(Int64.self) + digestFunctions(Double.self) + digestFunctions(Float.self)

  private static func digestFunctions<Value: DigestKey>(_: Value.Type) -> [Function] {
    let value = Signature.Pattern.exact(Value.dataType), digest = Signature.Pattern.exact(.qdigest(Value.dataType))
    return [
      reading("value_at_quantile", [digest, .double], value, "The value at a quantile") { arguments, rows, context in
        let quantiles = arguments[1].reader(as: Double.self)
        let builder = VectorBuilder(context.result, capacity: rows)
        try each(arguments, rows) { row, digest in
          guard let digest else { return builder.appendNull() }
          try checkQuantile(quantiles[row])
          if let key = digest.key(at: quantiles[row]) { builder.append(Value(key: key)) } else { builder.appendNull() }
        }
        return builder.finish()
      },
      reading("values_at_quantiles", [digest, .array(.double)], .array(value), "The values at quantiles in ascending order") {
        arguments, rows, context in
        guard let lists = ListReader(arguments[1]) else { return Vector.nulls(context.result, count: rows) }
        let quantiles = lists.elements.reader(as: Double.self)
        let builder = VectorBuilder(context.result, capacity: rows)
        try each(arguments, rows) { row, digest in
          guard let digest else { return builder.appendNull() }
          let wanted = lists.range(row).map { quantiles[$0] }
          try checkQuantiles(wanted)
          for q in wanted {
            if let key = digest.key(at: q) { builder.children[0].append(Value(key: key)) } else { builder.children[0].appendNull() }
          }
          builder.closeList()
        }
        return builder.finish()
      },
      reading("quantile_at_value", [digest, value], .double, "The share of values below one") { arguments, rows, context in
        let values = arguments[1].reader(as: Value.self)
        let builder = VectorBuilder(context.result, capacity: rows)
        try each(arguments, rows) { row, digest in
          if let share = digest?.share(below: values[row].key) { builder.append(share) } else { builder.appendNull() }
        }
        return builder.finish()
      },
      reading("scale_qdigest", [digest, .double], digest, "A digest of the same values with other weights") { arguments, rows, context in
        let factors = arguments[1].reader(as: Double.self)
        let builder = VectorBuilder(context.result, capacity: rows)
        try each(arguments, rows) { row, digest in
          guard var digest else { return builder.appendNull() }
          if !(factors[row] > 0) { throw invalidArgument("Scale factor should be positive.") }
          digest.scale(by: factors[row])
          digest.bytes().withUnsafeBytes { builder.append($0) }
        }
        return builder.finish()
      },
    ]
  }

  private static func reading(
    _ name: String, _ arguments: [Signature.Pattern], _ result: Signature.Pattern, _ summary: String,
    _ body: @escaping @Sendable ([Vector], Int, EvaluationContext) throws -> Vector
  ) -> Function {
    Function(
      name, .scalar, .taking(arguments, giving: result), summary,
      .scalar { _, type in
        { arguments, rows, context in
          var context = context
          context.result = type
          return try withExtendedLifetime(arguments) { try body(arguments, rows, context) }
        }
      })
  }

  /// The digest of every row; nil where any argument is null.
  private static func each(_ arguments: [Vector], _ rows: Int, _ body: (Int, QuantileDigest?) throws -> Void) throws {
    let stored = arguments[0].reader(as: Bytes.self)
    for row in 0..<rows {
      if arguments.contains(where: { $0.isNull(at: row) }) {
        try body(row, nil)
      } else {
        try body(row, stored[row].withBytes { try QuantileDigest(bytes: $0) })
      }
    }
  }
}

/// Throws INVALID_FUNCTION_ARGUMENT for what is no quantile.
func checkQuantile(_ q: Double) throws {
  if !(q >= 0 && q <= 1) { throw invalidArgument("Quantile should be within bounds [0, 1], was: \(q)") }
}

/// The same for several, which must ascend.
func checkQuantiles(_ quantiles: [Double]) throws {
  for q in quantiles { try checkQuantile(q) }
  if zip(quantiles, quantiles.dropFirst()).contains(where: { $0 > $1 }) {
    throw invalidArgument("percentiles must be sorted in increasing order")
  }
}
