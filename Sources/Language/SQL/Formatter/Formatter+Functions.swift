extension Formatter {
  mutating func write(_ call: Syntax.FunctionCall) {
    if let form = Formatter.normalForm(call) {
      write("normalize(")
      write(call.arguments[0].value)
      write(", \(form))")
      return
    }
    write(call.name)
    write("(")
    if call.isStar {
      if let qualifier = call.starQualifier {
        write(qualifier)
        write(".")
      }
      write("*")
    } else {
      writeArguments(call)
    }
    write(")")
    if call.isWithinGroup {
      write(" WITHIN GROUP (")
      write(orderBy: call.orderBy)
      write(")")
    }
    if let filter = call.filter {
      write(" FILTER (WHERE ")
      write(filter)
      write(")")
    }
    switch call.nullTreatment {
    case .ignore: write(" IGNORE NULLS")
    case .respect: write(" RESPECT NULLS")
    case nil: break
    }
    if let window = call.window {
      write(" OVER ")
      write(window)
    }
  }

  private mutating func writeArguments(_ call: Syntax.FunctionCall) {
    if call.isDistinct { write("DISTINCT ") }
    list(call.arguments) { $0.write($1) }
    if !call.isWithinGroup, !call.orderBy.isEmpty {
      if !call.arguments.isEmpty { write(" ") }
      write(orderBy: call.orderBy)
    }
    switch call.listaggOverflow {
    case .error: write(" ON OVERFLOW ERROR")
    case .truncate(let filler, let withCount):
      write(" ON OVERFLOW TRUNCATE ")
      if let filler {
        write(string: filler)
        write(" ")
      }
      write(withCount ? "WITH COUNT" : "WITHOUT COUNT")
    case nil: break
    }
  }

  /// The form in `normalize(text, NFC)`: it is a word there, and the name, though reserved, is bare.
  private static func normalForm(_ call: Syntax.FunctionCall) -> String? {
    guard call.name.parts.count == 1, let name = call.name.parts.first, name.canonical == "normalize", !name.isQuoted,
      call.arguments.count == 2, case .literal(let form) = call.arguments[1].value, case .string(let word) = form.value
    else { return nil }
    return word
  }

  mutating func write(_ argument: Syntax.Argument) {
    if let name = argument.name {
      write(name)
      write(" => ")
    }
    writeWhole(argument.value)
  }

  mutating func write(alias: Syntax.Identifier) {
    write(" AS ")
    write(alias)
  }

  // MARK: Windows and orders

  private mutating func write(_ window: Syntax.Window) {
    switch window {
    case .named(let name): write(name)
    case .inline(let specification): write(specification)
    }
  }

  mutating func write(_ window: Syntax.WindowSpecification) {
    write("(")
    var separator = ""
    if let existing = window.existing {
      // A window called `rows` or `partition` would be taken for the clause.
      quote(existing)
      separator = " "
    }
    if !window.partitionBy.isEmpty {
      write(separator + "PARTITION BY ")
      list(window.partitionBy) { $0.write($1) }
      separator = " "
    }
    if !window.orderBy.isEmpty {
      write(separator)
      write(orderBy: window.orderBy)
      separator = " "
    }
    if let frame = window.frame {
      write(separator)
      write(frame)
    }
    write(")")
  }

  private mutating func write(_ frame: Syntax.WindowFrame) {
    write(frame.unit.rawValue + " ")
    if let end = frame.end {
      write("BETWEEN ")
      write(frame.start)
      write(" AND ")
      write(end)
    } else {
      write(frame.start)
    }
    if let exclusion = frame.exclusion { write(" EXCLUDE " + exclusion.rawValue) }
  }

  private mutating func write(_ bound: Syntax.FrameBound) {
    switch bound {
    case .unboundedPreceding: write("UNBOUNDED PRECEDING")
    case .preceding(let value):
      write(value)
      write(" PRECEDING")
    case .currentRow: write("CURRENT ROW")
    case .following(let value):
      write(value)
      write(" FOLLOWING")
    case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
    }
  }

  mutating func write(orderBy items: [Syntax.SortItem]) {
    write("ORDER BY ")
    list(items) { $0.write($1) }
  }

  mutating func write(_ item: Syntax.SortItem) {
    write(item.key)
    if item.direction == .descending { write(" DESC") }
    switch item.nullOrder {
    case .first: write(" NULLS FIRST")
    case .last: write(" NULLS LAST")
    case nil: break
    }
  }
}
