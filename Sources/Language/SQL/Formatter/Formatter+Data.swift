extension Formatter {
  mutating func write(_ node: Syntax.Insert) {
    write("INSERT INTO ", node.table)
    write(branch: node.branch)
    if let columns = node.columns {
      write(" ")
      write(columns: columns)
    }
    breakLine()
    write(node.query)
  }

  mutating func write(_ node: Syntax.Delete) {
    write("DELETE FROM ", node.table)
    write(branch: node.branch)
    write(where: node.where)
  }

  mutating func write(_ node: Syntax.Update) {
    write("UPDATE ", node.table)
    write(branch: node.branch)
    write(" SET ")
    list(node.assignments) { $0.write($1) }
    write(where: node.where)
  }

  private mutating func write(branch: Syntax.Identifier?) {
    if let branch { write(" @ ", branch) }
  }

  private mutating func write(_ assignment: Syntax.Assignment) {
    write(assignment.column)
    write(" = ")
    write(assignment.value)
  }

  mutating func write(_ node: Syntax.Merge) {
    write("MERGE INTO ", node.target)
    write(branch: node.branch)
    if let alias = node.alias { write(alias: alias) }
    write(" USING ")
    write(node.source)
    write(" ON ")
    write(node.condition)
    for clause in node.clauses {
      breakLine()
      write(clause)
    }
  }

  private mutating func write(_ clause: Syntax.MergeClause) {
    write(clause.isMatched ? "WHEN MATCHED" : "WHEN NOT MATCHED")
    if let condition = clause.condition {
      write(" AND ")
      write(condition)
    }
    write(" THEN ")
    switch clause.action {
    case .update(let assignments):
      write("UPDATE SET ")
      list(assignments) { $0.write($1) }
    case .delete: write("DELETE")
    case .insert(let columns, let values):
      write("INSERT ")
      if !columns.isEmpty {
        write(columns: columns)
        write(" ")
      }
      write("VALUES ")
      parenthesized(values) { $0.write($1) }
    }
  }

  mutating func write(_ node: Syntax.ExecuteProcedure) {
    write("ALTER \(node.kind.keywords) ", node.name)
    write(" EXECUTE ", node.procedure)
    if !node.arguments.isEmpty { parenthesized(node.arguments) { $0.write($1) } }
    write(where: node.where)
  }
}
