extension Formatter {
  private mutating func write(_ call: Syntax.JSONPathCall) {
    write(call.input)
    write(format: call.inputFormat)
    write(", ")
    write(string: call.path)
    if let name = call.pathName { write(alias: name) }
    guard !call.passing.isEmpty else { return }
    write(" PASSING ")
    list(call.passing) { formatter, parameter in
      formatter.write(parameter.value)
      formatter.write(format: parameter.format)
      formatter.write(alias: parameter.name)
    }
  }

  private mutating func write(format: Syntax.JSONFormat?) {
    if let format { write(" FORMAT " + format.rawValue) }
  }

  private mutating func write(returning type: Syntax.TypeName?, _ format: Syntax.JSONFormat?) {
    guard let type else { return }
    write(" RETURNING ")
    write(type)
    write(format: format)
  }

  mutating func write(_ node: Syntax.JSONExists) {
    write("JSON_EXISTS(")
    write(node.call)
    if let onError = node.onError { write(" \(onError.rawValue) ON ERROR") }
    write(")")
  }

  mutating func write(_ node: Syntax.JSONValue) {
    write("JSON_VALUE(")
    write(node.call)
    write(returning: node.returning, nil)
    write(onEmpty: node.onEmpty, onError: node.onError)
    write(")")
  }

  private mutating func write(onEmpty: Syntax.JSONValueBehavior?, onError: Syntax.JSONValueBehavior?) {
    for (behavior, event) in [(onEmpty, "EMPTY"), (onError, "ERROR")] {
      switch behavior {
      case .null: write(" NULL ON \(event)")
      case .error: write(" ERROR ON \(event)")
      case .default(let value):
        write(" DEFAULT ")
        write(value)
        write(" ON \(event)")
      case nil: break
      }
    }
  }

  mutating func write(_ node: Syntax.JSONQuery) {
    write("JSON_QUERY(")
    write(node.call)
    write(returning: node.returning, node.returningFormat)
    write(node.wrapper, node.quotes, onEmpty: node.onEmpty, onError: node.onError)
    write(")")
  }

  private mutating func write(
    _ wrapper: Syntax.JSONQuery.Wrapper?, _ quotes: Syntax.JSONQuery.Quotes?, onEmpty: Syntax.JSONQuery.Behavior?,
    onError: Syntax.JSONQuery.Behavior?
  ) {
    if let wrapper { write(" \(wrapper.rawValue) ARRAY WRAPPER") }
    if let quotes { write(" \(quotes.rawValue) QUOTES") }
    if let onEmpty { write(" \(onEmpty.rawValue) ON EMPTY") }
    if let onError { write(" \(onError.rawValue) ON ERROR") }
  }

  mutating func write(_ node: Syntax.JSONObject) {
    write("JSON_OBJECT(")
    list(node.members) { formatter, member in
      formatter.write("KEY ")
      formatter.write(member.key)
      formatter.write(" VALUE ")
      formatter.write(member.value)
      formatter.write(format: member.format)
    }
    if !node.members.isEmpty {
      write(node.isNullAbsent ? " ABSENT ON NULL" : " NULL ON NULL")
      write(node.hasUniqueKeys ? " WITH UNIQUE KEYS" : " WITHOUT UNIQUE KEYS")
    }
    write(returning: node.returning, node.returningFormat)
    write(")")
  }

  mutating func write(_ node: Syntax.JSONArray) {
    write("JSON_ARRAY(")
    list(node.elements) { formatter, element in
      formatter.write(element.value)
      formatter.write(format: element.format)
    }
    if !node.elements.isEmpty { write(node.isNullAbsent ? " ABSENT ON NULL" : " NULL ON NULL") }
    write(returning: node.returning, node.returningFormat)
    write(")")
  }

  // MARK: JSON_TABLE

  mutating func write(_ node: Syntax.JSONTable) {
    write("JSON_TABLE(")
    write(node.call)
    write(jsonColumns: node.columns)
    if let plan = node.plan {
      if case .standard = plan {
        write(" PLAN DEFAULT (")
      } else {
        write(" PLAN (")
      }
      write(plan)
      write(")")
    }
    switch node.isErrorOnError {
    case true: write(" ERROR ON ERROR")
    case false: write(" EMPTY ON ERROR")
    case nil: break
    }
    write(")")
  }

  private mutating func write(jsonColumns columns: [Syntax.JSONTableColumn]) {
    write(" COLUMNS ")
    parenthesized(columns) { $0.write($1) }
  }

  private mutating func write(_ column: Syntax.JSONTableColumn) {
    switch column {
    case .ordinality(let name):
      write(name)
      write(" FOR ORDINALITY")
    case .value(let name, let type, let path, let onEmpty, let onError):
      write(name)
      write(" ")
      write(type)
      write(path: path)
      write(onEmpty: onEmpty, onError: onError)
    case .query(let name, let type, let format, let path, let wrapper, let quotes, let onEmpty, let onError):
      write(name)
      write(" ")
      write(type)
      write(format: format)
      write(path: path)
      write(wrapper, quotes, onEmpty: onEmpty, onError: onError)
    case .nested(let path, let name, let columns):
      write("NESTED")
      write(path: path)
      if let name { write(alias: name) }
      write(jsonColumns: columns)
    }
  }

  private mutating func write(path: String?) {
    guard let path else { return }
    write(" PATH ")
    write(string: path)
  }

  private mutating func write(_ plan: Syntax.JSONTablePlan) {
    switch plan {
    case .standard(let parentChild, let siblings):
      write([parentChild?.rawValue, siblings?.rawValue].compactMap { $0 }.joined(separator: ", "))
    case .leaf(let name): write(name)
    case .parent(let name, let kind, let child):
      write(name)
      write(" \(kind.rawValue) ")
      write(primary: child)
    case .siblings(let kind, let plans):
      for (index, plan) in plans.enumerated() {
        if index > 0 { write(" \(kind.rawValue) ") }
        write(primary: plan)
      }
    }
  }

  private mutating func write(primary plan: Syntax.JSONTablePlan) {
    if case .leaf = plan {
      write(plan)
    } else {
      write("(")
      write(plan)
      write(")")
    }
  }
}
