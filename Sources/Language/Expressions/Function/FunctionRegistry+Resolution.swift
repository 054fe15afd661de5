import Values

extension FunctionRegistry {
  /// The overload meant by a call: the one whose arguments need the fewest and nearest implicit conversions. `kind` nil: any kind.
  ///
  /// `result.id.arguments` are the exact types every argument must be cast to; for a lambda it is the `.function` type, whose last part is
  /// the type its body must be cast to. The closure of a lambda argument may be called more than once; the last call before the answer is
  /// the one that holds.
  ///
  /// Throws FUNCTION_NOT_FOUND (no such name, or no overload for these types), TYPE_MISMATCH (operators), AMBIGUOUS_FUNCTION_CALL, and
  /// whatever typing a lambda's body throws.
  public func resolve(_ name: String, _ kind: Function.Kind?, _ arguments: [CallArgument]) throws -> ResolvedFunction {
    let declared = functions[name] ?? functions[name.lowercased()] ?? []
    let candidates = declared.filter { kind == nil || $0.kind == kind }
    guard !candidates.isEmpty else { throw unknownFunction(name) }
    var best: [(match: Match, function: Function)] = []
    var failure: (any Error)?
    for function in candidates where function.signature.accepts(argumentCount: arguments.count) {
      do {
        guard let match = try match(function.signature, arguments) else { continue }
        if let first = best.first {
          if match.cost > first.match.cost { continue }
          if match.cost < first.match.cost { best.removeAll() }
        }
        best.append((match, function))
      } catch { failure = error }
    }
    guard let chosen = best.first else {
      if let failure { throw failure }
      throw mismatch(name, candidates, arguments)
    }
    let others = best.dropFirst().filter { $0.match.types != chosen.match.types }
    // NULL fits everything alike: the first declaration stands
    if !others.isEmpty && !arguments.contains(where: \.isUnknown) {
      throw PrestoError(
        .ambiguousFunctionCall,
        "Could not choose a best candidate operator. Explicit type casts must be added. Candidates: "
          + best.map { "\(name)\($0.function.signature.argumentText)" }.joined(separator: ", "))
    }
    if let constraint = violated(chosen.function.signature, chosen.match) {
      throw mismatch(name, candidates, arguments, hint: constraint)
    }
    return ResolvedFunction(
      id: FunctionID(chosen.function.name, chosen.match.types), result: chosen.match.result, kind: chosen.function.kind,
      isDeterministic: chosen.function.isDeterministic)
  }

  struct Match {
    var types: [DataType]
    var result: DataType
    /// Sum of the conversions' distances; the number of converted arguments weighs most.
    var cost: Int
    var bindings: TypeBindings
  }

  func match(_ signature: Signature, _ arguments: [CallArgument]) throws -> Match? {
    var bindings = TypeBindings()
    for (index, argument) in arguments.enumerated() {
      if case .value(let type) = argument, !bindings.bind(signature.pattern(at: index), type) { return nil }
    }
    // Lambdas next: their parameters are known from the values. A result may widen a variable (the state of `reduce`): then once more.
    for _ in 0..<3 {
      let before = bindings.types
      for (index, argument) in arguments.enumerated() {
        guard case .lambda(let count, let result) = argument else { continue }
        guard case .function(let parameters, let body) = signature.pattern(at: index), parameters.count == count else { return nil }
        let types = parameters.compactMap { bindings.type(of: $0) }
        guard types.count == count, bindings.bind(body, try result(types)) else { return nil }
      }
      if before == bindings.types { break }
    }
    var types: [DataType] = []
    var cost = 0
    for (index, argument) in arguments.enumerated() {
      switch argument {
      case .value(let actual):
        guard let type = bindings.type(of: signature.pattern(at: index), actual: actual),
          let distance = Coercion.distance(actual, to: type)
        else { return nil }
        if distance > 0 { cost += 1000 + distance }
        types.append(type)
      case .lambda:
        guard let type = bindings.type(of: signature.pattern(at: index)) else { return nil }
        types.append(type)
      }
    }
    guard let result = signature.result(types) else { return nil }
    // a declaration for these very types is nearer than one for any type
    if signature.arguments.contains(where: \.isGeneric) { cost += 1 }
    return Match(types: types, result: result, cost: cost, bindings: bindings)
  }

  private func violated(_ signature: Signature, _ match: Match) -> String? {
    for (name, constraint) in signature.constraints.sorted(by: { $0.key < $1.key }) {
      guard let type = match.bindings.types[name] else { continue }
      switch constraint {
      case .comparable: if !type.isComparable { return "\(type) is not comparable" }
      case .orderable: if !type.isOrderable { return "\(type) is not orderable" }
      }
    }
    return nil
  }

  // MARK: Errors

  private func unknownFunction(_ name: String) -> PrestoError {
    let hint = nearest(to: name.lowercased()).map { "Did you mean '\($0)'?" }
    return PrestoError(.functionNotFound, "Function '\(name)' not registered", hint: hint)
  }

  private func mismatch(_ name: String, _ candidates: [Function], _ arguments: [CallArgument], hint: String? = nil) -> PrestoError {
    let types = arguments.map(\.description)
    if name.hasPrefix("$") {
      return PrestoError(.typeMismatch, FunctionRegistry.operatorMismatch(name, types), hint: hint)
    }
    let expected = candidates.map { function -> String in
      let constraints = function.signature.constraints.sorted { $0.key < $1.key }.map { " \($0.key):\($0.value.rawValue)" }
      return name + function.signature.argumentText + constraints.joined()
    }
    return PrestoError(
      .functionNotFound,
      "Unexpected parameters (\(types.joined(separator: ", "))) for function \(name). Expected: \(expected.joined(separator: ", "))",
      hint: hint)
  }

  private static func operatorMismatch(_ name: String, _ types: [String]) -> String {
    let sign = FunctionID.Operator.symbol(name)
    switch types.count {
    case 1: return "Cannot negate \(types[0])"
    case 2 where name == FunctionID.Operator.subscripted: return "Cannot use \(types[1]) for subscript of \(types[0])"
    case 2: return "Cannot apply operator: \(types[0]) \(sign) \(types[1])"
    default: return "Cannot apply operator: \(sign)(\(types.joined(separator: ", ")))"
    }
  }

  /// The registered name with the fewest edits, if they are few.
  private func nearest(to name: String) -> String? {
    var best: (name: String, edits: Int)?
    let wanted = Array(name.utf8)
    for known in functions.keys.sorted() where !known.hasPrefix("$") {
      let candidate = Array(known.utf8)
      guard abs(candidate.count - wanted.count) <= 3 else { continue }
      let edits = FunctionRegistry.editDistance(wanted, candidate)
      if edits < best?.edits ?? Int.max { best = (known, edits) }
    }
    guard let best, best.edits <= max(1, wanted.count / 3) else { return nil }
    return best.name
  }

  /// Levenshtein, one row at a time.
  private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}

extension CallArgument {
  var isUnknown: Bool { if case .value(.unknown) = self { true } else { false } }

  var description: String {
    switch self {
    case .value(let type): type.description
    case .lambda: "<function>"
    }
  }
}

extension Signature.Pattern {
  fileprivate var isGeneric: Bool {
    switch self {
    case .exact: false
    case .variable, .family, .array, .map, .row, .function: true
    }
  }
}

extension FunctionID.Operator {
  /// How SQL writes an operator.
  public static func symbol(_ name: String) -> String {
    switch name {
    case add: "+"
    case subtract: "-"
    case multiply: "*"
    case divide: "/"
    case modulus: "%"
    case negate: "-"
    case equal: "="
    case notEqual: "<>"
    case lessThan: "<"
    case lessThanOrEqual: "<="
    case greaterThan: ">"
    case greaterThanOrEqual: ">="
    case isDistinctFrom: "IS DISTINCT FROM"
    case like: "LIKE"
    case ilike: "ILIKE"
    default: name
    }
  }
}
