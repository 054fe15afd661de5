import Expressions
import RemoteSQL
import Values

extension PostgresDialect {
  private static let comparable: Set<TypeFamily> = .numbers.union(Set.temporal).union([.boolean, .binary, .text, .character, .uuid])

  /// Sums of floating point depend on the order of addition, so they stay here.
  static let aggregateTemplates: [String: [SQLTemplate]] = [
    "count": [
      SQLTemplate("count(*)$filter", accepting: [], where: { $0.arguments.isEmpty }),
      SQLTemplate("count($1)$filter", accepting: Set(TypeFamily.allCases), where: { $0.arguments.count == 1 }),
      SQLTemplate("count($distinct$1)$filter", accepting: comparable, where: { $0.arguments.count == 1 }),
    ],
    "sum": [
      // The server sums bigint as numeric: brought back to bigint, whose overflow is an error on both sides.
      SQLTemplate("(sum($distinct$1)$filter)::int8", accepting: [.integer], where: { $0.type == .bigint }),
      SQLTemplate("sum($distinct$1)$filter", accepting: [.exact]),
    ],
    "min": extremes("min"),
    "max": extremes("max"),
    "avg": [
      SQLTemplate(
        "(sum($distinct$1)$filter)::float8 / nullif(count($distinct$1)$filter, 0)::float8", accepting: [.integer],
        where: { $0.type == .double }),
      // Rounded half up at the result's scale in whole numbers: a quotient of the server's would be rounded twice.
      SQLTemplate(
        """
        sign(sum($distinct$1)$filter) * div(2 * abs(sum($distinct$1)$filter) + count($distinct$1)$filter * $unit, \
        2 * count($distinct$1)$filter * $unit) * $unit
        """, accepting: [.exact]),
    ],
    "bool_and": [SQLTemplate("bool_and($1)$filter", accepting: [.boolean])],
    "every": [SQLTemplate("bool_and($1)$filter", accepting: [.boolean])],
    "bool_or": [SQLTemplate("bool_or($1)$filter", accepting: [.boolean])],
    "count_if": [SQLTemplate("count(*) FILTER (WHERE $1)", accepting: [.boolean])],
  ]

  private static func extremes(_ name: String) -> [SQLTemplate] {
    [
      SQLTemplate(
        "\(name)($1)$filter", accepting: .numbers.union([.date, .time, .timestamp, .zonedTimestamp]), where: { $0.arguments.count == 1 }),
      SQLTemplate("\(name)($1 COLLATE \"C\")$filter", accepting: [.text], where: { $0.arguments.count == 1 }),
    ]
  }
}
