import Parquet

/// What a table's files hold.
public enum LakeFormat: Hashable, Sendable, Codable {
  case parquet
  case text(TextFormat)

  /// The name of a table's file without what says its kind; nil: no file of a table.
  static func parted(_ name: String) -> (stem: String, format: LakeFormat)? {
    var rest = name[...]
    if rest.hasSuffix(".parquet") { return (String(rest.dropLast(8)), .parquet) }
    for ending in [".gz", ".zst"] where rest.hasSuffix(ending) { rest = rest.dropLast(ending.utf8.count) }
    for (ending, format) in endings where rest.hasSuffix(ending) { return (String(rest.dropLast(ending.utf8.count)), .text(format)) }
    return nil
  }

  private static let endings: [(String, TextFormat)] = [
    (".csv", TextFormat(isJSON: false)), (".tsv", TextFormat(isJSON: false, delimiter: 9)), (".jsonl", TextFormat(isJSON: true)),
    (".ndjson", TextFormat(isJSON: true)), (".json", TextFormat(isJSON: true)),
  ]

  static func codec(of path: String) -> InflatingStream.Codec { path.hasSuffix(".gz") ? .gzip : path.hasSuffix(".zst") ? .zstd : .none }

  var isText: Bool { if case .text = self { true } else { false } }

  /// Files of one table are of one kind.
  func isAlike(_ other: LakeFormat) -> Bool {
    switch (self, other) {
    case (.parquet, .parquet): true
    case (.text(let a), .text(let b)): a.isJSON == b.isJSON
    case (.parquet, .text), (.text, .parquet): false
    }
  }
}

/// How lines of text are rows.
public struct TextFormat: Hashable, Sendable, Codable {
  /// An object on each line; otherwise fields between delimiters.
  var isJSON: Bool
  var delimiter: UInt8 = 44
  /// The first row of every file names the columns.
  var hasHeader = false
}
