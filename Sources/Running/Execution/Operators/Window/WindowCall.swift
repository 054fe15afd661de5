import Expressions
import Plans
import Values
import Vectors

/// A window function call over channels.
struct WindowCall: Sendable {
  enum Function: Sendable {
    case rowNumber, rank, denseRank, percentRank, cumeDist, ntile
    case lag, lead, firstValue, lastValue, nthValue
    case aggregate(AggregateMaker)
  }

  let function: Function
  let arguments: [AggregateCall.Argument]
  let frame: Frame
  let ignoresNulls: Bool
  let isDistinct: Bool
  let filter: Int?
  let type: DataType

  struct Frame: Sendable {
    enum Bound: Sendable { case unboundedPreceding, preceding(Int), currentRow, following(Int), unboundedFollowing }
    var unit: Plan.Window.Frame.Unit
    var start: Bound
    var end: Bound
    var exclusion: Plan.Window.Frame.Exclusion
  }

  init(_ call: Plan.Window.Call, _ input: Stage, _ functions: FunctionRegistry) throws {
    switch call.function.name {
    case "row_number": function = .rowNumber
    case "rank": function = .rank
    case "dense_rank": function = .denseRank
    case "percent_rank": function = .percentRank
    case "cume_dist": function = .cumeDist
    case "ntile": function = .ntile
    case "lag": function = .lag
    case "lead": function = .lead
    case "first_value": function = .firstValue
    case "last_value": function = .lastValue
    case "nth_value": function = .nthValue
    default: function = .aggregate(try functions.aggregateMaker(call.function, result: call.symbol.type))
    }
    arguments = try call.arguments.map { argument in
      if let symbol = argument.asSymbol { return .channel(try input.channel(symbol)) }
      if case .constant(let value, let type) = argument { return .constant(value, type) }
      throw PrestoError(.notSupported, "Argument of \(call.function.name) must be a column or a constant")
    }
    func bound(_ bound: Plan.Window.Frame.Bound) throws -> Frame.Bound {
      switch bound {
      case .unboundedPreceding: .unboundedPreceding
      case .preceding(let symbol): .preceding(try input.channel(symbol))
      case .currentRow: .currentRow
      case .following(let symbol): .following(try input.channel(symbol))
      case .unboundedFollowing: .unboundedFollowing
      }
    }
    frame = Frame(
      unit: call.frame.unit, start: try bound(call.frame.start), end: try bound(call.frame.end), exclusion: call.frame.exclusion)
    ignoresNulls = call.ignoresNulls
    isDistinct = call.isDistinct
    filter = try call.filter.map { try input.channel($0) }
    type = call.symbol.type
  }
}
