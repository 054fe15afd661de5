import Values

extension PlanPrinter {
  /// The plan as JSON, with the keys that Presto uses. Nodes are numbered from the root, depth first.
  ///
  ///     { "id": "0", "name": "Output", "identifier": "[name]", "details": "…", "outputs": […], "estimates": […], "children": […] }
  package func json(_ plan: Plan, estimates: (Plan) -> (rows: Double, bytes: Double)?) -> JSONDocument {
    var number = 0
    return json(plan, estimates, &number)
  }

  private func json(_ plan: Plan, _ estimates: (Plan) -> (rows: Double, bytes: Double)?, _ number: inout Int) -> JSONDocument {
    let description = description(of: plan)
    let id = number
    number += 1
    let outputs = plan.outputs.map { JSONDocument.object([("symbol", .text($0.name)), ("type", .text("\($0.type)"))]) }
    var members: [(String, JSONDocument)] = [
      ("id", .text("\(id)")), ("name", .text(description.name)), ("identifier", .text(description.argument.map { "[\($0)]" } ?? "")),
      ("details", .text((description.notes + details(plan)).joined(separator: "\n"))), ("outputs", .list(outputs)),
    ]
    let known = estimates(plan).map {
      JSONDocument.object([("outputRowCount", .number($0.rows.rounded())), ("outputSizeInBytes", .number($0.bytes.rounded()))])
    }
    members.append(("estimates", .list(known.map { [$0] } ?? [])))
    members.append(("children", .list(plan.inputs.map { json($0, estimates, &number) })))
    return .object(members)
  }
}
