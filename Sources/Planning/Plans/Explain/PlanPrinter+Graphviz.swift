extension PlanPrinter {
  /// The plan as a graph for `dot`, inputs below what reads them.
  package func graphviz(_ plan: Plan, name: String) -> String {
    var lines = ["digraph \(name) {", "  node [shape=record, style=\"rounded, filled\", fillcolor=white];"]
    var number = 0
    draw(plan, &number, &lines)
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  @discardableResult
  private func draw(_ plan: Plan, _ number: inout Int, _ lines: inout [String]) -> Int {
    let id = number
    number += 1
    let description = description(of: plan)
    let notes = description.argument.map { [$0] } ?? []
    let body = (notes + description.notes + details(plan)).map { escaped($0) + "\\l" }.joined()
    lines.append("  plannode_\(id) [label=\"{\(escaped(description.name))\(body.isEmpty ? "" : "|" + body)}\", fillcolor=\(colour(plan))];")
    for input in plan.inputs {
      let child = draw(input, &number, &lines)
      lines.append("  plannode_\(id) -> plannode_\(child);")
    }
    return id
  }

  /// What means something in a record's label gets a backslash.
  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "\n": result += "\\l"
      case "\"", "\\", "{", "}", "<", ">", "|": result += "\\\(character)"
      default: result.append(character)
      }
    }
  }

  private func colour(_ plan: Plan) -> String {
    switch plan.node {
    case .scan, .sharedQueryScan, .values: "deepskyblue"
    case .filter: "yellow"
    case .project, .unnest, .uniqueID, .singleRow, .sample, .groupingSets, .markDistinct: "bisque"
    case .aggregate, .window: "chartreuse3"
    case .join, .semiJoin, .apply: "orange"
    case .sort, .topN, .limit: "gray"
    case .union, .exchange, .sharedQueries: "gold"
    case .write, .delete, .output: "white"
    }
  }
}
