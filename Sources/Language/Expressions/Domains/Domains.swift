import Values
import Vectors

/// What a predicate says about each of its references: the rows where it is true have all of these. References not named may be anything.
public struct Domains<Reference: Hashable & Sendable>: Sendable {
  public private(set) var byReference: [Reference: Domain] = [:]
  /// No row can satisfy the predicate.
  public private(set) var isNone = false

  public init() {}

  public init(_ reference: Reference, _ domain: Domain) {
    if domain.isNone { isNone = true } else if !domain.isAll { byReference[reference] = domain }
  }

  public static var none: Domains {
    var result = Domains()
    result.isNone = true
    return result
  }

  public subscript(reference: Reference) -> Domain? { byReference[reference] }

  /// Both hold.
  public func intersection(_ other: Domains) -> Domains {
    if isNone || other.isNone { return .none }
    var result = self
    for (reference, domain) in other.byReference {
      let both = result.byReference[reference].map { $0.intersection(domain) } ?? domain
      if both.isNone { return .none }
      result.byReference[reference] = both
    }
    return result
  }

  /// At least one holds: only what both speak of is known.
  public func union(_ other: Domains) -> Domains {
    if isNone { return other }
    if other.isNone { return self }
    var result = Domains()
    for (reference, domain) in byReference {
      guard let also = other.byReference[reference] else { continue }
      let either = domain.union(also)
      if !either.isAll { result.byReference[reference] = either }
    }
    return result
  }
}

extension Expr {
  /// The domains of the rows where this predicate is true.
  public var domains: Domains<Reference> {
    switch self {
    case .constant(.boolean(let value), _): return value ? Domains() : .none
    case .constant(.null, _): return .none
    case .reference(let reference, .boolean): return Domains(reference, .values([.boolean(true)], .boolean))
    case .and(let all): return all.reduce(Domains()) { $0.isNone ? $0 : $0.intersection($1.domains) }
    case .or(let all):
      var result = Domains<Reference>.none
      for part in all { result = result.union(part.domains) }
      return result
    case .isNull(.reference(let reference, let type)): return Domains(reference, .onlyNull(type))
    case .not(let inner): return inner.negatedDomains
    case .among(let value, let list):
      guard let (reference, type) = value.plainReference else { return Domains() }
      var constants: [Constant] = []
      for case .constant(let constant, let itemType) in list where constant.isNull || itemType == value.type { constants.append(constant) }
      guard constants.count == list.count, type.isOrderable, type.components.isEmpty else { return Domains() }
      return Domains(reference, .values(constants, type))
    case .call(let id, let arguments, _): return comparisonDomains(id, arguments)
    case .reference, .constant, .cast, .isNull, .if, .coalesce, .field, .lambda, .parameter, .attempt: return Domains()
    }
  }

  private func comparisonDomains(_ id: FunctionID, _ arguments: [Expr]) -> Domains<Reference> {
    if id.name == FunctionID.Operator.like { return likeDomains(arguments) }
    guard let op = ComparisonOperator(rawValue: id.name), arguments.count == 2 else { return Domains() }
    if case .constant(let value, _) = arguments[1], let (reference, type) = arguments[0].plainReference {
      return Expr.domains(reference, type, op, value)
    }
    if case .constant(let value, _) = arguments[0], let (reference, type) = arguments[1].plainReference {
      return Expr.domains(reference, type, op.mirrored, value)
    }
    // both sides are columns: neither is null
    var known = Domains<Reference>()
    for argument in arguments {
      if let (reference, type) = argument.plainReference { known = known.intersection(Domains(reference, .notNull(type))) }
    }
    return known
  }

  private static func domains(_ reference: Reference, _ type: DataType, _ op: ComparisonOperator, _ value: Constant) -> Domains<Reference> {
    if value.isNull { return .none }
    guard type.isOrderable, type.components.isEmpty else { return Domains(reference, .notNull(type)) }
    if value.isNaN { return op == .notEqual ? Domains(reference, .notNull(type)) : .none }
    switch op {
    case .equal: return Domains(reference, .values([value], type))
    case .notEqual:
      // NaN differs from everything, and no interval holds it
      if type == .double || type == .real { return Domains(reference, .notNull(type)) }
      return Domains(reference, Domain.values([value], type).complement.intersection(.notNull(type)))
    case .lessThan: return Domains(reference, .interval(.init(low: nil, high: value, isHighIncluded: false), type))
    case .lessThanOrEqual: return Domains(reference, .interval(.init(low: nil, high: value), type))
    case .greaterThan: return Domains(reference, .interval(.init(low: value, isLowIncluded: false, high: nil), type))
    case .greaterThanOrEqual: return Domains(reference, .interval(.init(low: value, high: nil), type))
    }
  }

  /// A pattern with a literal beginning bounds its texts.
  private func likeDomains(_ arguments: [Expr]) -> Domains<Reference> {
    guard let (reference, type) = arguments[0].plainReference, arguments.count >= 2, case .constant(.bytes(let pattern), _) = arguments[1]
    else {
      return Domains()
    }
    var escape: UInt8?
    if arguments.count > 2 {
      guard case .constant(.bytes(let bytes), _) = arguments[2], bytes.count == 1 else { return Domains() }
      escape = bytes[0]
    }
    guard let compiled = LikePattern(pattern, escape: escape), type != .char(length: 0) else { return Domains() }
    if let literal = compiled.literal { return Domains(reference, .values([.bytes(literal)], type)) }
    guard let prefix = compiled.prefix else { return Domains(reference, .notNull(type)) }
    // the next text after all that begin so: the last byte that can be raised, raised
    var end = prefix
    while let last = end.last, last == 0xFF { end.removeLast() }
    if let last = end.last { end[end.count - 1] = last + 1 }
    return Domains(
      reference, .interval(.init(low: .bytes(prefix), high: end.isEmpty ? nil : .bytes(end), isHighIncluded: false), type))
  }

  /// The domains of the rows where this predicate is false.
  private var negatedDomains: Domains<Reference> {
    switch self {
    case .isNull(let inner):
      guard let (reference, type) = inner.plainReference else { return Domains() }
      return Domains(reference, .notNull(type))
    case .not(let inner): return inner.domains
    case .reference(let reference, .boolean): return Domains(reference, .values([.boolean(false)], .boolean))
    case .or(let all): return all.reduce(Domains()) { $0.isNone ? $0 : $0.intersection($1.negatedDomains) }
    case .and(let all):
      var result = Domains<Reference>.none
      for part in all { result = result.union(part.negatedDomains) }
      return result
    case .constant(.boolean(let value), _): return value ? .none : Domains()
    case .constant(.null, _): return .none
    case .call(let id, let arguments, _):
      guard let op = ComparisonOperator(rawValue: id.name), arguments.count == 2, arguments[0].type != .double, arguments[0].type != .real
      else {
        return Domains()
      }
      return Expr.call(FunctionID(op.negated.rawValue, id.arguments), arguments, .boolean).domains
    case .among(let value, _):
      guard let (reference, type) = value.plainReference, type != .double, type != .real else { return Domains() }
      let inside = domains
      if inside.isNone { return .none }
      // a null in the list leaves every other value open, so NOT IN is true nowhere
      if case .among(_, let list) = self, list.contains(where: { if case .constant(.null, _) = $0 { true } else { false } }) {
        return .none
      }
      guard let domain = inside[reference] else { return Domains(reference, .notNull(type)) }
      return Domains(reference, domain.complement.intersection(.notNull(type)))
    case .reference, .constant, .cast, .if, .coalesce, .field, .lambda, .parameter, .attempt: return Domains()
    }
  }

  /// A reference, also under a cast that keeps its values as they are.
  private var plainReference: (Reference, DataType)? {
    switch self {
    case .reference(let reference, let type): (reference, type)
    case .cast(.reference(let reference, let type), let target, _) where type != target && Casts.isRetyping(type, target): (reference, type)
    default: nil
    }
  }
}

extension ComparisonOperator {
  /// What holds where this one does not (nulls and NaN aside).
  public var negated: ComparisonOperator {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .lessThan: .greaterThanOrEqual
    case .lessThanOrEqual: .greaterThan
    case .greaterThan: .lessThanOrEqual
    case .greaterThanOrEqual: .lessThan
    }
  }
}
