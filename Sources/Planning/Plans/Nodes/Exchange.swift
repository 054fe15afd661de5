extension Plan {
  /// Moves rows between drivers (local) or machines (remote).
  public struct Exchange: PlanNode {
    public var scope: Scope
    public var routing: Routing
    public var inputs: [Plan]
    public var outputs: [Symbol]

    public enum Scope: String, Sendable { case local, remote }
    public enum Routing: Sendable { case gather, hash([Symbol]), broadcast, roundRobin, merge([Ordering]) }

    public init(scope: Scope, routing: Routing, inputs: [Plan], outputs: [Symbol]) {
      self.scope = scope
      self.routing = routing
      self.inputs = inputs
      self.outputs = outputs
    }
  }
}
