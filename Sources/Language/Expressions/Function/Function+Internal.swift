import Values
import Vectors

/// Functions that only the planner writes.
extension Function {
  package static let multipleRowsError = "$subquery_multiple_rows"
  package static let recursionLimitError = "$recursion_limit"
  package static let multipleMatchesError = "$merge_multiple_matches"

  /// To be registered beside the library's functions.
  package static let internals: [Function] = [
    failure(
      multipleRowsError, "Fails: a scalar sub-query had more than one row",
      PrestoError(.subqueryMultipleRows, "Scalar sub-query has returned multiple rows")),
    failure(
      multipleMatchesError, "Fails: a row of MERGE's target matched several rows of its source",
      PrestoError(.mergeTargetRowMultipleMatches, "One MERGE target table row matched more than one source row")),
    Function(
      recursionLimitError, .scalar, Signature("(bigint) -> boolean"), "Fails: a recursive query went deeper than it may",
      isDeterministic: false, isHidden: true,
      .scalar({ _, _ in
        { arguments, rows, _ in
          guard rows > 0 else { return Vector.nulls(.boolean, count: rows) }
          throw PrestoError(
            .notSupported,
            "Recursion depth limit exceeded (\(arguments[0].text(at: 0) ?? "")). Use 'max_recursion_depth' session property to "
              + "modify the limit.")
        }
      })),
  ]

  private static func failure(_ name: String, _ summary: String, _ error: PrestoError) -> Function {
    Function(
      name, .scalar, Signature([], resultText: "boolean", result: { _ in .boolean }), summary, isDeterministic: false, isHidden: true,
      .scalar({ _, _ in
        { _, rows, _ in
          if rows > 0 { throw error }
          return Vector.nulls(.boolean, count: rows)
        }
      }))
  }
}
