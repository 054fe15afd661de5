import Values
import Vectors

/// Functions that only the planner writes.
extension Function {
  package static let multipleRowsError = "$subquery_multiple_rows"

  /// To be registered beside the library's functions.
  package static let internals: [Function] = [
    Function(
      multipleRowsError, .scalar, Signature([], resultText: "boolean", result: { _ in .boolean }),
      "Fails: a scalar sub-query had more than one row", isDeterministic: false, isHidden: true,
      .scalar({ _, _ in
        { _, rows, _ in
          if rows > 0 { throw PrestoError(.subqueryMultipleRows, "Scalar sub-query has returned multiple rows") }
          return Vector.nulls(.boolean, count: rows)
        }
      }))
  ]
}
