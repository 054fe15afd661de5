import Expressions
import Values

extension Function {
  /// Evaluated by the window operator, by name: only the signatures are here.
  static let windows: [Function] = [
    .window("row_number", [], .bigint, "Number of the row within its partition, from 1"),
    .window("rank", [], .bigint, "Rank of the row, with gaps after ties"),
    .window("dense_rank", [], .bigint, "Rank of the row, without gaps"),
    .window("percent_rank", [], .double, "(rank - 1) / (rows - 1)"),
    .window("cume_dist", [], .double, "Share of rows up to and including the peers"),
    .window("ntile", [.bigint], .bigint, "Number of the bucket, of n of nearly equal size"),
    .window("first_value", [.T], .T, "Value of the first row of the frame"),
    .window("last_value", [.T], .T, "Value of the last row of the frame"),
    .window("nth_value", [.T, .bigint], .T, "Value of the n-th row of the frame"),
    .window("lag", [.T], .T, "Value of the row before"),
    .window("lag", [.T, .bigint], .T, "Value of the row so many before"),
    .window("lag", [.T, .bigint, .T], .T, "Value of the row so many before, or the default"),
    .window("lead", [.T], .T, "Value of the row after"),
    .window("lead", [.T, .bigint], .T, "Value of the row so many after"),
    .window("lead", [.T, .bigint, .T], .T, "Value of the row so many after, or the default"),
  ]

  private static func window(_ name: String, _ arguments: [Signature.Pattern], _ result: Signature.Pattern, _ summary: String) -> Function {
    Function(name, .window, .taking(arguments, giving: result), summary, .window)
  }
}
