import Expressions
import Plans
import SQL
import Values

/// The aggregates and window functions found in one SELECT, whatever clause they stand in. Each stands for a symbol there; equal ones for the
/// same.
final class Selection {
  /// The names of FROM: what arguments of aggregates see, even in ORDER BY, where output aliases come first otherwise.
  let scope: Scope
  /// Sub-queries in arguments of aggregates and in grouping keys: computed before grouping.
  let sourceSubqueries = SubqueryList()
  /// Sub-queries in window functions: computed after grouping, before the windows.
  let windowSubqueries = SubqueryList()
  /// By `windowName`.
  let windowDefinitions: [String: Syntax.WindowSpecification]

  private(set) var aggregates: [(symbol: Symbol, call: AggregateCall)] = []
  private(set) var windows: [(symbol: Symbol, call: WindowCall)] = []
  private(set) var groupings: [(symbol: Symbol, columns: [Expression], location: SourceLocation)] = []

  init(scope: Scope, windows: [Syntax.WindowDefinition]) throws {
    self.scope = scope
    var definitions: [String: Syntax.WindowSpecification] = [:]
    for definition in windows {
      guard definitions.updateValue(definition.specification, forKey: definition.name.windowName) == nil else {
        throw PrestoError.at(definition.location, .duplicateWindowName, "WINDOW name '\(definition.name)' specified more than once")
      }
    }
    windowDefinitions = definitions
  }

  func add(_ call: AggregateCall, _ symbol: () -> Symbol, isDeterministic: Bool) -> Expression {
    if isDeterministic, let known = aggregates.first(where: { $0.call == call }) { return .symbol(known.symbol) }
    let symbol = symbol()
    aggregates.append((symbol, call))
    return .symbol(symbol)
  }

  func add(_ call: WindowCall, _ symbol: () -> Symbol) -> Expression {
    if let known = windows.first(where: { $0.call == call }) { return .symbol(known.symbol) }
    let symbol = symbol()
    windows.append((symbol, call))
    return .symbol(symbol)
  }

  func addGrouping(_ columns: [Expression], _ symbol: Symbol, at location: SourceLocation) -> Expression {
    groupings.append((symbol, columns, location))
    return .symbol(symbol)
  }

  /// Symbols that exist only after grouping or windows.
  var computed: Set<Symbol> { Set(aggregates.map(\.symbol) + windows.map(\.symbol) + groupings.map(\.symbol)) }
}

/// One aggregate over expressions of FROM.
struct AggregateCall: Hashable {
  var function: FunctionID
  var arguments: [Expression]
  var filter: Expression?
  var isDistinct: Bool
  var order: [SortKey]
}

/// One window function over expressions of what grouping yields.
struct WindowCall: Hashable {
  var function: FunctionID
  var arguments: [Expression]
  var filter: Expression?
  var isDistinct: Bool
  var ignoresNulls: Bool
  var partition: [Expression]
  var order: [SortKey]
  var frame: Frame

  struct Frame: Hashable {
    /// A `preceding` or `following` of RANGE holds the sort key's value at that edge, not the distance.
    enum Bound: Hashable {
      case unboundedPreceding, preceding(Expression), currentRow, following(Expression), unboundedFollowing
    }
    var unit: Plan.Window.Frame.Unit
    var start: Bound
    var end: Bound
    var exclusion: Plan.Window.Frame.Exclusion
  }
}

extension WindowCall {
  var references: Set<Symbol> {
    var all = arguments + partition + order.map(\.value) + (filter.map { [$0] } ?? [])
    for bound in [frame.start, frame.end] {
      switch bound {
      case .preceding(let value), .following(let value): all.append(value)
      case .unboundedPreceding, .currentRow, .unboundedFollowing: break
      }
    }
    return all.reduce(into: []) { $0.formUnion($1.references) }
  }
}

struct SortKey: Hashable {
  var value: Expression
  var isAscending: Bool
  var nullsFirst: Bool
}

extension Syntax.Identifier {
  /// Names of windows are SQL's, not Presto's: `w` is `"W"`, and `"w"` another.
  var windowName: String { isQuoted ? text : text.uppercased() }
}
