import MiniPresto

/// The plan of a query under `/v1/query/{id}`: a tree of operators, with what each has done so far.
///
///     {"id": "2", "name": "TableScan", "detail": "orders: public.orders", "notes": ["remote SQL: …"], "outputs": [{"symbol", "type"}],
///      "estimatedRows": 15000, "stats": {"rows": 12, "wallMillis": 1.5, …, "movedRows": 12}, "inputs": […]}
extension QueryEndpoint {
  func write(_ node: QueryPlan.Operator, _ json: inout JSONWriter) {
    json.field("id", "\(node.id)")
    json.field("name", node.name)
    json.field("detail", node.detail)
    json.array("notes") { json in for note in node.notes { json.string(note) } }
    json.array("outputs") { json in
      for output in node.outputs {
        json.object { json in
          json.field("symbol", output.symbol)
          json.field("type", "\(output.type)")
        }
      }
    }
    if let rows = node.estimatedRows { json.field("estimatedRows", rows) }
    json.object("stats") { json in
      if let work = node.work {
        json.field("rows", work.rows)
        json.field("batches", work.batches)
        json.field("bytes", work.bytes)
        json.field("wallMillis", work.working)
        json.field("waitingMillis", work.waiting)
        json.field("cpuMillis", work.processor)
        json.field("beganMillis", work.began)
        json.field("endedMillis", work.ended)
      }
      if let moved = node.moved {
        json.field("movedRows", moved.rows)
        json.field("movedBytes", moved.bytes)
      }
    }
    json.array("inputs") { json in
      for input in node.inputs { json.object { write(input, &$0) } }
    }
  }
}
