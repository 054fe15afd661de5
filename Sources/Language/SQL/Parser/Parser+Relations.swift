import Values

// relation = sampled { [NATURAL] [INNER | LEFT | RIGHT | FULL] JOIN relation … | CROSS JOIN sampled }
// sampled  = primary [[AS] alias [(columns)]] [TABLESAMPLE …]
extension Parser {
  mutating func relation() throws -> Syntax.Relation {
    try enter()
    let siblings = height
    height = 0
    let start = position
    var result = try sampledRelation()
    while let join = try join(result, from: start) {
      try raise()
      result = .join(join)
    }
    try raise()
    height = max(siblings, height)
    leave()
    return result
  }

  /// One more join onto `left`; nil when none follows.
  private mutating func join(_ left: Syntax.Relation, from start: Int) throws -> Syntax.Join? {
    if accept(.cross) {
      try expect(.join)
      let right = try sampledRelation()
      return Syntax.Join(kind: .cross, left: left, right: right, criteria: nil, place: place(from: start))
    }
    let isNatural = accept(.natural)
    guard let kind = try joinKind(isRequired: isNatural) else { return nil }
    if isNatural {
      let right = try sampledRelation()
      return Syntax.Join(kind: kind, left: left, right: right, criteria: .natural, place: place(from: start))
    }
    // The right side may be joins itself: `a JOIN b JOIN c ON … ON …`.
    let right = try relation()
    let criteria: Syntax.JoinCriteria =
      try expect(anyOf: .on, .using) == .on ? .on(try expression()) : .using(try columnAliases())
    return Syntax.Join(kind: kind, left: left, right: right, criteria: criteria, place: place(from: start))
  }

  /// `JOIN`, `INNER JOIN`, `LEFT [OUTER] JOIN` …, consumed with the JOIN.
  private mutating func joinKind(isRequired: Bool) throws -> Syntax.Join.Kind? {
    let kind: Syntax.Join.Kind
    switch accept(anyOf: .join, .inner, .left, .right, .full) {
    case .join: return .inner
    case .inner:
      try expect(.join)
      return .inner
    case .left: kind = .left
    case .right: kind = .right
    case .full: kind = .full
    default:
      if isRequired { throw mismatch() }
      return nil
    }
    _ = accept(.outer)
    try expect(.join)
    return kind
  }

  private mutating func sampledRelation() throws -> Syntax.Relation {
    let start = position
    let relation = try aliasedRelation()
    guard at(.tablesample) else { return relation }
    advance()
    let method: Syntax.SampledRelation.Method = try expect(anyOf: .bernoulli, .system) == .bernoulli ? .bernoulli : .system
    try expect(.openParenthesis)
    let percentage = try expression()
    try expect(.closeParenthesis)
    return .sampled(
      Syntax.SampledRelation(relation: relation, method: method, percentage: percentage, place: place(from: start)))
  }

  private mutating func aliasedRelation() throws -> Syntax.Relation {
    let start = position
    let relation = try relationPrimary()
    return try aliased(relation, from: start)
  }

  /// `relation [AS] alias [(columns)]`
  mutating func aliased(_ relation: Syntax.Relation, from start: Int) throws -> Syntax.Relation {
    guard let alias = try alias() else { return relation }
    let columns = at(.openParenthesis) ? try columnAliases() : nil
    return .aliased(Syntax.AliasedRelation(relation: relation, alias: alias, columns: columns, place: place(from: start)))
  }

  private mutating func relationPrimary() throws -> Syntax.Relation {
    let start = position
    if at(.openParenthesis) { return try parenthesizedRelation() }
    if accept(.unnest) {
      let expressions = try parenthesizedList { try $0.expression() }
      let hasOrdinality = at(.with) && sees(.ordinality, 1)
      if hasOrdinality {
        advance()
        advance()
      }
      return .unnest(Syntax.Unnest(expressions: expressions, hasOrdinality: hasOrdinality, place: place(from: start)))
    }
    if at(.lateral), sees(.openParenthesis, 1) {
      advance()
      let query = try subquery()
      return .lateral(Syntax.Lateral(query: query, place: place(from: start)))
    }
    if at(.table), sees(.openParenthesis, 1) { return .tableFunction(try tableFunction()) }
    if sees(.jsonTable), sees(.openParenthesis, 1) { return .jsonTable(try jsonTable()) }
    if isString(current) {
      let path = try string()
      return .file(Syntax.File(path: path, place: place(from: start)))
    }
    return .table(try table())
  }

  /// `( query )`, `( relation )`
  private mutating func parenthesizedRelation() throws -> Syntax.Relation {
    let start = position
    if startsQuery(at: position + 1) {
      let query = try subquery()
      return .subquery(Syntax.DerivedTable(query: query, place: place(from: start)))
    }
    advance()
    note("<query>")
    let relation = try relation()
    try expect(.closeParenthesis)
    return relation
  }

  private mutating func table() throws -> Syntax.Table {
    let start = position
    let name = try qualifiedName()
    let version = try tableVersion()
    return Syntax.Table(name: name, version: version, place: place(from: start))
  }

  /// `FOR TIMESTAMP | VERSION AS OF point`, `FOR SYSTEM_TIME BEFORE point`
  private mutating func tableVersion() throws -> Syntax.TableVersion? {
    let start = position
    guard accept(.for) else { return nil }
    let keyword = try expect(anyOf: .timestamp, .version, .systemTime, .systemVersion)
    let kind: Syntax.TableVersion.Kind = keyword == .timestamp || keyword == .systemTime ? .timestamp : .version
    let isBefore = try expect(anyOf: .as, .before) == .before
    if !isBefore { try expect(.of) }
    let point = try nestedValue()
    return Syntax.TableVersion(kind: kind, isBefore: isBefore, point: point, place: place(from: start))
  }
}
