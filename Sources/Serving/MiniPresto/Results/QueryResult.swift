import Values
import Vectors

/// A column of a result.
public struct ResultColumn: Sendable, Hashable {
  public var name: String
  public var type: DataType

  public init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }
}

/// What a statement changed in the session; whoever holds the session applies it.
public enum SessionChange: Sendable, Equatable {
  case use(catalog: String?, schema: String)
  case set(name: String, value: String)
  case reset(name: String)
  case timeZone(String?)
  case prepared(name: String, text: String)
  case deallocated(name: String)
  case transactionStarted
  case transactionEnded
}

/// Something worth saying that is no error, with Presto's name for its kind.
public struct QueryWarning: Sendable, Equatable, CustomStringConvertible {
  public var name: String
  public var message: String

  public var description: String { message }
}

/// A statement's answer: iterate it for the batches, or `rows(as:)` for decoded rows. One reader.
public struct QueryResult: AsyncSequence, Sendable {
  public typealias Element = Batch

  public let columns: [ResultColumn]
  /// `INSERT`, `CREATE TABLE`, `SET SESSION` … for statements that are no queries.
  public let updateType: String?
  public let changes: [SessionChange]
  public let warnings: [QueryWarning]
  public let query: RunningQuery

  public struct AsyncIterator: AsyncIteratorProtocol {
    let query: RunningQuery
    public mutating func next() async throws -> Batch? { try await query.next() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(query: query) }
}
