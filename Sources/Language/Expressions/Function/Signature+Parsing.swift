import Values

extension Signature {
  /// A signature from its text: `(array(T), function(T, U)) -> array(U)`, `(decimal(p,s)) -> decimal(38,s)`, `(varchar...) -> varchar`,
  /// `(array(T)) -> T where T: orderable`. Capital words of at most two letters or digits are type variables; lower-case words inside
  /// `decimal(…)`, `varchar(…)`, `char(…)`, `time(…)` and `timestamp(…)` are numbers to be bound.
  ///
  /// A text that cannot be read is a mistake in the library, found by the first test that loads it.
  public init(_ text: String) {
    guard let signature = Signature(parsing: text) else { preconditionFailure("not a signature: \(text)") }
    self = signature
  }

  init?(parsing text: String) {
    guard let arrow = Signature.arrow(in: text) else { return nil }
    let left = String(text[..<arrow])
    var right = String(text[text.index(arrow, offsetBy: 2)...])
    var constraints: [String: Constraint] = [:]
    if let place = Signature.place(of: " where ", in: right) {
      for part in right[right.index(place, offsetBy: 7)...].split(separator: ",") {
        let pair = part.split(separator: ":").map { $0.filter { $0 != " " } }
        guard pair.count == 2, let constraint = Constraint(rawValue: pair[1]) else { return nil }
        constraints[pair[0]] = constraint
      }
      right = String(right[..<place])
    }
    var scanner = TypeScanner(left)
    var arguments: [Pattern] = []
    var isVariadic = false
    guard scanner.take("(") else { return nil }
    if !scanner.take(")") {
      repeat {
        guard let type = scanner.type(), let pattern = Pattern(type) else { return nil }
        arguments.append(pattern)
        if scanner.take("...") { isVariadic = true }
      } while scanner.take(",")
      guard scanner.take(")") else { return nil }
    }
    guard scanner.isAtEnd, let resultType = TypeText(right), let result = Pattern(resultType) else { return nil }
    let patterns = arguments
    self.init(arguments, isVariadic: isVariadic, constraints: constraints, resultText: result.description) { types in
      var bindings = TypeBindings()
      for (index, type) in types.enumerated() {
        guard !patterns.isEmpty, bindings.bind(patterns[min(index, patterns.count - 1)], type) else { return nil }
      }
      return bindings.type(of: result)
    }
  }

  private static func arrow(in text: String) -> String.Index? { place(of: "->", in: text) }

  private static func place(of literal: String, in text: String) -> String.Index? {
    var at = text.startIndex
    while at < text.endIndex {
      if text[at...].hasPrefix(literal) { return at }
      at = text.index(after: at)
    }
    return nil
  }
}

extension Signature.Pattern {
  init?(_ text: TypeText) {
    let lowered = text.name.lowercased()
    switch lowered {
    case "array" where text.parameters.count == 1:
      guard let element = Self.inner(text, 0) else { return nil }
      self = .array(element)
    case "map" where text.parameters.count == 2:
      guard let key = Self.inner(text, 0), let value = Self.inner(text, 1) else { return nil }
      self = .map(key, value)
    case "row" where text.hasParameters:
      var fields: [Self] = []
      for index in text.parameters.indices {
        guard let field = Self.inner(text, index) else { return nil }
        fields.append(field)
      }
      self = .row(fields)
    case "function" where !text.parameters.isEmpty:
      var all: [Self] = []
      for index in text.parameters.indices {
        guard let type = Self.inner(text, index) else { return nil }
        all.append(type)
      }
      self = .function(Array(all.dropLast()), all[all.count - 1])
    default:
      if text.hasParameters, text.parameters.contains(where: { if case .type = $0 { true } else { false } }) {
        let names = text.parameters.map { parameter -> String in
          switch parameter {
          case .number(let value): "\(value)"
          case .type(_, let type): type.name
          }
        }
        let words = lowered.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? " " + words[1] : ""
        self = .family(Signature.Family("\(words[0])(\(names.joined(separator: ",")))\(rest)"))
        return
      }
      let isVariable = text.name.utf8.count <= 2 && text.name.utf8.first.map { $0 >= 0x41 && $0 <= 0x5A } ?? false
      if isVariable && !text.hasParameters {
        self = .variable(text.name)
        return
      }
      guard let type = try? DataType(text) else { return nil }
      self = .exact(type)
    }
  }

  private static func inner(_ text: TypeText, _ index: Int) -> Self? {
    if case .type(_, let type) = text.parameters[index] { Self(type) } else { nil }
  }
}
