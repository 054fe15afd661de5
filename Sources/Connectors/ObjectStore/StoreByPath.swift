import Settings
import Values

/// Local files, and buckets for addresses that begin with `s3://`: every verb goes to the store of its path.
package struct StoreByPath: ObjectStore {
  private let local = LocalStore()
  private let s3: Result<S3Store, PrestoError>

  /// A bucket is set up by properties and environment; what is wrong with them is an error only when one is asked for.
  package init(_ properties: Properties, environment: (String) -> String? = S3Configuration.processEnvironment) {
    do { s3 = .success(S3Store(try S3Configuration(properties, environment: environment))) } catch { s3 = .failure(PrestoError(error)) }
  }

  private func store(_ path: String) throws -> any ObjectStore {
    if !S3Location.isAddress(path) { return local }
    return try s3.get()
  }

  package func isRemote(_ path: String) -> Bool { S3Location.isAddress(path) }
  package func level(_ folder: String) async throws -> ObjectLevel? { try await store(folder).level(folder) }
  package func list(_ folder: String) async throws -> [ObjectEntry] { try await store(folder).list(folder) }
  package func entry(_ path: String) async throws -> ObjectEntry? { try await store(path).entry(path) }
  package func read(_ entry: ObjectEntry, _ range: Range<Int>) async throws -> [UInt8] {
    try await store(entry.path).read(entry, range)
  }
  package func put(_ path: String, _ bytes: [UInt8]) async throws { try await store(path).put(path, bytes) }
  package func delete(_ path: String) async throws { try await store(path).delete(path) }
  package func publication(into folder: String, isNew: Bool) async throws -> any Publication {
    try await store(folder).publication(into: folder, isNew: isNew)
  }
  package func createFolder(_ path: String) async throws { try await store(path).createFolder(path) }
  package func removeEmptyFolder(_ path: String) async throws { try await store(path).removeEmptyFolder(path) }
  package func removeTree(_ path: String) async throws { try await store(path).removeTree(path) }
  package func contains(_ folder: String, _ path: String) -> Bool { (try? store(path))?.contains(folder, path) ?? false }
}
