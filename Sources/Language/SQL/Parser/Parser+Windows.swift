import Values

extension Parser {
  /// `w`, `(PARTITION BY … ORDER BY … ROWS …)`
  mutating func window() throws -> Syntax.Window {
    if sees(.openParenthesis) { return .inline(try windowSpecification()) }
    return .named(try identifier())
  }

  /// `([existing] [PARTITION BY …] [ORDER BY …] [frame])`
  mutating func windowSpecification() throws -> Syntax.WindowSpecification {
    let start = position
    try expect(.openParenthesis)
    // PARTITION, ROWS, RANGE and GROUPS are no reserved words: what follows tells a window of that name from the clause.
    let isClause: Bool =
      switch current.keyword {
      case .partition: sees(.by, 1)
      case .rows, .range, .groups: !sees(.closeParenthesis, 1)
      default: false
      }
    let existing = !isClause && isName(current) ? try identifier() : nil
    var partition: [Syntax.Expression] = []
    if accept(.partition) {
      try expect(.by)
      partition = try list { try $0.expression() }
    }
    let order = try orderBy()
    let frame = try windowFrame()
    try expect(.closeParenthesis)
    return Syntax.WindowSpecification(
      existing: existing, partitionBy: partition, orderBy: order, frame: frame, place: place(from: start))
  }

  private mutating func windowFrame() throws -> Syntax.WindowFrame? {
    let start = position
    guard let keyword = accept(anyOf: .rows, .range, .groups) else { return nil }
    let unit: Syntax.WindowFrame.Unit =
      switch keyword {
      case .rows: .rows
      case .range: .range
      default: .groups
      }
    var first: Syntax.FrameBound
    var last: Syntax.FrameBound?
    if accept(.between) {
      first = try frameBound()
      try expect(.and)
      last = try frameBound()
    } else {
      first = try frameBound()
    }
    let exclusion = try frameExclusion()
    return Syntax.WindowFrame(unit: unit, start: first, end: last, exclusion: exclusion, place: place(from: start))
  }

  private mutating func frameBound() throws -> Syntax.FrameBound {
    if at(.unbounded) {
      advance()
      return try expect(anyOf: .preceding, .following) == .preceding ? .unboundedPreceding : .unboundedFollowing
    }
    if at(.current), sees(.row, 1) {
      advance()
      advance()
      return .currentRow
    }
    let value = try expression()
    return try expect(anyOf: .preceding, .following) == .preceding ? .preceding(value) : .following(value)
  }

  /// `EXCLUDE CURRENT ROW | GROUP | TIES | NO OTHERS`
  private mutating func frameExclusion() throws -> Syntax.WindowFrame.Exclusion? {
    guard accept(.exclude) else { return nil }
    switch try expect(anyOf: .current, .group, .ties, .no) {
    case .current:
      try expect(.row)
      return .currentRow
    case .group: return .group
    case .ties: return .ties
    default:
      try expect(.others)
      return .noOthers
    }
  }

  /// `ORDER BY a DESC, b`; empty when there is none.
  mutating func orderBy() throws -> [Syntax.SortItem] {
    guard accept(.order) else { return [] }
    try expect(.by)
    return try list { try $0.sortItem() }
  }

  mutating func sortItem() throws -> Syntax.SortItem {
    let start = position
    let key = try expression()
    let direction: Syntax.SortItem.Direction = accept(anyOf: .asc, .desc) == .desc ? .descending : .ascending
    var nullOrder: Syntax.SortItem.NullOrder?
    if accept(.nulls) { nullOrder = try expect(anyOf: .first, .last) == .first ? .first : .last }
    return Syntax.SortItem(key: key, direction: direction, nullOrder: nullOrder, place: place(from: start))
  }
}
