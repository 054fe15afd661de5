import Expressions
import Synchronization
import Values

/// A column of an intermediate result: unique within a query, so that moving a filter through a projection is a substitution, never a
/// renumbering. Symbols become channel numbers once, in the local planner.
public struct Symbol: Hashable, Sendable, Codable, CustomStringConvertible {
  public let id: Int32
  /// For people: what EXPLAIN shows.
  public let name: String
  public let type: DataType

  public init(id: Int32, name: String, type: DataType) {
    self.id = id
    self.name = name
    self.type = type
  }

  public static func == (a: Symbol, b: Symbol) -> Bool { a.id == b.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
  public var description: String { name }
}

public typealias Expression = Expr<Symbol>

extension Expr where Reference == Symbol {
  public static func symbol(_ symbol: Symbol) -> Expression { .reference(symbol, symbol.type) }

  /// The symbol, if that is all the expression is.
  public var asSymbol: Symbol? { if case .reference(let symbol, _) = self { symbol } else { nil } }
}

/// Hands out symbols of one query.
public final class SymbolAllocator: Sendable {
  private let next = Atomic<Int32>(0)

  public init() {}

  public func fresh(_ name: String, _ type: DataType) -> Symbol {
    Symbol(id: next.wrappingAdd(1, ordering: .relaxed).oldValue, name: name, type: type)
  }

  /// Also for lambda parameters, whose ids live in the same space.
  public func freshID() -> Int32 { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}
