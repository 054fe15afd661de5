/// Where a statement's client goes next: in the shape its own dialect has.
struct StatementLinks: Sendable {
  /// `http://host:port`, as the client reached us.
  var base: String
  var id: String
  var slug: String
  var dialect: ClientDialect

  func queued(_ token: Int) -> String { link("queued", token) }
  func executing(_ token: Int) -> String { link("executing", token) }

  private func link(_ step: String, _ token: Int) -> String {
    switch dialect {
    case .trino: "\(base)/v1/statement/\(step)/\(id)/\(slug)/\(token)"
    case .presto: "\(base)/v1/statement/\(step)/\(id)/\(token)?slug=\(slug)"
    }
  }

  static func info(_ base: String, _ id: String) -> String { "\(base)/ui/query.html?\(id)" }
}
