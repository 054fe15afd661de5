import MiniPresto
import Settings
import Values

/// The session a shell keeps from statement to statement.
public struct ShellSession: Sendable {
  public var session: Session

  public init(_ session: Session) { self.session = session }

  mutating func apply(_ changes: [SessionChange], _ engine: Engine) throws {
    for change in changes {
      switch change {
      case .use(let catalog, let schema):
        if let catalog { session.catalog = catalog }
        session.schema = schema
      case .set(let name, let value):
        if let property = engine.sessionProperties.first(where: { $0.name == name }) { try session.set(property, to: value) }
      case .reset(let name): session.reset(name)
      case .timeZone(let zone): session.timeZone = zone ?? "UTC"
      case .prepared(let name, let text): session.prepared[name] = text
      case .deallocated(let name): session.prepared[name] = nil
      case .transactionStarted, .transactionEnded: break
      }
    }
  }
}
