extension Formatter {
  mutating func write(_ query: Syntax.Query) {
    if !query.session.isEmpty {
      write("WITH SESSION ")
      list(query.session) { $0.write($1) }
      breakLine()
    }
    if let with = query.with {
      write(with.isRecursive ? "WITH RECURSIVE " : "WITH ")
      for (index, named) in with.queries.enumerated() {
        if index > 0 {
          write(",")
          breakLine()
        }
        write(named.name)
        if let columns = named.columns {
          write(" ")
          write(columns: columns)
        }
        write(" AS ")
        parenthesized(named.query)
      }
      breakLine()
    }
    write(query.body)
    if !query.orderBy.isEmpty {
      breakLine()
      write(orderBy: query.orderBy)
    }
    if let offset = query.offset {
      breakLine()
      write("OFFSET ")
      write(offset)
      write(" ROWS")
    }
    if let limit = query.limit {
      breakLine()
      write(limit)
    }
  }

  mutating func write(_ assignment: Syntax.SessionAssignment) {
    write(assignment.name)
    write(" = ")
    write(assignment.value)
  }

  private mutating func write(_ limit: Syntax.Limit) {
    guard let count = limit.count else {
      write("LIMIT ALL")
      return
    }
    write(limit.hasTies ? "FETCH FIRST " : "LIMIT ")
    write(count)
    if limit.hasTies { write(" ROWS WITH TIES") }
  }

  private mutating func write(_ body: Syntax.QueryBody) {
    switch body {
    case .select(let select): write(select)
    case .values(let values):
      write("VALUES ")
      list(values.rows) { $0.write($1) }
    case .table(let table):
      write("TABLE ")
      write(table.name)
    case .setOperation(let operation): write(operation)
    case .subquery(let query): parenthesized(query)
    }
  }

  private mutating func write(_ operation: Syntax.SetOperation) {
    for (index, operand) in operation.operands.enumerated() {
      if index > 0 {
        breakLine()
        write(operation.operator.rawValue + (operation.quantifier == .all ? " ALL" : ""))
        if let corresponding = operation.corresponding {
          write(" CORRESPONDING")
          if let columns = corresponding.columns {
            write(" BY ")
            write(columns: columns)
          }
        }
        breakLine()
      }
      let needsParentheses = Formatter.needsParentheses(operand, at: index, in: operation)
      if needsParentheses { write("(") }
      write(operand)
      if needsParentheses { write(")") }
    }
  }

  /// Whether an operand would be read as part of the operation around it. Never so in a parsed tree, whose parentheses are nodes.
  private static func needsParentheses(_ operand: Syntax.QueryBody, at index: Int, in outer: Syntax.SetOperation) -> Bool {
    guard case .setOperation(let inner) = operand else { return false }
    if inner.operator == .intersect, outer.operator != .intersect { return false }
    let isRun = inner.operator == outer.operator && inner.quantifier == outer.quantifier
    let isMerged = isRun && inner.corresponding == nil && outer.corresponding == nil
    return index > 0 || isMerged || outer.operator == .intersect && inner.operator != .intersect
  }

  private mutating func write(_ select: Syntax.Select) {
    write(select.quantifier == .distinct ? "SELECT DISTINCT" : "SELECT")
    write(clause: select.items) { $0.write($1) }
    if !select.from.isEmpty {
      breakLine()
      write("FROM")
      write(clause: select.from) { $0.write($1) }
    }
    if let condition = select.where {
      breakLine()
      write("WHERE ")
      write(condition)
    }
    if let groupBy = select.groupBy {
      breakLine()
      write(groupBy)
    }
    if let having = select.having {
      breakLine()
      write("HAVING ")
      write(having)
    }
    if !select.windows.isEmpty {
      breakLine()
      write("WINDOW ")
      list(select.windows) { formatter, window in
        formatter.write(window.name)
        formatter.write(" AS ")
        formatter.write(window.specification)
      }
    }
    if let qualify = select.qualify {
      breakLine()
      write("QUALIFY ")
      write(qualify)
    }
  }

  /// The items of a clause: one on the clause's line, several on lines of their own.
  private mutating func write<Element>(clause elements: [Element], _ write: (inout Formatter, Element) -> Void) {
    guard elements.count > 1 else {
      self.write(" ")
      list(elements, write)
      return
    }
    indent()
    for (index, element) in elements.enumerated() {
      if index > 0 { self.write(",") }
      breakLine()
      write(&self, element)
    }
    outdent()
  }

  private mutating func write(_ item: Syntax.SelectItem) {
    switch item {
    case .expression(let item):
      write(item.value)
      if let alias = item.alias { write(alias: alias) }
    case .all(let item):
      if let base = item.base {
        writeBase(base)
        write(".")
      }
      write("*")
      if !item.aliases.isEmpty {
        write(" AS ")
        write(columns: item.aliases)
      }
      if !item.excluded.isEmpty {
        write(" EXCLUDE ")
        write(columns: item.excluded)
      }
    }
  }

  // MARK: GROUP BY

  private mutating func write(_ groupBy: Syntax.GroupBy) {
    write("GROUP BY ")
    if groupBy.isAutomatic {
      write("ALL")
      return
    }
    if groupBy.quantifier == .distinct { write("DISTINCT ") }
    list(groupBy.elements) { $0.write($1) }
  }

  private mutating func write(_ element: Syntax.GroupingElement) {
    switch element {
    case .set(let expressions): write(groupingSet: expressions)
    case .sets(let sets):
      write("GROUPING SETS ")
      parenthesized(sets) { $0.write($1) }
    case .rollup(let sets):
      write("ROLLUP ")
      parenthesized(sets) { $0.write(groupingSet: $1) }
    case .cube(let sets):
      write("CUBE ")
      parenthesized(sets) { $0.write(groupingSet: $1) }
    case .automatic: write("AUTO")
    }
  }

  private mutating func write(groupingSet expressions: [Syntax.Expression]) {
    if expressions.count == 1, let expression = expressions.first {
      write(expression)
    } else {
      parenthesized(expressions) { $0.write($1) }
    }
  }
}
