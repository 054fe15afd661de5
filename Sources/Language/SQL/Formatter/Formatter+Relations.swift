extension Formatter {
  mutating func write(_ relation: Syntax.Relation) {
    switch relation {
    case .table(let table): write(table)
    case .file(let file): write(string: file.path)
    case .subquery(let subquery): parenthesized(subquery.query)
    case .lateral(let lateral):
      write("LATERAL ")
      parenthesized(lateral.query)
    case .unnest(let unnest):
      write("UNNEST")
      parenthesized(unnest.expressions) { $0.write($1) }
      if unnest.hasOrdinality { write(" WITH ORDINALITY") }
    case .tableFunction(let call): write(call)
    case .jsonTable(let table): write(table)
    case .join(let join): write(join)
    case .aliased(let aliased):
      switch aliased.relation {
      case .join, .aliased, .sampled: writeParenthesized(aliased.relation)
      default: write(aliased.relation)
      }
      write(alias: aliased.alias)
      if let columns = aliased.columns {
        write(" ")
        write(columns: columns)
      }
    case .sampled(let sampled):
      switch sampled.relation {
      case .join, .sampled: writeParenthesized(sampled.relation)
      default: write(sampled.relation)
      }
      write(" TABLESAMPLE \(sampled.method.rawValue) (")
      write(sampled.percentage)
      write(")")
    }
  }

  private mutating func writeParenthesized(_ relation: Syntax.Relation) {
    write("(")
    write(relation)
    write(")")
  }

  private mutating func write(_ table: Syntax.Table) {
    write(table.name)
    guard let version = table.version else { return }
    write(" FOR \(version.kind.rawValue) \(version.isBefore ? "BEFORE" : "AS OF") ")
    write(version.point)
  }

  private mutating func write(_ join: Syntax.Join) {
    write(join.left)
    breakLine()
    if join.criteria == .natural { write("NATURAL ") }
    write(join.kind.rawValue + " JOIN ")
    if case .join = join.right {
      writeParenthesized(join.right)
    } else {
      write(join.right)
    }
    switch join.criteria {
    case .on(let condition):
      write(" ON ")
      write(condition)
    case .using(let columns):
      write(" USING ")
      write(columns: columns)
    case .natural, nil: break
    }
  }

  // MARK: Table functions

  private mutating func write(_ call: Syntax.TableFunctionCall) {
    write("TABLE(")
    write(call.name)
    write("(")
    list(call.arguments) { $0.write($1) }
    if !call.copartition.isEmpty {
      write(call.arguments.isEmpty ? "COPARTITION " : " COPARTITION ")
      list(call.copartition) { $0.parenthesized($1) { $0.write($1) } }
    }
    write("))")
  }

  private mutating func write(_ argument: Syntax.TableFunctionArgument) {
    if let name = argument.name {
      write(name)
      write(" => ")
    }
    switch argument.value {
    case .expression(let expression): write(expression)
    case .table(let table): write(table)
    case .nullDescriptor: write("CAST(NULL AS DESCRIPTOR)")
    case .descriptor(let fields):
      write("DESCRIPTOR")
      parenthesized(fields) { formatter, field in
        formatter.write(field.name)
        if let type = field.type {
          formatter.write(" ")
          formatter.write(type)
        }
      }
    }
  }

  private mutating func write(_ argument: Syntax.TableArgument) {
    var relation = argument.relation
    var alias: Syntax.AliasedRelation?
    if case .aliased(let aliased) = relation {
      alias = aliased
      relation = aliased.relation
    }
    write("TABLE")
    if case .subquery(let subquery) = relation {
      parenthesized(subquery.query)
    } else {
      writeParenthesized(relation)
    }
    if let alias {
      write(alias: alias.alias)
      if let columns = alias.columns {
        write(" ")
        write(columns: columns)
      }
    }
    if let partition = argument.partitionBy {
      write(" PARTITION BY ")
      parenthesized(partition) { $0.write($1) }
    }
    switch argument.isPrunedWhenEmpty {
    case true: write(" PRUNE WHEN EMPTY")
    case false: write(" KEEP WHEN EMPTY")
    case nil: break
    }
    if !argument.orderBy.isEmpty {
      write(" ORDER BY ")
      parenthesized(argument.orderBy) { $0.write($1) }
    }
  }
}
