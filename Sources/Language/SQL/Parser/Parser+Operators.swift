import Values

// value  = binary(lowest)
// binary(p) = signed { operator of precedence ≥ p, binary(its precedence + 1) }     precedence climbing
// signed = { + | - } zoned
// zoned  = primary { AT (TIME ZONE primary | LOCAL) }
extension Parser {
  private enum Precedence: Int, Comparable {
    case concatenation, sum, product, sign

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .sign }
  }

  /// Everything that binds tighter than a comparison.
  mutating func valueExpression() throws -> Syntax.Expression { try binary(.concatenation) }

  private mutating func binary(_ minimum: Precedence) throws -> Syntax.Expression {
    let start = position
    var result = try signed()
    while let precedence = operatorPrecedence, precedence >= minimum {
      result = try chain(result, precedence, from: start)
    }
    return result
  }

  /// `first` and all that follows with operators of one precedence: one node however long.
  private mutating func chain(_ first: Syntax.Expression, _ precedence: Precedence, from start: Int) throws -> Syntax.Expression {
    let location = position
    var operands = [first]
    var steps: [Syntax.Arithmetic.Step] = []
    while operatorPrecedence == precedence {
      let operatorPosition = position
      let operation = current.symbol.flatMap { Syntax.ArithmeticOperator(rawValue: $0.rawValue) }
      advance()
      let operand = try beside { try $0.named("<expression>") { try $0.binary(precedence.next) } }
      if let operation {
        let sign = tokens[operatorPosition]
        let place = Syntax.Place(line: Int(sign.line), column: Int(sign.column), start: Int(sign.start), end: Int(sign.end))
        steps.append(Syntax.Arithmetic.Step(operator: operation, operand: operand, place: place))
      } else {
        operands.append(operand)
      }
    }
    try raise()
    let place = place(from: start, at: location)
    return steps.isEmpty
      ? .concatenation(Syntax.Concatenation(operands: operands, place: place))
      : .arithmetic(Syntax.Arithmetic(first: first, steps: steps, place: place))
  }

  private var operatorPrecedence: Precedence? {
    if expectations != nil {
      for symbol in [Symbol.asterisk, .slash, .percent, .plus, .minus, .concatenation] { note("'\(symbol.rawValue)'") }
    }
    return switch current.symbol {
    case .asterisk, .slash, .percent: .product
    case .plus, .minus: .sum
    case .concatenation: .concatenation
    default: nil
    }
  }

  /// Signs in a row, in a loop. The minus directly before a number belongs to the number.
  private mutating func signed() throws -> Syntax.Expression {
    let start = position
    while sees(.minus) || sees(.plus) { advance() }
    var signs = position - start
    if signs > 0, tokens[position - 1].symbol == .minus, isNumber(current) {
      signs -= 1
      position -= 1
    }
    var result = try zoned()
    for index in stride(from: signs - 1, through: 0, by: -1) {
      try raise()
      let operation: Syntax.Unary.Operator = tokens[start + index].symbol == .minus ? .minus : .plus
      result = .unary(Syntax.Unary(operator: operation, operand: result, place: place(from: start + index)))
    }
    return result
  }

  func isNumber(_ token: Token) -> Bool { token.kind == .integer || token.kind == .decimal || token.kind == .double }

  private mutating func zoned() throws -> Syntax.Expression {
    let start = position
    var result = try primary()
    while at(.at), sees(.time, 1) || sees(.local, 1) {
      let location = position
      advance()
      try raise()
      if accept(.local) {
        result = .atTimeZone(Syntax.AtTimeZone(value: result, zone: nil, place: place(from: start, at: location)))
        continue
      }
      try expect(.time, .zone)
      let zone = try named("<expression>") { try $0.primary() }
      result = .atTimeZone(Syntax.AtTimeZone(value: result, zone: zone, place: place(from: start, at: location)))
    }
    return result
  }
}
