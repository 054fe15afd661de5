import HTTPTypes
import MiniPresto

/// A statement whose id and slug its client chose, so that sending it again after a lost answer does not run it twice: Presto's
/// `PUT /v1/statement/{id}?slug={slug}`.
struct ChosenStatement {
  let id: String
  let slug: String

  /// Ids of Presto's kind: letters, digits and underscores. A slug must be as hard to guess as our own.
  init(_ id: Substring, slug: String?) throws {
    guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ ChosenStatement.isPlain($0) }) else {
      throw Refusal(.badRequest, "A query id has lower-case letters, digits and underscores")
    }
    guard let slug, (16...128).contains(slug.utf8.count), slug.utf8.allSatisfy({ ChosenStatement.isPlain($0) || $0 == 0x2D }) else {
      throw Refusal(.badRequest, "The parameter 'slug' must have 16 to 128 letters and digits")
    }
    self.id = String(id)
    self.slug = slug
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, 0x5F: true
    default: false
    }
  }

  /// The statement that is known under this id already; nil: none. 409 where it is somebody else's.
  func known(_ statements: StatementRegistry, _ engine: Engine) throws -> Statement? {
    if let known = statements.statement(id, slug: slug) { return known }
    if statements.statement(id) != nil || engine.query(id: id) != nil { throw Refusal(.conflict, "There is another query \(id)") }
    return nil
  }
}
