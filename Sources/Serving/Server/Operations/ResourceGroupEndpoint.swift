import Admission
import HTTPTypes
import Hummingbird
import MiniPresto

/// `/v1/resourceGroupState`: the groups that queries run in, as Presto's `ResourceGroupInfo` has them.
///
///     GET /v1/resourceGroupState           every root with all below it
///     GET /v1/resourceGroupState/{path}    one group, `/` or `.` between the names
struct ResourceGroupEndpoint {
  let service: ServerService

  func respond(_ request: Request, _ segments: [Substring]) throws -> Response {
    guard request.method == .get || request.method == .head else { throw Refusal(.methodNotAllowed, "Only GET is possible here") }
    let groups = service.engine.resourceGroups
    if segments.isEmpty {
      return Reply.json(request) { json in
        json.array { json in for root in groups where root.names.count == 1 { write(root, groups, &json) } }
      }
    }
    let path = URLEncoding.decode(segments.joined(separator: "."))
    guard let group = groups.first(where: { $0.path == path }) else { throw Refusal(.notFound, "Resource group not found") }
    return Reply.json(request) { write(group, groups, &$0) }
  }

  private func write(_ group: ResourceGroupStatus, _ all: [ResourceGroupStatus], _ json: inout JSONWriter) {
    let specification = group.specification
    json.object { json in
      json.array("id") { json in for name in group.names { json.string(name) } }
      json.field("state", group.state)
      json.field("schedulingPolicy", specification.schedulingPolicy.rawValue.uppercased())
      json.field("schedulingWeight", specification.schedulingWeight)
      if let limit = group.softMemoryLimit { json.field("softMemoryLimit", "\(limit)B") }
      if let limit = specification.softConcurrencyLimit { json.field("softConcurrencyLimit", limit) }
      json.field("hardConcurrencyLimit", group.concurrencyLimit)
      json.field("maxQueuedQueries", specification.maxQueued)
      json.field("memoryUsage", "\(group.memory)B")
      json.field("cpuUsage", Uptime.text(micros: group.cpuMicros))
      json.field("numRunningQueries", group.running)
      json.field("numQueuedQueries", group.waiting)
      json.array("subGroups") { json in
        for child in all where child.names.count == group.names.count + 1 && child.names.starts(with: group.names) {
          write(child, all, &json)
        }
      }
    }
  }
}

extension ResourceGroupStatus {
  /// Presto's `ResourceGroupState`.
  fileprivate var state: String {
    if waiting == 0 && running < concurrencyLimit { return "CAN_RUN" }
    return waiting < specification.maxQueued ? "CAN_QUEUE" : "FULL"
  }
}
