// Lake: folders of Parquet files as schemas and tables.
//
// In come a location (`lake.location`) or a bare path (`SELECT … FROM 'logs/**/*.parquet'`); out go tables whose columns are those of the files
// and of `key=value` folders, and batches that already satisfy the filter. There is no metastore: a new file is there with the next query.
//
//     apply(filter:) ─▶ LakeTable.filter ─▶ per file: folders decide, file never opened
//                                       ─▶ per row group: statistics, bloom filters; per page: page index          (LakeConditions)
//                                       ─▶ per row: evaluated on the filter's columns, the others decoded after    (LakeStage)
//     keys of joins take the same three ways, and sharpen while the scan runs
//
// Layout/ finds files and columns, Reading/ reads, Writing/ writes: files appear under their names when they are whole.
import Expressions
import Federation
import ObjectStore
import Parquet
import Settings
import Values
import Vectors

public final class LakeConnector: Connector {
  public typealias Table = LakeTable
  public typealias Column = LakeColumn
  public typealias Split = LakeSplit

  /// nil: paths only.
  let layout: LakeLayout?
  let files: TableFiles

  /// `location`: a folder of this machine, absolute or relative to the working directory.
  public init(location: String) {
    let store = LocalStore()
    let footers = FooterCache()
    files = TableFiles(store: store, footers: footers)
    layout = LakeLayout(store: store, location: location, footers: footers)
  }

  private init() {
    files = TableFiles(store: LocalStore(), footers: FooterCache())
    layout = nil
  }

  /// A connector without schemas that reads paths: what makes `FROM 'x.parquet'` work with no catalog at all.
  public static func files() -> LakeConnector { LakeConnector() }

  /// The standard factory, and the same under the names people try first.
  public static let factory = factory(named: "lake")
  public static let factories = [factory, factory(named: "files"), factory(named: "parquet")]

  private static func factory(named name: String) -> ConnectorFactory {
    ConnectorFactory(name: name, knownKeys: ["lake.location"]) { _, properties in
      // paths alone need no folder of tables
      if name == "files" && properties["lake.location"] == nil { return LakeConnector.files() }
      var location = try properties.required("lake.location")
      if location.hasPrefix("file://") { location = String(location.dropFirst(7)) }
      if location.contains("://") {
        throw PrestoError(.configurationInvalid, "\(properties.origin): 'lake.location' must be a local folder, found '\(location)'")
      }
      while location.count > 1 && location.hasSuffix("/") { location.removeLast() }
      return LakeConnector(location: location)
    }
  }

  // What is there

  public func schemas() async throws -> [String] { try await layout?.schemas() ?? [] }
  public func tables(in schema: String) async throws -> [TableName] { try await layout?.tables(in: schema) ?? [] }

  public func table(_ name: TableName) async throws -> LakeTable? {
    guard let layout, let location = try await layout.location(of: name) else { return nil }
    return try await files.table("\(name)", at: location)
  }

  /// A file, a folder, or a pattern; relative to the working directory. Throws `NOT_FOUND` where nothing matches.
  public func table(forPath path: String) async throws -> LakeTable? {
    var path = path
    if path.hasPrefix("file://") { path = String(path.dropFirst(7)) }
    if path.contains("://") { return nil }
    let location: LakeLocation
    if ObjectPattern.isPattern(path) {
      location = .pattern(path)
    } else if LocalStore.isFolder(path) {
      location = .folder(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    } else if path.contains("/") || path.hasSuffix(".parquet") {
      location = .file(path)
    } else {
      return nil
    }
    guard let table = try await files.table("'\(path)'", at: location) else {
      throw PrestoError(.notFound, "No Parquet files match '\(path)'", hint: "Paths are relative to \(LocalStore.workingFolder).")
    }
    return table
  }

  public func columns(of table: LakeTable) async throws -> [ColumnDescription<LakeColumn>] {
    table.columns.map { ColumnDescription(name: $0.name.lowercased(), type: $0.type, column: $0) }
      + LakeColumn.hidden.map { ColumnDescription(name: $0.name, type: $0.type, column: $0, isHidden: true, isNullable: false) }
  }

  public func statistics(of table: LakeTable) async throws -> TableStatistics<LakeColumn> {
    if table.summary != nil { return TableStatistics(rows: 1) }
    return try LakeStatistics(table: table, footers: files.footers).estimate(try await files.files(of: table))
  }

  // Reading

  public func splits(of table: LakeTable, narrowedBy filter: DynamicFilter<LakeColumn>, _ context: ScanContext) async throws
    -> any SplitSource<LakeSplit>
  {
    if table.summary != nil { return FixedSplits([LakeSplit(pieces: [])]) }
    return LakeSplits(LakeScan(table), try await files.files(of: table), files.footers, filter, context)
  }

  public func open(
    _ split: LakeSplit, of table: LakeTable, columns: [LakeColumn], narrowedBy filter: DynamicFilter<LakeColumn>, _ context: ScanContext
  ) async throws -> sending any BatchSource {
    let scan = LakeScan(table)
    if let summary = table.summary {
      let outputs = columns.compactMap { if case .summary(let index) = $0.source { index } else { nil } }
      return SummarySource(scan, summary, outputs: outputs, files, context)
    }
    return LakeSource(scan, split, columns: columns, filter: filter, context, files.footers)
  }
}
