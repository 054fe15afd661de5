import HTTPTypes
import Hummingbird
import MiniPresto

/// `/v1/resourceGroupState`: the groups that queries run in, as Presto's `ResourceGroupInfo` has them. All queries run in one group without limits:
/// limits that do not exist are left out.
struct ResourceGroupEndpoint {
  let service: ServerService

  func respond(_ request: Request, _ segments: [Substring]) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    switch segments {
    case []: return Reply.json(request) { json in json.array { global(&$0) } }
    case ["global"]: return Reply.json(request) { global(&$0) }
    default: throw Refusal(.notFound, "Resource group not found")
    }
  }

  private func global(_ json: inout JSONWriter) {
    let running = service.engine.runningQueries.map(\.info)
    let queued = running.count { $0.state == .queued }
    json.object { json in
      json.array("id") { $0.string("global") }
      json.field("state", "CAN_RUN")
      json.field("schedulingPolicy", "FAIR")
      json.field("memoryUsage", "\(service.engine.memoryUse.reserved)B")
      json.field("numRunningQueries", running.count - queued)
      json.field("numQueuedQueries", queued)
      json.array("subGroups") { _ in }
    }
  }
}
