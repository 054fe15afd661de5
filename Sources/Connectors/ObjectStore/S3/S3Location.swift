import Values

/// `s3://bucket/key` taken apart. Keys have no leading slash; the bucket itself has the empty key.
package struct S3Location: Hashable, Sendable {
  package var bucket: String
  package var key: String

  private static let schemes = ["s3://", "s3a://", "s3n://"]

  package init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// nil: not an address of this kind.
  package init?(_ path: String) {
    guard let scheme = S3Location.schemes.first(where: { path.hasPrefix($0) }) else { return nil }
    let rest = path.dropFirst(scheme.count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    bucket = String(rest[..<slash])
    key = slash == rest.endIndex ? "" : String(rest[rest.index(after: slash)...])
    guard S3Location.isBucketName(bucket) else { return nil }
  }

  package static func isAddress(_ path: String) -> Bool { schemes.contains { path.hasPrefix($0) } }

  /// What may stand in a host name or a path without being encoded, and nothing else.
  private static func isBucketName(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count) && name != "." && name != ".."
      && name.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
      }
  }

  package var path: String { "s3://\(bucket)/\(key)" }

  /// The prefix of everything in it as a folder.
  var prefix: String { key.isEmpty || key.hasSuffix("/") ? key : key + "/" }
}
