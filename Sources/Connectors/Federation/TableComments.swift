import Values
import Vectors

/// What CREATE TABLE says about the new table and its columns.
public struct TableComments: Sendable {
  public var table: String?
  public var columns: [(name: String, text: String)]

  public init(table: String? = nil, columns: [(name: String, text: String)] = []) {
    self.table = table
    self.columns = columns
  }
}

/// A write that makes a table: afterwards it says what is to be said about it. A source that keeps no comments refuses the table: it is dropped again.
final class CatalogWrite: TableWrite {
  private let write: any TableWrite
  private let catalog: Catalog
  private let name: TableName
  private let comments: TableComments
  private let changed: @Sendable () -> Void

  init(_ write: any TableWrite, _ catalog: Catalog, _ name: TableName, _ comments: TableComments, changed: @escaping @Sendable () -> Void) {
    self.write = write
    self.catalog = catalog
    self.name = name
    self.comments = comments
    self.changed = changed
  }

  func sink() async throws -> sending any BatchSink { try await write.sink() }
  func abort() async { await write.abort() }

  func commit() async throws {
    defer { changed() }
    try await write.commit()
    do {
      if let text = comments.table { try await change(.comment(text)) }
      for column in comments.columns { try await change(.commentColumn(column.name, column.text)) }
    } catch {
      try? await catalog.drop(name)
      throw error
    }
  }

  /// Looked up anew each time: an altered table may have another handle.
  private func change(_ change: TableChange) async throws {
    guard let table = try await catalog.table(name) else { throw PrestoError(.tableNotFound, "Table '\(name)' was dropped") }
    try await catalog.alter(table, change)
  }
}
