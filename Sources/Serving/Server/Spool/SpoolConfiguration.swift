import Settings

/// Segments of results beside the pages: whether, where, how many, how large, for how long. Names and defaults of the properties are Trino's where
/// it has them.
public struct SpoolConfiguration: Sendable {
  /// `protocol.spooling.enabled`
  public var isEnabled = true
  /// `fs.location`; nil: a directory for temporary files.
  public var directory: String?
  /// Bytes that all waiting segments may take; what comes beyond them travels inside the pages.
  public var maximumBytes = 4 << 30
  /// `fs.segment.ttl`: a segment that nobody has acknowledged for so long goes.
  public var timeToLive: Duration = .seconds(3600)
  /// `protocol.spooling.initial-segment-size` and `.max-segment-size`: bytes of rows in the first segment, and in later ones, which double.
  public var initialSegmentBytes = 1 << 20
  /// A little less than a power of two, to which buffers grow.
  public var maximumSegmentBytes = (4 << 20) - (64 << 10)
  /// `protocol.spooling.inlining.max-size`: segments up to this size travel inside the page.
  public var inlineBytes = 128 << 10
  /// Bytes of segments that one statement makes ahead of its client's polls; the query pauses when there are more.
  public var bytesAhead = 64 << 20

  public init() {}

  /// Takes what the properties say.
  mutating func apply(_ properties: Properties) throws {
    isEnabled = try properties.value("protocol.spooling.enabled", default: isEnabled)
    if let location = properties["fs.location"] {
      directory = location.hasPrefix("file://") ? String(location.dropFirst("file://".count)) : location
    }
    timeToLive = try properties.value("fs.segment.ttl", default: timeToLive)
    func set(_ key: String, _ target: inout Int) throws {
      if properties[key] != nil { target = try properties.value(key, default: DataSize.unlimited).bytes }
    }
    try set("protocol.spooling.max-size", &maximumBytes)
    try set("protocol.spooling.initial-segment-size", &initialSegmentBytes)
    try set("protocol.spooling.max-segment-size", &maximumSegmentBytes)
    try set("protocol.spooling.inlining.max-size", &inlineBytes)
  }

  /// Keys that are taken, and keys of Trino's own about what there is only one way of here.
  static let known = [
    "protocol.spooling.enabled", "fs.location", "fs.segment.ttl", "protocol.spooling.max-size", "protocol.spooling.initial-segment-size",
    "protocol.spooling.max-segment-size", "protocol.spooling.inlining.max-size", "protocol.spooling.shared-secret-key",
    "protocol.spooling.retrieval-mode", "spooling-manager.name", "fs.local.enabled", "fs.layout", "fs.segment.pruning.enabled",
  ]
}
