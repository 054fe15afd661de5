/// Where an expression stands: decides whether aggregates, windows and sub-queries may stand in it, and how errors call the place.
enum Clause {
  case select, orderBy, having, qualify
  case `where`, join, groupBy, values, unnest, insert
  case limit(String), sample, tableFunction, parameter
  /// Arguments of an aggregate, of a window function.
  case aggregate(String), window(String)
  case lambda

  var text: String {
    switch self {
    case .select: "SELECT clause"
    case .orderBy: "ORDER BY clause"
    case .having: "HAVING clause"
    case .qualify: "QUALIFY clause"
    case .where: "WHERE clause"
    case .join: "JOIN clause"
    case .groupBy: "GROUP BY clause"
    case .values: "VALUES"
    case .unnest: "UNNEST"
    case .insert: "INSERT"
    case .limit(let name): name
    case .sample: "TABLESAMPLE"
    case .tableFunction: "Table function"
    case .parameter: "Parameter"
    case .aggregate(let name): "Aggregation '\(name)'"
    case .window(let name): "Window function '\(name)'"
    case .lambda: "Lambda expression"
    }
  }
}
