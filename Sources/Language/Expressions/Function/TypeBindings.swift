import Values

/// What the variables of a signature stand for in one call: found by laying patterns over argument types, widening as further arguments ask.
struct TypeBindings {
  private(set) var types: [String: DataType] = [:]

  /// Lays a pattern over an actual type. Types of arguments that convert implicitly are accepted; the variables take the common type.
  mutating func bind(_ pattern: Signature.Pattern, _ actual: DataType) -> Bool {
    switch (pattern, actual) {
    case (.exact(let exact), _): return Coercion.canCoerce(actual, to: exact)
    case (.variable(let name), _): return widen(name, actual)
    case (.family(let name), .unknown): return types[name] != nil || name.isEmpty == false
    case (.family(let name), _):
      guard let member = TypeFamily(name).member(for: actual) else { return false }
      return name.hasParameters ? widen(name, member) : true
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
    case .family(let name):
      if let bound = types[name] { return bound }
      let family = TypeFamily(name)
      if name.hasParameters { return family.type(numbers) ?? family.minimal }
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
    for (name, type) in types where name.hasParameters {
      let names = TypeFamily(name).parameters
      for (parameter, value) in zip(names, TypeFamily.numbers(of: type)) { found[parameter] = max(found[parameter] ?? 0, value) }
    }
    return found
  }
}

extension String {
  /// Family names with parameters are shared between arguments; those without are not.
  fileprivate var hasParameters: Bool { utf8.contains(0x28) }
}

/// `decimal(p,s)` taken apart.
struct TypeFamily {
  let base: String
  let parameters: [String]

  init(_ name: String) {
    guard let open = name.firstIndex(of: "("), let close = name.firstIndex(of: ")") else {
      base = name
      parameters = []
      return
    }
    base = String(name[..<open]) + String(name[name.index(after: close)...])
    parameters = name[name.index(after: open)..<close].split(separator: ",").map { String($0.filter { $0 != " " }) }
  }

  /// The narrowest type of the family that a value of `type` converts to implicitly; nil when there is none.
  func member(for type: DataType) -> DataType? {
    switch (base, type) {
    case (_, .unknown): return minimal
    case ("decimal", .decimal), ("varchar", .varchar), ("char", .char), ("time", .time), ("timestamp", .timestamp),
      ("time with time zone", .timeWithTimeZone), ("timestamp with time zone", .timestampWithTimeZone):
      return type
    case ("decimal", _): return Coercion.digits(of: type).map { .decimal(precision: $0, scale: 0) }
    case ("varchar", .char(let length)): return .varchar(length: length)
    case ("timestamp", .date): return .timestamp(precision: 0)
    case ("timestamp with time zone", .date): return .timestampWithTimeZone(precision: 0)
    case ("timestamp with time zone", .timestamp(let precision)): return .timestampWithTimeZone(precision: precision)
    case ("time with time zone", .time(let precision)): return .timeWithTimeZone(precision: precision)
    default: return nil
    }
  }

  var minimal: DataType? {
    switch base {
    case "decimal": .decimal(precision: 1, scale: 0)
    case "varchar": .varchar(length: 0)
    case "char": .char(length: 0)
    case "time": .time(precision: 0)
    case "timestamp": .timestamp(precision: 0)
    case "time with time zone": .timeWithTimeZone(precision: 0)
    case "timestamp with time zone": .timestampWithTimeZone(precision: 0)
    default: nil
    }
  }

  /// The member with these numbers; nil where one is not bound. An unbounded varchar has no number.
  func type(_ numbers: [String: Int]) -> DataType? {
    let values = parameters.map { Int($0) ?? numbers[$0] }
    switch base {
    case "varchar": return .varchar(length: values.first.flatMap { $0 })
    case "decimal":
      guard values.count == 2, let precision = values[0], let scale = values[1] else { return nil }
      return .decimal(precision: min(38, precision), scale: scale)
    default:
      guard let first = values.first, let number = first else { return nil }
      switch base {
      case "char": return .char(length: number)
      case "time": return .time(precision: number)
      case "timestamp": return .timestamp(precision: number)
      case "time with time zone": return .timeWithTimeZone(precision: number)
      case "timestamp with time zone": return .timestampWithTimeZone(precision: number)
      default: return nil
      }
    }
  }

  static func numbers(of type: DataType) -> [Int] {
    switch type {
    case .decimal(let precision, let scale): [precision, scale]
    case .varchar(let length): length.map { [$0] } ?? []
    case .char(let length): [length]
    case .time(let precision), .timestamp(let precision), .timeWithTimeZone(let precision), .timestampWithTimeZone(let precision):
      [precision]
    default: []
    }
  }
}
