import Analysis
import Foundation
import Glibc
import SQL
import Values

/// A file of views, as JSON that a person can read and keep under version control:
///
///     { "version": 1,
///       "views": [ { "catalog": "orders", "schema": "public", "name": "late", "query": "SELECT …",
///                    "sessionCatalog": "orders", "sessionSchema": "public",
///                    "columns": [ { "name": "id", "type": "bigint" } ] } ] }
///
/// It is replaced as a whole: whoever reads it sees all of the old or all of the new.
struct ViewFile: Sendable {
  let path: String

  init(_ path: String) { self.path = path }

  /// Changes whenever the file does.
  struct Stamp: Equatable, Sendable {
    var inode: UInt64, size: Int64, seconds: Int, nanoseconds: Int
  }

  /// nil: there is no file.
  var stamp: Stamp? {
    var status = Glibc.stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Stamp(
      inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  private struct Content: Codable {
    var version: Int
    var views: [Entry]
  }

  private struct Entry: Codable {
    var catalog: String, schema: String, name: String
    var query: String
    var sessionCatalog: String?, sessionSchema: String?
    var columns: [Column]?
    var comment: String?
    var columnComments: [String: String]?
  }

  private struct Column: Codable {
    var name: String
    var type: String
  }

  func read() throws -> [ViewDefinition] {
    do {
      let content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      guard content.version == 1 else { throw wrong("it has version \(content.version), and this minipresto knows version 1") }
      return try content.views.map(definition)
    } catch let error as PrestoError {
      throw error
    } catch {
      throw wrong("\(error)")
    }
  }

  private func definition(_ entry: Entry) throws -> ViewDefinition {
    guard case .query(let query) = try Parser.statement(entry.query) else { throw wrong("view \(entry.name) is no query") }
    var view = ViewDefinition(
      name: ObjectName(catalog: entry.catalog, schema: entry.schema, name: entry.name), text: entry.query, query: query,
      catalog: entry.sessionCatalog, schema: entry.sessionSchema,
      columns: try entry.columns?.map { column in
        DataType.Field(column.name, try DataType.parse(column.type))
      },
      comment: entry.comment)
    view.columnComments = entry.columnComments ?? [:]
    return view
  }

  private func wrong(_ what: String) -> PrestoError {
    PrestoError(.configurationInvalid, "The file of views '\(path)' cannot be read: \(what)")
  }

  /// Replaces the file: a new one is written beside it, brought to the disk, and given its name.
  func write(_ views: [ViewDefinition]) throws {
    let content = Content(
      version: 1,
      views: views.map { view in
        Entry(
          catalog: view.name.catalog, schema: view.name.schema, name: view.name.name, query: view.text, sessionCatalog: view.catalog,
          sessionSchema: view.schema, columns: view.columns?.map { Column(name: $0.name ?? "", type: "\($0.type)") }, comment: view.comment,
          columnComments: view.columnComments.isEmpty ? nil : view.columnComments)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let new = path + ".\(getpid()).new"
    do {
      let data = try encoder.encode(content) + Data("\n".utf8)
      try data.write(to: URL(fileURLWithPath: new))
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: new))
      try handle.synchronize()
      try handle.close()
      guard unsafe rename(new, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    } catch {
      unsafe unlink(new)
      throw PrestoError(.genericInternalError, "The file of views '\(path)' cannot be written: \(error)")
    }
  }

  /// Keeps other processes from changing the file meanwhile, by a lock on its folder.
  func locked<R>(_ body: () throws -> R) throws -> R {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PrestoError(.genericInternalError, "The folder '\(folder)' for views cannot be opened") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
    return try body()
  }
}
