import Values

/// What the variables of a signature stand for in one call: found by laying patterns over argument types, widening as further arguments ask.
struct TypeBindings {
  private(set) var types: [String: DataType] = [:]

  /// Lays a pattern over an actual type. Types of arguments that convert implicitly are accepted; the variables take the common type.
  mutating func bind(_ pattern: Signature.Pattern, _ actual: DataType) -> Bool {
    switch (pattern, actual) {
    case (.exact(let exact), _): return Coercion.canCoerce(actual, to: exact)
    case (.variable(let name), _): return widen(name, actual)
    case (.family, .unknown): return true
    case (.family(let family), _):
      guard let member = family.member(for: actual) else { return false }
      return family.parameters.isEmpty ? true : widen(family.text, member)
    case (.array(let element), .array(let type)): return bind(element, type)
    case (.map(let key, let value), .map(let keyType, let valueType)): return bind(key, keyType) && bind(value, valueType)
    case (.row(let fields), .row(let actual)):
      guard fields.count == actual.count else { return false }
      for (field, type) in zip(fields, actual) where !bind(field, type.type) { return false }
      return true
    case (.function(let parameters, let body), .function(let types, let result)):
      guard parameters.count == types.count else { return false }
      for (parameter, type) in zip(parameters, types) where !bind(parameter, type) { return false }
      return bind(body, result)
    case (.array, .unknown), (.map, .unknown), (.row, .unknown): return true
    case (.array, _), (.map, _), (.row, _), (.function, _): return false
    }
  }

  private mutating func widen(_ name: String, _ actual: DataType) -> Bool {
    if case .function = actual { return false }
    guard let known = types[name] else {
      types[name] = actual
      return true
    }
    guard let common = Coercion.commonType(known, actual) else { return false }
    types[name] = common
    return true
  }

  /// The type a pattern stands for. `actual` decides where the pattern leaves parameters open.
  func type(of pattern: Signature.Pattern, actual: DataType? = nil) -> DataType? {
    switch pattern {
    case .exact(let type): return type
    case .variable(let name): return types[name] ?? .unknown
    case .family(let family):
      if let bound = types[family.text] { return bound }
      if !family.parameters.isEmpty { return family.type(numbers) ?? family.minimal }
      return actual.flatMap { family.member(for: $0) } ?? family.minimal
    case .array(let element):
      return type(of: element, actual: actual?.components.first).map { .array($0) }
    case .map(let key, let value):
      let parts = actual?.components ?? []
      guard let key = type(of: key, actual: parts.first), let value = type(of: value, actual: parts.last) else { return nil }
      return .map(key: key, value: value)
    case .row(let fields):
      var names: [DataType.Field] = []
      if case .row(let known)? = actual { names = known }
      var result: [DataType.Field] = []
      for (index, field) in fields.enumerated() {
        guard let type = type(of: field, actual: index < names.count ? names[index].type : nil) else { return nil }
        result.append(DataType.Field(index < names.count ? names[index].name : nil, type))
      }
      return .row(result)
    case .function(let parameters, let body):
      let inputs = parameters.compactMap { type(of: $0) }
      guard inputs.count == parameters.count, let output = type(of: body) else { return nil }
      return .function(inputs, output)
    }
  }

  /// The numbers bound by `decimal(p,s)` and the like.
  private var numbers: [String: Int] {
    var found: [String: Int] = [:]
    for (name, type) in types {
      let names = Signature.Family(name).parameters
      for (parameter, value) in zip(names, Signature.Family.numbers(of: type)) { found[parameter] = max(found[parameter] ?? 0, value) }
    }
    return found
  }
}
