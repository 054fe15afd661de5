import Hummingbird
import MiniPresto
import Values

/// What a statement changes in the session, told to the client in headers.
extension Statement {
  func headers(for changes: [SessionChange]) throws -> HTTPFields {
    var headers = HTTPFields()
    let dialect = request.dialect
    for change in changes {
      switch change {
      case .use(let catalog, let schema):
        if let catalog { headers.append(.setCatalog, dialect, catalog) }
        headers.append(.setSchema, dialect, schema)
      case .set(let name, let value): headers.append(.setSession, dialect, "\(name)=\(URLEncoding.encode(value))")
      case .reset(let name): headers.append(.clearSession, dialect, name)
      case .timeZone(let zone?): headers.append(.setSession, dialect, "\(ClientRequest.timeZoneProperty)=\(URLEncoding.encode(zone))")
      case .timeZone(nil): headers.append(.clearSession, dialect, ClientRequest.timeZoneProperty)
      case .prepared(let name, let text):
        headers.append(.addedPrepare, dialect, "\(URLEncoding.encode(name))=\(URLEncoding.encode(text))")
      case .deallocated(let name): headers.append(.deallocatedPrepare, dialect, URLEncoding.encode(name))
      case .transactionStarted:
        if !request.knowsTransactions { throw PrestoError(.incompatibleClient, "Client does not support transactions") }
        if request.transaction != nil { throw PrestoError(.notSupported, "Nested transactions not supported") }
        headers.append(.startedTransactionID, dialect, transactions.begin())
      case .transactionEnded:
        guard let id = request.transaction else { throw PrestoError(.notInTransaction, "No transaction in progress") }
        transactions.end(id)
        headers.append(.clearTransactionID, dialect, "true")
      }
    }
    return headers
  }
}
