import Expressions
import Federation
import ObjectStore
import Values

/// Where a table's files are.
public enum LakeLocation: Hashable, Sendable, Codable {
  /// A folder, with everything beneath it; `key=value` folders are partition columns.
  case folder(String)
  case file(String)
  /// A path with wildcards.
  case pattern(String)

  public var path: String {
    switch self {
    case .folder(let path), .file(let path), .pattern(let path): path
    }
  }
}

/// The table handle: where the files are, what columns they have together, and what the scan has taken over.
public struct LakeTable: Hashable, Sendable, Codable, CustomStringConvertible {
  /// As it was asked for: `schema.table`, or the path.
  public var name: String
  public var location: LakeLocation
  /// In the order of `SELECT *`; without hidden ones.
  public var columns: [LakeColumn]
  public var format: LakeFormat
  /// Evaluated inside the scan, and used for skipping.
  public var filter: Expr<LakeColumn>?
  /// Each split ends after so many rows.
  public var limit: Int?
  /// Answered from footers: the table then has one row, and its columns are these.
  public var summary: [LakeSummary]?
  /// The files, for tables that are far away: planning and reading see the same ones, and the listing travels once.
  public var listing: LakeListing?

  init(name: String, location: LakeLocation, columns: [LakeColumn], format: LakeFormat = .parquet) {
    self.format = format
    self.name = name
    self.location = location
    self.columns = columns
  }

  public var description: String {
    var text = "lake:\(name)"
    if summary != nil { text += " summary" }
    if let limit { text += " limit \(limit)" }
    return text
  }

  var partitionColumns: [LakeColumn] { columns.filter { $0.source == .partition } }
}

public struct LakeColumn: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Where a row's value comes from.
  public enum Source: Hashable, Sendable, Codable {
    case file, partition
    case path, fileSize, fileModified
    /// The i-th answer of a summary.
    case summary(Int)
  }

  /// As the files or folders spell it.
  public var name: String
  public var type: DataType
  public var source: Source

  public var description: String { name }

  static let hidden = [
    LakeColumn(name: "$path", type: .varchar, source: .path),
    LakeColumn(name: "$file_size", type: .bigint, source: .fileSize),
    LakeColumn(name: "$file_modified_time", type: .timestamp(precision: 6), source: .fileModified),
  ]

  /// The same for every row of a file.
  var isPerFile: Bool {
    switch source {
    case .partition, .path, .fileSize, .fileModified: true
    case .file, .summary: false
    }
  }
}

/// An aggregate that footers answer.
public enum LakeSummary: Hashable, Sendable, Codable {
  case rowCount
  /// Rows that are not null.
  case valueCount(LakeColumn)
  case minimum(LakeColumn)
  case maximum(LakeColumn)

  var type: DataType {
    switch self {
    case .rowCount, .valueCount: .bigint
    case .minimum(let column), .maximum(let column): column.type
    }
  }
}

/// The files of a table as one listing showed them.
public final class LakeListing: Hashable, Sendable, Codable {
  let entries: [ObjectEntry]

  init(_ entries: [ObjectEntry]) { self.entries = entries }

  public static func == (a: LakeListing, b: LakeListing) -> Bool { a === b || a.entries == b.entries }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(entries.count)
    hasher.combine(entries.last)
  }
}

/// A table's file with what its folders say.
struct LakeFile: Hashable, Sendable, Codable {
  var entry: ObjectEntry
  /// In the order of the table's partition columns.
  var partition: [Constant] = []

  var path: String { entry.path }

  /// The value of a column that is the same for all rows; nil for others.
  func value(of column: LakeColumn, in table: LakeTable) -> Constant? {
    switch column.source {
    case .partition: table.partitionColumns.firstIndex(of: column).map { $0 < partition.count ? partition[$0] : .null }
    case .path: .text(path)
    case .fileSize: .integer(Int64(entry.size))
    case .fileModified: .integer(Int64(entry.modified / 1000))
    case .file, .summary: nil
    }
  }
}

/// Some rows of some files.
public struct LakeSplit: Sendable, Codable {
  var pieces: [LakePiece]
}

struct LakePiece: Sendable, Codable {
  var file: LakeFile
  var rowGroup: Int
  /// Rows of the group; nil: all.
  var rows: Range<Int>?
}
