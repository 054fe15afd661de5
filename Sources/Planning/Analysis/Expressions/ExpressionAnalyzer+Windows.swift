import Expressions
import Plans
import SQL
import Values

extension ExpressionAnalyzer {
  /// A window function or an aggregate with OVER: put down in the selection. Its expressions may contain aggregates, but no windows.
  func windowCall(_ name: String, _ node: Syntax.FunctionCall, _ window: Syntax.Window) throws -> Expression {
    if case .window(let outer) = clause {
      throw PrestoError.at(
        node.location, .nestedWindow, "Cannot nest window functions inside window function '\(outer)': [\(text(.functionCall(node)))]")
    }
    if case .aggregate(let outer) = clause {
      throw PrestoError.at(
        node.location, .nestedWindow, "Cannot nest window functions inside aggregation '\(outer)': [\(text(.functionCall(node)))]")
    }
    guard let selection else { throw notScalar(.functionCall(node)) }
    let isAggregate = context.functions.isAggregate(name)
    guard isAggregate || context.functions.isWindow(name) || !context.functions.contains(name) else {
      throw PrestoError.at(node.location, .functionNotWindow, "Not a window function: \(name)")
    }
    if !node.orderBy.isEmpty {
      throw PrestoError.at(node.location, .notSupported, "Window function with ORDER BY is not supported")
    }
    var inner = self
    inner.clause = .window(name)
    inner.subqueries = selection.windowSubqueries
    let (resolved, arguments) =
      isAggregate ? try inner.aggregateArguments(name, node) : try inner.bound(name, .window, node.arguments, at: node.place)
    if node.filter != nil, !isAggregate {
      throw PrestoError.at(node.location, .functionNotAggregate, "Filter is only valid for aggregation functions")
    }
    let takesNullTreatment = ["lag", "lead", "first_value", "last_value", "nth_value"].contains(name)
    if node.nullTreatment != nil, !takesNullTreatment {
      throw PrestoError.at(node.location, .nullTreatmentNotAllowed, "Cannot specify null treatment clause for \(name) function")
    }
    let specification = try inner.specification(window, selection)
    var call = WindowCall(
      function: resolved.id, arguments: arguments.map { $0.evaluated(context) },
      filter: try node.filter.map { try inner.boolean($0, "Filter expression") },
      isDistinct: node.isDistinct, ignoresNulls: node.nullTreatment == .ignore,
      partition: try specification.partitionBy.map { try inner.partitionKey($0) }, order: try inner.sortKeys(specification.orderBy),
      frame: WindowCall.Frame(unit: .range, start: .unboundedPreceding, end: .currentRow, exclusion: .none))
    if let frame = specification.frame { try inner.apply(frame, to: &call) }
    guard call.references.isDisjoint(with: selection.windows.map(\.symbol)) else {
      // An output name that stands for another window function.
      throw PrestoError.at(node.location, .nestedWindow, "Cannot nest window functions inside window function '\(name)'")
    }
    return selection.add(call) { queries.symbols.fresh(name, resolved.result) }
  }

  private func partitionKey(_ expression: Syntax.Expression) throws -> Expression {
    let value = try analyze(expression)
    guard value.type.isComparable else {
      throw PrestoError.at(
        expression.location, .typeMismatch, "\(value.type) is not comparable, and therefore cannot be used in window function PARTITION BY")
    }
    return value
  }

  /// The window with the parts of those it names: it may add an order and a frame to a named one, never replace.
  private func specification(_ window: Syntax.Window, _ selection: Selection) throws -> Syntax.WindowSpecification {
    func named(_ name: Syntax.Identifier, _ depth: Int) throws -> Syntax.WindowSpecification {
      guard let found = selection.windowDefinitions[name.windowName], depth < selection.windowDefinitions.count else {
        throw PrestoError.at(name.location, .invalidWindowReference, "Cannot resolve WINDOW name \(name)")
      }
      return try complete(found, depth + 1)
    }
    func complete(_ specification: Syntax.WindowSpecification, _ depth: Int) throws -> Syntax.WindowSpecification {
      guard let existing = specification.existing else { return specification }
      let base = try named(existing, depth)
      var merged = specification
      merged.existing = nil
      if let key = specification.partitionBy.first {
        throw PrestoError.at(
          key.location, .invalidPartitionBy, "WINDOW specification with named WINDOW reference cannot specify PARTITION BY")
      }
      merged.partitionBy = base.partitionBy
      if !base.orderBy.isEmpty {
        if let item = specification.orderBy.first {
          throw PrestoError.at(
            item.location, .invalidOrderBy, "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY")
        }
        merged.orderBy = base.orderBy
      }
      if let frame = base.frame {
        throw PrestoError.at(frame.location, .invalidWindowReference, "Cannot reference named WINDOW containing frame specification")
      }
      return merged
    }
    switch window {
    case .named(let name): return try named(name, 0)
    case .inline(let specification): return try complete(specification, 0)
    }
  }

  // MARK: Frames

  private func apply(_ frame: Syntax.WindowFrame, to call: inout WindowCall) throws {
    let end = frame.end ?? .currentRow
    try checkOrder(frame.start, end, at: frame.location)
    call.frame.unit =
      switch frame.unit {
      case .rows: .rows
      case .range: .range
      case .groups: .groups
      }
    call.frame.exclusion =
      switch frame.exclusion {
      case nil, .noOthers: .none
      case .currentRow: .currentRow
      case .group: .group
      case .ties: .ties
      }
    if frame.unit == .groups, call.order.isEmpty {
      throw PrestoError.at(frame.location, .missingOrderBy, "Window frame of type GROUPS requires ORDER BY")
    }
    if frame.unit == .range, frame.start.offset != nil || end.offset != nil {
      try applyRange(frame.start, end, to: &call, at: frame)
      return
    }
    call.frame.start = try countedBound(frame.start, frame.unit.rawValue)
    call.frame.end = try countedBound(end, frame.unit.rawValue)
  }

  private func checkOrder(_ start: Syntax.FrameBound, _ end: Syntax.FrameBound, at location: SourceLocation) throws {
    let problem: String? =
      switch (start, end) {
      case (.unboundedFollowing, _): "Window frame start cannot be UNBOUNDED FOLLOWING"
      case (_, .unboundedPreceding): "Window frame end cannot be UNBOUNDED PRECEDING"
      case (.currentRow, .preceding): "Window frame starting from CURRENT ROW cannot end with PRECEDING"
      case (.following, .preceding): "Window frame starting from FOLLOWING cannot end with PRECEDING"
      case (.following, .currentRow): "Window frame starting from FOLLOWING cannot end with CURRENT ROW"
      default: nil
      }
    if let problem { throw PrestoError.at(location, .invalidWindowFrame, problem) }
  }

  /// ROWS and GROUPS: a number of rows or peer groups.
  private func countedBound(_ bound: Syntax.FrameBound, _ unit: String) throws -> WindowCall.Frame.Bound {
    func count(_ expression: Syntax.Expression) throws -> Expression {
      let value = try analyze(expression)
      var isWhole = value.type.isInteger
      if case .decimal(_, 0) = value.type { isWhole = true }
      guard isWhole else {
        throw PrestoError.at(
          expression.location, .typeMismatch,
          "Window frame \(unit) value type must be exact numeric type with scale 0 (actual \(value.type))")
      }
      try checkNotNegative(value, expression)
      return value.coerced(to: .bigint)
    }
    switch bound {
    case .unboundedPreceding: return .unboundedPreceding
    case .preceding(let expression): return .preceding(try count(expression))
    case .currentRow: return .currentRow
    case .following(let expression): return .following(try count(expression))
    case .unboundedFollowing: return .unboundedFollowing
    }
  }

  private func checkNotNegative(_ value: Expression, _ expression: Syntax.Expression) throws {
    let isWrong: Bool =
      switch value.evaluated(context) {
      case .constant(.integer(let number), _): number < 0
      case .constant(.wide(let number), _): number < 0
      case .constant(.double(let number), _): number < 0
      case .constant(.null, _): true
      default: false
      }
    if isWrong {
      throw PrestoError.at(expression.location, .invalidWindowFrame, "Window frame offset value must not be negative or null")
    }
  }

  /// RANGE with offsets: the sort key's value at each edge, `key - offset` or `key + offset` by direction, in one type with the key.
  private func applyRange(_ start: Syntax.FrameBound, _ end: Syntax.FrameBound, to call: inout WindowCall, at frame: Syntax.WindowFrame)
    throws
  {
    guard call.order.count == 1, let key = call.order.first else {
      throw PrestoError.at(
        frame.location, call.order.isEmpty ? .missingOrderBy : .invalidOrderBy,
        "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY (actual: \(call.order.count))")
    }
    guard key.value.type.isNumeric || key.value.type.isTemporal else {
      throw PrestoError.at(
        frame.location, .typeMismatch,
        "Window frame of type RANGE PRECEDING or FOLLOWING requires that sort item type be numeric, datetime or interval (actual: \(key.value.type))"
      )
    }
    func edge(_ bound: Syntax.FrameBound) throws -> Expression? {
      guard let (offset, isPreceding) = bound.offset else { return nil }
      let distance = try analyze(offset)
      try checkNotNegative(distance, offset)
      return try operatorCall(isPreceding == key.isAscending ? .subtract : .add, key.value, distance, at: offset.place)
    }
    let startEdge = try edge(start)
    let endEdge = try edge(end)
    let values = [key.value, startEdge, endEdge].compactMap { $0 }
    let unified = try unified(values, at: frame.place) { "Window frame offset of type \($1) cannot be combined with sort key type \($0)" }
    call.order[0].value = unified[0]
    func bound(_ bound: Syntax.FrameBound, _ value: Expression?) -> WindowCall.Frame.Bound {
      switch (bound, value) {
      case (.preceding, let value?): .preceding(value)
      case (.following, let value?): .following(value)
      case (.unboundedPreceding, _): .unboundedPreceding
      case (.unboundedFollowing, _): .unboundedFollowing
      case (.currentRow, _), (.preceding, nil), (.following, nil): .currentRow
      }
    }
    call.frame.start = bound(start, startEdge == nil ? nil : unified[1])
    call.frame.end = bound(end, endEdge == nil ? nil : unified[unified.count - 1])
  }
}

extension Syntax.FrameBound {
  var offset: (Syntax.Expression, isPreceding: Bool)? {
    switch self {
    case .preceding(let expression): (expression, true)
    case .following(let expression): (expression, false)
    case .unboundedPreceding, .currentRow, .unboundedFollowing: nil
    }
  }
}
