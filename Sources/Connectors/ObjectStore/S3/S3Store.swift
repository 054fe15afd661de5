import Settings
import Values

/// Buckets behind HTTP, as Amazon's S3 and all that speak like it. Paths are `s3://bucket/key`.
package struct S3Store: ObjectStore {
  let client: S3Client
  var configuration: S3Configuration { client.configuration }

  package init(_ configuration: S3Configuration) { client = S3Client(configuration: configuration) }

  package func isRemote(_ path: String) -> Bool { true }

  func location(_ path: String) throws -> S3Location {
    guard let location = S3Location(path) else {
      throw PrestoError(.notFound, "'\(path)' is not the address of an object", hint: "Addresses are like s3://bucket/folder/file.parquet.")
    }
    return location
  }

  // Listing

  /// All pages under a prefix; private files too. `byFolder`: only up to the next slash.
  func pages(_ location: S3Location, byFolder: Bool = false, limit: Int? = nil) async throws -> S3Listing {
    var whole: S3Listing?
    var token: String?
    repeat {
      var request = S3Request(location: S3Location(bucket: location.bucket, key: ""), subject: location, verb: "list")
      request.query = [("list-type", "2"), ("prefix", location.prefix)]
      if byFolder { request.query.append(("delimiter", "/")) }
      if let limit { request.query.append(("max-keys", "\(limit)")) }
      if let token { request.query.append(("continuation-token", token)) }
      let last = token
      let page = try await client.send(request) { response in
        if response.status == 404 {
          throw S3Failure.lasting(PrestoError(.fileSystemError, "Cannot list \(location.path): there is no bucket '\(location.bucket)'"))
        }
        guard response.status == 200, let page = S3Listing(response.body, bucket: location.bucket) else {
          throw S3Failure.passing("the listing makes no sense")
        }
        if let next = page.token, next == last { throw S3Failure.passing("the listing does not come to an end") }
        return page
      }
      whole?.entries += page.entries
      whole?.prefixes += page.prefixes
      if whole == nil { whole = page }
      token = limit == nil ? page.token : nil
    } while token != nil
    guard let whole else { throw PrestoError(.genericInternalError, "A listing without pages") }
    return whole
  }

  package func level(_ folder: String) async throws -> ObjectLevel? {
    let location = try location(folder), prefix = location.prefix
    let listing = try await pages(location, byFolder: true)
    if listing.entries.isEmpty && listing.prefixes.isEmpty && !location.key.isEmpty { return nil }
    let files = listing.entries.compactMap { key, entry -> (String, ObjectEntry)? in
      let name = String(key.dropFirst(prefix.count))
      return key.hasPrefix(prefix) && !name.isEmpty ? (name, entry) : nil
    }
    if files.contains(where: { $0.0 == Visibility.dropped }) { return nil }
    let folders = listing.prefixes.compactMap { key -> String? in
      guard key.hasPrefix(prefix), key.hasSuffix("/") else { return nil }
      let name = String(key.dropFirst(prefix.count).dropLast())
      return name.isEmpty || ObjectPath.isHidden(name) ? nil : name
    }
    return ObjectLevel(files: Visibility.visible(files).sorted { $0.path < $1.path }, folders: folders.sorted())
  }

  package func list(_ folder: String) async throws -> [ObjectEntry] {
    let location = try location(folder), prefix = location.prefix
    let files = try await pages(location).entries.compactMap { key, entry -> (String, ObjectEntry)? in
      key.hasPrefix(prefix) && !key.hasSuffix("/") ? (String(key.dropFirst(prefix.count)), entry) : nil
    }
    return Visibility.visible(files).sorted { $0.path < $1.path }
  }

  package func entry(_ path: String) async throws -> ObjectEntry? {
    let location = try location(path)
    if location.key.isEmpty || location.key.hasSuffix("/") { return nil }
    return try await client.send(S3Request(method: "HEAD", location: location)) { response in
      if response.status == 404 { return nil }
      guard response.status == 200, let size = response.header("content-length").flatMap({ Int($0) }), size >= 0 else {
        throw S3Failure.passing("the store does not say how long the file is")
      }
      return ObjectEntry(
        path: path, size: size, modified: S3Time.nanoseconds(response.header("last-modified") ?? ""), tag: response.header("etag"))
    }
  }

  // Reading

  package func read(_ entry: ObjectEntry, _ range: Range<Int>) async throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= entry.size else {
      throw PrestoError(.fileSystemError, "\(entry.path): bytes \(range) of a file of \(entry.size) were asked for")
    }
    if range.isEmpty { return [] }
    var request = S3Request(location: try location(entry.path))
    request.headers = [("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
    if let tag = entry.tag { request.headers.append(("if-match", tag)) }
    request.limit = range.count
    let changed = changed(entry.path)
    return try await client.send(request) { response in
      switch response.status {
      case 206:
        let wanted = "bytes \(range.lowerBound)-\(range.upperBound - 1)/"
        guard let got = response.header("content-range"), got.hasPrefix(wanted) else {
          throw S3Failure.passing("the store answered with other bytes than it was asked for")
        }
        let total = got.dropFirst(wanted.count)
        if total != "*" && total != "\(entry.size)" { throw S3Failure.lasting(changed) }
      // a store may leave out that it sent a part where that is the whole
      case 200 where range.count == entry.size: break
      case 200: throw S3Failure.passing("the store answered with the whole file where a part was asked for")
      case 404, 412, 416: throw S3Failure.lasting(changed)
      default: throw S3Failure.passing("the store answered \(response.status)")
      }
      if let tag = entry.tag, let now = response.header("etag"), now != tag { throw S3Failure.lasting(changed) }
      guard response.body.count == range.count else {
        throw S3Failure.passing("\(response.body.count) bytes came where \(range.count) were asked for")
      }
      return response.body
    }
  }

  // Writing

  package func put(_ path: String, _ bytes: [UInt8]) async throws {
    let request = S3Request(method: "PUT", location: try location(path), body: bytes, verb: "write")
    try await client.send(request) { response in
      if response.status == 404 {
        throw S3Failure.lasting(PrestoError(.fileSystemError, "Cannot write \(path): there is no such bucket"))
      }
      guard response.status == 200 else { throw S3Failure.passing("the store answered \(response.status)") }
    }
  }

  package func delete(_ path: String) async throws {
    try await client.send(S3Request(method: "DELETE", location: try location(path), verb: "delete")) { response in
      guard (200..<300).contains(response.status) || response.status == 404 else {
        throw S3Failure.passing("the store answered \(response.status)")
      }
    }
  }

  package func publication(into folder: String, isNew: Bool) async throws -> any Publication {
    S3Publication(self, try location(folder), isNew: isNew)
  }

  /// Buckets have no folders: an empty object whose key ends in a slash says that one is meant.
  package func createFolder(_ path: String) async throws {
    try await put(S3Location(bucket: try location(path).bucket, key: try location(path).prefix).path, [])
  }

  package func removeEmptyFolder(_ path: String) async throws {
    try await delete(S3Location(bucket: try location(path).bucket, key: try location(path).prefix).path)
  }

  package func removeTree(_ path: String) async throws {
    let location = try location(path)
    guard !location.prefix.isEmpty else { throw PrestoError(.permissionDenied, "A whole bucket is not deleted") }
    let marker = location.prefix + Visibility.dropped
    try await put(S3Location(bucket: location.bucket, key: marker).path, [])
    let keys = try await pages(location).entries.map(\.key).filter { $0 != marker }
    try await delete(keys, in: location.bucket)
    try await delete(S3Location(bucket: location.bucket, key: marker).path)
  }

  func delete(_ keys: [String], in bucket: String) async throws {
    for start in stride(from: 0, to: keys.count, by: 16) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for key in keys[start..<min(start + 16, keys.count)] {
          group.addTask { try await delete(S3Location(bucket: bucket, key: key).path) }
        }
        try await group.waitForAll()
      }
    }
  }

  package func contains(_ folder: String, _ path: String) -> Bool {
    guard let folder = S3Location(folder), let path = S3Location(path) else { return false }
    return folder.bucket == path.bucket && path.key.hasPrefix(folder.prefix) && path.key.utf8.count > folder.prefix.utf8.count
  }
}
