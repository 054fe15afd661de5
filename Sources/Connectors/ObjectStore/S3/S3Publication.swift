import Synchronization
import Values

/// Files of one write into a bucket. Small files are one PUT, larger ones multipart uploads; both are sent at commit's word only, so before it there is
/// nothing under any of the names.
///
///     several files:   put .pending-ID │ complete, complete, complete … │ delete .pending-ID      the last step is the commit
///     one file:        complete
final class S3Publication: Publication {
  let id = Visibility.newID()
  let store: S3Store
  private let folder: S3Location
  private let isNew: Bool

  /// A file whose bytes are all there, but for the word that makes it appear.
  struct Ready: Sendable {
    var key: String
    var size: Int
    var content: Content

    enum Content: Sendable {
      case whole([UInt8])
      case parts(upload: String, tags: [String])
    }
  }

  private struct State {
    var ready: [Ready] = []
    var uploads: [(key: String, upload: String)] = []
    var sent: [String] = []
  }

  private let state = Mutex(State())

  init(_ store: S3Store, _ folder: S3Location, isNew: Bool) {
    self.store = store
    self.folder = folder
    self.isNew = isNew
  }

  func file(_ relative: String) async throws -> sending any PublishedFile { S3Upload(self, key: folder.prefix + relative) }

  func location(_ key: String) -> S3Location { S3Location(bucket: folder.bucket, key: key) }

  func began(_ key: String, _ upload: String) { state.withLock { $0.uploads.append((key, upload)) } }
  func add(_ file: Ready) { state.withLock { $0.ready.append(file) } }

  func commit() async throws {
    if isNew {
      let before = try await store.pages(folder).entries.map(\.key)
      if before.contains(folder.prefix + Visibility.dropped) {
        // what a DROP that broke off has left
        try await store.removeTree(folder.path)
      } else if before.contains(where: { $0 != folder.prefix }) {
        throw PrestoError(.folderExists, "\(folder.path) exists already")
      }
    }
    let files = state.withLock { $0.ready }
    let marker = location("\(folder.prefix)\(Visibility.pending)\(id)").path
    if files.count > 1 {
      state.withLock { $0.sent.append("\(folder.prefix)\(Visibility.pending)\(id)") }
      try await store.put(marker, [])
    }
    for start in stride(from: 0, to: files.count, by: 8) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for file in files[start..<min(start + 8, files.count)] {
          state.withLock { $0.sent.append(file.key) }
          group.addTask { try await self.complete(file) }
        }
        try await group.waitForAll()
      }
    }
    if files.count > 1 { try await store.delete(marker) }
  }

  private func complete(_ file: Ready) async throws {
    switch file.content {
    case .whole(let bytes): try await store.put(location(file.key).path, bytes)
    case .parts(let upload, let tags):
      var request = S3Request(method: "POST", location: location(file.key), verb: "write")
      request.query = [("uploadId", upload)]
      let parts = tags.enumerated().map { "<Part><PartNumber>\($0 + 1)</PartNumber><ETag>\(S3Publication.escaped($1))</ETag></Part>" }
      request.body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
      let isDone = try await store.client.send(request) { response in
        // the answer begins before the work is done: success may turn out to be an error
        if response.status == 200, response.errorCode == nil { return true }
        if response.status == 404 { return false }
        throw S3Failure.passing("the store answered \(response.errorCode ?? "\(response.status)")")
      }
      // an upload that is gone may have been completed by a try whose answer was lost
      if !isDone, try await store.entry(location(file.key).path)?.size != file.size {
        throw PrestoError(.fileSystemError, "Cannot write \(location(file.key).path): the upload is gone")
      }
    }
  }

  static func escaped(_ text: String) -> String {
    text.split(separator: "&", omittingEmptySubsequences: false).joined(separator: "&amp;").split(
      separator: "<", omittingEmptySubsequences: false
    ).joined(separator: "&lt;")
  }

  func abort() async {
    let (uploads, sent) = state.withLock { ($0.uploads, $0.sent) }
    // a canceled task could send nothing
    await Task.detached { [self] in
      for (key, upload) in uploads {
        var request = S3Request(method: "DELETE", location: location(key), verb: "delete")
        request.query = [("uploadId", upload)]
        _ = try? await store.client.send(request) { $0.status }
      }
      // the marker last: until then nothing of the write is seen
      for key in sent.reversed() { try? await store.delete(location(key).path) }
    }.value
  }
}

/// One file on its way: bytes come together to parts, parts are sent while the next ones come.
private final class S3Upload: PublishedFile {
  private let publication: S3Publication
  private let key: String
  private var buffer: [UInt8] = []
  private var upload: String?
  private var tags: [String] = []
  private var size = 0

  init(_ publication: S3Publication, key: String) {
    self.publication = publication
    self.key = key
  }

  private var partSize: Int { publication.store.configuration.partSize }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    size += bytes.count
  }

  func drain() async throws {
    while buffer.count >= partSize * 2 { try await send(partSize) }
  }

  func finish() async throws {
    if upload == nil && buffer.count < partSize * 2 {
      publication.add(S3Publication.Ready(key: key, size: size, content: .whole(buffer)))
    } else {
      while buffer.count >= partSize * 2 { try await send(partSize) }
      if !buffer.isEmpty { try await send(buffer.count) }
      publication.add(S3Publication.Ready(key: key, size: size, content: .parts(upload: upload ?? "", tags: tags)))
    }
    buffer = []
  }

  private func send(_ count: Int) async throws {
    let upload = try await started()
    guard tags.count < 10_000 else {
      throw PrestoError(.fileSystemError, "Cannot write \(publication.location(key).path): it is too large")
    }
    var request = S3Request(method: "PUT", location: publication.location(key), verb: "write")
    request.query = [("partNumber", "\(tags.count + 1)"), ("uploadId", upload)]
    request.body = Array(buffer[..<count])
    let tag = try await publication.store.client.send(request) { response in
      guard response.status == 200, let tag = response.header("etag") else {
        throw S3Failure.passing("the store answered \(response.status)")
      }
      return tag
    }
    tags.append(tag)
    buffer.removeFirst(count)
  }

  private func started() async throws -> String {
    if let upload { return upload }
    var request = S3Request(method: "POST", location: publication.location(key), verb: "write")
    request.query = [("uploads", "")]
    let made = try await publication.store.client.send(request) { response in
      guard response.status == 200, let id = XMLElement.parse(response.body)?["UploadId"]?.text, !id.isEmpty else {
        throw S3Failure.passing("the store answered \(response.status)")
      }
      return id
    }
    upload = made
    publication.began(key, made)
    return made
  }
}
