import Glibc
import Settings
import Values

/// Where an object store is and how to speak to it: from a catalog's properties, then the environment, then a profile file.
package struct S3Configuration: Sendable {
  /// `https` or `http`.
  var scheme: String
  /// With a port where it is not the scheme's own.
  var host: String
  package var region: String
  /// The bucket stands in the path rather than in the host's name.
  package var usesPathStyle: Bool
  /// nil: requests are not signed, as public buckets allow.
  package var credentials: S3Credentials?
  /// Tries after the first one.
  package var retries = 5
  /// Milliseconds: before the first try after a failure, about; twice as many before every later one.
  package var firstPause = 50
  package var longestPause = 5_000
  /// Seconds for one try.
  package var timeout = 60
  package var partSize = 8 << 20

  /// The names of Trino's `s3.` properties, and Presto's under `hive.s3.`.
  package static let knownKeys = [
    "s3.endpoint", "s3.region", "s3.path-style-access", "s3.aws-access-key", "s3.aws-secret-key", "s3.aws-session-token", "s3.profile",
    "s3.max-error-retries", "s3.socket-read-timeout", "s3.streaming.part-size", "hive.s3.endpoint", "hive.s3.region",
    "hive.s3.path-style-access", "hive.s3.aws-access-key", "hive.s3.aws-secret-key", "hive.s3.max-error-retries", "hive.s3.ssl.enabled",
  ]

  package static let processEnvironment: @Sendable (String) -> String? = { name in
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  package init(_ properties: Properties, environment: (String) -> String? = processEnvironment) throws {
    func property(_ name: String) -> String? { properties["s3.\(name)"] ?? properties["hive.s3.\(name)"] }
    func number(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws -> Int {
      guard let text = property(name) else { return standard }
      guard let value = Int(text), range.contains(value) else {
        throw PrestoError(
          .configurationInvalid,
          "\(properties.origin): 's3.\(name)' must be a number from \(range.lowerBound) to \(range.upperBound), found '\(text)'")
      }
      return value
    }
    let profile = S3Profile(named: property("profile") ?? environment("AWS_PROFILE") ?? "default", environment: environment)
    region = property("region") ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION") ?? profile["region"] ?? "us-east-1"
    guard region.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }), !region.isEmpty else {
      throw PrestoError(.configurationInvalid, "\(properties.origin): '\(region)' is not the name of a region")
    }
    let endpoint = property("endpoint") ?? environment("AWS_ENDPOINT_URL_S3") ?? environment("AWS_ENDPOINT_URL") ?? profile["endpoint_url"]
    let isSecure = property("ssl.enabled") != "false"
    (scheme, host) = try S3Configuration.address(
      endpoint ?? "s3.\(region).amazonaws.com", standard: isSecure ? "https" : "http", properties.origin)
    switch property("path-style-access") {
    case "true": usesPathStyle = true
    case "false": usesPathStyle = false
    // stores of one's own rarely have a host name for every bucket
    case nil: usesPathStyle = endpoint != nil && !host.hasSuffix(".amazonaws.com")
    case let text?:
      throw PrestoError(.configurationInvalid, "\(properties.origin): 's3.path-style-access' must be true or false, found '\(text)'")
    }
    retries = try number("max-error-retries", 5, 0...20)
    timeout = try number("socket-read-timeout", 60, 1...3600)
    partSize = try number("streaming.part-size", 8, 5...512) << 20
    let access = property("aws-access-key"), secret = property("aws-secret-key")
    guard (access == nil) == (secret == nil) else {
      throw PrestoError(
        .configurationInvalid, "\(properties.origin): 's3.aws-access-key' and 's3.aws-secret-key' belong together, and one is missing")
    }
    if let access, let secret {
      credentials = S3Credentials(accessKey: access, secretKey: secret, sessionToken: property("aws-session-token"))
    } else if property("profile") == nil, let access = environment("AWS_ACCESS_KEY_ID"), let secret = environment("AWS_SECRET_ACCESS_KEY") {
      credentials = S3Credentials(accessKey: access, secretKey: secret, sessionToken: environment("AWS_SESSION_TOKEN"))
    } else if let access = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
      credentials = S3Credentials(accessKey: access, secretKey: secret, sessionToken: profile["aws_session_token"])
    } else if let name = property("profile") {
      throw PrestoError(.configurationInvalid, "\(properties.origin): there are no keys in the profile '\(name)'")
    }
  }

  /// Errors do not repeat the text: it may hold a password.
  private static func address(_ text: String, standard: String, _ origin: String) throws -> (String, String) {
    var scheme = standard
    var rest = text[...]
    for known in ["https", "http"] where rest.hasPrefix(known + "://") {
      scheme = known
      rest = rest.dropFirst(known.utf8.count + 3)
      break
    }
    while rest.hasSuffix("/") { rest = rest.dropLast() }
    let isHost = rest.utf8.allSatisfy { byte in
      (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || [45, 46, 58, 91, 93, 95].contains(byte)
    }
    guard isHost, !rest.isEmpty else {
      throw PrestoError(.configurationInvalid, "\(origin): 's3.endpoint' must be like https://host or http://host:port, and no more")
    }
    return (scheme, String(rest))
  }

  /// Host and path (not yet encoded) of a bucket's object.
  func place(_ location: S3Location) -> (host: String, path: String) {
    // a certificate for *.host does not cover a bucket with dots
    let isInPath = usesPathStyle || location.bucket.contains(".") || location.bucket.contains("_")
    return isInPath ? (host, "/\(location.bucket)/\(location.key)") : ("\(location.bucket).\(host)", "/\(location.key)")
  }
}
