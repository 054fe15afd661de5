import Plans
import Values

/// A local rewriting: the same meaning in another form, or nil.
public struct Rule: Sendable {
  public let name: StaticString
  public let rewrite: @Sendable (Plan, PlanningContext) throws -> Plan?

  public init(_ name: StaticString, _ rewrite: @escaping @Sendable (Plan, PlanningContext) throws -> Plan?) {
    self.name = name
    self.rewrite = rewrite
  }

  /// Bottom-up, each node until no rule answers; the whole plan until nothing changes. Bounded: a rule that never ends is a bug, not a hang.
  static func applyAll(_ rules: [Rule], to plan: Plan, _ context: PlanningContext) throws -> Plan {
    var plan = plan
    for _ in 0..<16 {
      let next = try applyOnce(rules, to: plan, context)
      if next === plan { return plan }
      plan = next
    }
    return plan
  }

  private static func applyOnce(_ rules: [Rule], to plan: Plan, _ context: PlanningContext) throws -> Plan {
    var plan = try plan.mappingInputs { try applyOnce(rules, to: $0, context) }
    for _ in 0..<32 {
      var changed = false
      for rule in rules {
        if let next = try rule.rewrite(plan, context) {
          plan = next
          changed = true
        }
      }
      if !changed { break }
    }
    return plan
  }
}

extension Plan {
  /// The same plan object where no input changed.
  func mappingInputs(_ f: (Plan) throws -> Plan) rethrows -> Plan {
    let old = inputs
    if old.isEmpty { return self }
    let new = try old.map(f)
    return zip(old, new).allSatisfy { $0 === $1 } ? self : replacingInputs(new)
  }
}
