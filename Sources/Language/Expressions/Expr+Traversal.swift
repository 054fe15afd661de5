extension Expr {
  /// Expressions directly inside.
  @inlinable public var children: [Expr] {
    switch self {
    case .reference, .constant, .parameter: []
    case .call(_, let arguments, _): arguments
    case .cast(let inner, _, _), .not(let inner), .isNull(let inner), .field(let inner, _, _), .lambda(_, let inner), .attempt(let inner):
      [inner]
    case .and(let all), .or(let all), .coalesce(let all): all
    case .if(let condition, let then, let otherwise): otherwise.map { [condition, then, $0] } ?? [condition, then]
    case .among(let value, let list): [value] + list
    }
  }

  /// The same form with every direct child replaced.
  @inlinable public func mappingChildren(_ f: (Expr) throws -> Expr) rethrows -> Expr {
    switch self {
    case .reference, .constant, .parameter: self
    case .call(let id, let arguments, let type): .call(id, try arguments.map(f), type)
    case .cast(let inner, let type, let safe): .cast(try f(inner), to: type, safe: safe)
    case .and(let all): .and(try all.map(f))
    case .or(let all): .or(try all.map(f))
    case .not(let inner): .not(try f(inner))
    case .isNull(let inner): .isNull(try f(inner))
    case .if(let condition, let then, let otherwise): .if(try f(condition), then: try f(then), else: try otherwise.map(f))
    case .coalesce(let all): .coalesce(try all.map(f))
    case .among(let value, let list): .among(try f(value), try list.map(f))
    case .field(let inner, let index, let type): .field(try f(inner), index: index, type)
    case .lambda(let parameters, let body): .lambda(parameters, try f(body))
    case .attempt(let inner): .attempt(try f(inner))
    }
  }

  /// Bottom-up rewriting: children first, then the result itself.
  @inlinable public func rewritten(_ f: (Expr) throws -> Expr) rethrows -> Expr { try f(mappingChildren { try $0.rewritten(f) }) }

  /// Top-down replacement: where `f` answers, its answer stands and nothing below is visited.
  @inlinable public func replacing(_ f: (Expr) throws -> Expr?) rethrows -> Expr {
    if let answer = try f(self) { return answer }
    return try mappingChildren { try $0.replacing(f) }
  }

  /// Whether `test` holds for this expression or any inside it.
  @inlinable public func contains(where test: (Expr) -> Bool) -> Bool { test(self) || children.contains { $0.contains(where: test) } }

  /// Every reference inside.
  @inlinable public var references: Set<Reference> {
    var found = Set<Reference>()
    collect(into: &found)
    return found
  }

  @inlinable func collect(into found: inout Set<Reference>) {
    if case .reference(let reference, _) = self { found.insert(reference) } else { for child in children { child.collect(into: &found) } }
  }

  /// The same expression with references replaced by expressions (a filter moved through a projection).
  @inlinable public func substituting(_ values: [Reference: Expr]) -> Expr {
    replacing { if case .reference(let reference, _) = $0 { values[reference] } else { nil } }
  }

  /// The only bridge between the vocabularies of two rooms.
  @inlinable public func rebased<R>(_ f: (Reference) throws -> R) rethrows -> Expr<R> {
    switch self {
    case .reference(let reference, let type): .reference(try f(reference), type)
    case .constant(let value, let type): .constant(value, type)
    case .call(let id, let arguments, let type): .call(id, try arguments.map { try $0.rebased(f) }, type)
    case .cast(let inner, let type, let safe): .cast(try inner.rebased(f), to: type, safe: safe)
    case .and(let all): .and(try all.map { try $0.rebased(f) })
    case .or(let all): .or(try all.map { try $0.rebased(f) })
    case .not(let inner): .not(try inner.rebased(f))
    case .isNull(let inner): .isNull(try inner.rebased(f))
    case .if(let condition, let then, let otherwise):
      .if(try condition.rebased(f), then: try then.rebased(f), else: try otherwise?.rebased(f))
    case .coalesce(let all): .coalesce(try all.map { try $0.rebased(f) })
    case .among(let value, let list): .among(try value.rebased(f), try list.map { try $0.rebased(f) })
    case .field(let inner, let index, let type): .field(try inner.rebased(f), index: index, type)
    case .lambda(let parameters, let body): .lambda(parameters, try body.rebased(f))
    case .parameter(let parameter): .parameter(parameter)
    case .attempt(let inner): .attempt(try inner.rebased(f))
    }
  }
}
