import Values

extension Parser {
  /// `TABLE(name(arguments [COPARTITION (a, b)]))`
  mutating func tableFunction() throws -> Syntax.TableFunctionCall {
    let start = position
    try expect(.table)
    try expect(.openParenthesis)
    let name = try qualifiedName()
    try expect(.openParenthesis)
    var arguments: [Syntax.TableFunctionArgument] = []
    if !at(.closeParenthesis), !sees(.copartition) { arguments = try list { try $0.tableFunctionArgument() } }
    var copartition: [[Syntax.QualifiedName]] = []
    if accept(.copartition) { copartition = try list { try $0.parenthesizedList { try $0.qualifiedName() } } }
    try expect(.closeParenthesis)
    try expect(.closeParenthesis)
    return Syntax.TableFunctionCall(name: name, arguments: arguments, copartition: copartition, place: place(from: start))
  }

  private mutating func tableFunctionArgument() throws -> Syntax.TableFunctionArgument {
    let start = position
    var name: Syntax.Identifier?
    if isName(current), sees(.doubleArrow, 1) {
      name = try identifier()
      advance()
    }
    let value: Syntax.TableFunctionArgument.Value
    if at(.table), sees(.openParenthesis, 1) {
      value = .table(try tableArgument())
    } else if at(.descriptor), sees(.openParenthesis, 1) {
      advance()
      value = .descriptor(try parenthesizedList { try $0.descriptorField() })
    } else if isNullDescriptor {
      position += 6
      value = .nullDescriptor
    } else {
      value = .expression(try expression())
    }
    return Syntax.TableFunctionArgument(name: name, value: value, place: place(from: start))
  }

  /// `CAST(NULL AS DESCRIPTOR)`
  private var isNullDescriptor: Bool {
    sees(.cast) && sees(.openParenthesis, 1) && sees(.null, 2) && sees(.as, 3) && sees(.descriptor, 4) && sees(.closeParenthesis, 5)
  }

  private mutating func descriptorField() throws -> Syntax.DescriptorField {
    let start = position
    let name = try identifier()
    let type = isName(current) ? try type() : nil
    return Syntax.DescriptorField(name: name, type: type, place: place(from: start))
  }

  private mutating func tableArgument() throws -> Syntax.TableArgument {
    let start = position
    try expect(.table)
    var relation: Syntax.Relation
    if sees(.openParenthesis), startsQuery(at: position + 1) {
      let query = try subquery()
      relation = .subquery(Syntax.DerivedTable(query: query, place: place(from: start)))
    } else {
      try expect(.openParenthesis)
      let nameStart = position
      let name = try qualifiedName()
      relation = .table(Syntax.Table(name: name, version: nil, place: place(from: nameStart)))
      try expect(.closeParenthesis)
    }
    if sees(.copartition) {
      throw error(
        "The word \"COPARTITION\" is ambiguous in this context. To alias an argument, precede the alias with \"AS\". "
          + "To specify co-partitioning, change the argument order so that the last argument cannot be aliased.")
    }
    let isClause = sees(.partition) || sees(.prune) || sees(.keep)
    if !isClause { relation = try aliased(relation, from: start) }
    let partition = try partitionBy()
    var isPruned: Bool?
    if let keyword = accept(anyOf: .prune, .keep) {
      try expect(.when, .empty)
      isPruned = keyword == .prune
    }
    var order: [Syntax.SortItem] = []
    if accept(.order) {
      try expect(.by)
      // One item, or several in parentheses.
      let isList = sees(.openParenthesis) && endsOrder(Int(closing[position]))
      order = isList ? try parenthesizedList { try $0.sortItem() } : [try sortItem()]
    }
    return Syntax.TableArgument(
      relation: relation, partitionBy: partition, isPrunedWhenEmpty: isPruned, orderBy: order, place: place(from: start))
  }

  /// Whether the parenthesis closed at an index ends an ORDER BY of a table argument.
  private func endsOrder(_ close: Int) -> Bool {
    guard close > 0 else { return true }
    let next = tokens[min(close + 1, tokens.count - 1)]
    return next.symbol == .comma || next.symbol == .closeParenthesis || next.keyword == .copartition
  }

  /// `PARTITION BY a`, `PARTITION BY (a, b)`, `PARTITION BY ()`; nil when there is none.
  private mutating func partitionBy() throws -> [Syntax.Expression]? {
    guard accept(.partition) else { return nil }
    try expect(.by)
    guard sees(.openParenthesis) else { return [try expression()] }
    advance()
    var expressions: [Syntax.Expression] = []
    if !at(.closeParenthesis) { expressions = try list { try $0.expression() } }
    try expect(.closeParenthesis)
    return expressions
  }
}
