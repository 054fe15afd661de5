// Lake: folders and buckets of Parquet files, and of text, as schemas and tables.
//
// In come a location (`lake.location`) or a bare path (`SELECT … FROM 'logs/**/*.parquet'`); out go tables whose columns are those of the files
// and of `key=value` folders, and batches that already satisfy the filter. There is no metastore: a new file is there with the next query.
//
//     apply(filter:) ─▶ LakeTable.filter ─▶ per file: folders decide, file never opened
//                                       ─▶ per row group: statistics, bloom filters; per page: page index          (LakeConditions)
//                                       ─▶ per row: evaluated on the filter's columns, the others decoded after    (LakeStage)
//     keys of joins take the same three ways, and sharpen while the scan runs
//
// Files of text (delimited, or an object on each line) are read whole, from front to back: Text/.
//
// Layout/ finds files and columns, Reading/ reads, Writing/ writes: files appear under their names when they are whole.
import Expressions
import Federation
import Glibc
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
  private let statistics: StatisticsCache

  /// `location`: a folder of this machine, absolute or relative to the working directory, or `s3://bucket/folder` with keys from the environment.
  public convenience init(location: String) {
    self.init(location: location, store: StoreByPath(Properties([:], origin: "lake")))
  }

  /// `location`: nil for a connector that reads paths only.
  package init(
    location: String?, store: any ObjectStore, declared: [String: [DataType.Field]] = [:], cacheSize: Int = LakeConnector.cacheSize,
    pages: PageCache = LakeConnector.pages
  ) {
    let footers = FooterCache(store, RangeCache(limit: cacheSize), pages)
    files = TableFiles(store: store, footers: footers, declared: declared)
    statistics = StatisticsCache(footers)
    layout = location.map { LakeLayout(store: store, location: $0, footers: footers) }
  }

  /// A connector without schemas that reads paths: what makes `FROM 'x.parquet'` work with no catalog at all.
  public static func files() -> LakeConnector { LakeConnector(location: nil, store: StoreByPath(Properties([:], origin: "files"))) }

  /// The standard factory, and the same under the names people try first.
  public static let factory = factory(named: "lake")
  public static let factories = [factory, factory(named: "files"), factory(named: "parquet")]

  /// Bytes of remote files that are kept, unless `lake.cache-size` says otherwise.
  package static let cacheSize = 256 << 20

  /// Decompressed pages, of all catalogs without a `lake.page-cache-size` of their own: at most a fortieth of the machine's memory.
  package static let pages = PageCache(limit: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / 40)

  private static func factory(named name: String) -> ConnectorFactory {
    let keys = ["lake.location", "lake.cache-size", "lake.page-cache-size", "lake.columns."]
    return ConnectorFactory(name: name, knownKeys: keys + S3Configuration.knownKeys) { _, properties in
      let store = StoreByPath(properties)
      let pages =
        properties["lake.page-cache-size"] == nil
        ? LakeConnector.pages : PageCache(limit: try properties.value("lake.page-cache-size", default: DataSize(bytes: 0)).bytes)
      // paths alone need no folder of tables
      if name == "files" && properties["lake.location"] == nil { return LakeConnector(location: nil, store: store, pages: pages) }
      var location = try properties.required("lake.location")
      if location.hasPrefix("file://") { location = String(location.dropFirst(7)) }
      if let bucket = S3Location(location) {
        // what is wrong with the keys is said now, not with the first query
        _ = try S3Configuration(properties)
        location = bucket.path
      } else if location.contains("://") {
        throw PrestoError(
          .configurationInvalid,
          "\(properties.origin): 'lake.location' must be a local folder or like s3://bucket/folder, found '\(location)'")
      }
      while location.count > 1 && location.hasSuffix("/") { location.removeLast() }
      let cacheSize = try properties.value("lake.cache-size", default: DataSize(bytes: LakeConnector.cacheSize))
      return LakeConnector(
        location: location, store: store, declared: try TableFiles.declared(properties), cacheSize: cacheSize.bytes,
        pages: pages)
    }
  }

  // What is there

  public func schemas() async throws -> [String] { try await layout?.schemas() ?? [] }
  public func tables(in schema: String) async throws -> [TableName] { try await layout?.tables(in: schema) ?? [] }

  public func table(_ name: TableName) async throws -> LakeTable? {
    guard let layout, let (location, entries) = try await layout.located(name) else { return nil }
    return try await files.table("\(name)", at: location, entries)
  }

  /// A file, a folder, or a pattern; relative to the working directory. Throws `NOT_FOUND` where nothing matches.
  public func table(forPath path: String) async throws -> LakeTable? {
    var path = path
    if path.hasPrefix("file://") { path = String(path.dropFirst(7)) }
    if path.contains("://") && S3Location(path) == nil { return nil }
    let location: LakeLocation
    if ObjectPattern.isPattern(path) {
      location = .pattern(path)
    } else if !files.store.isRemote(path) ? LocalStore.isFolder(path) : TableFiles.isFileName(path) == false {
      location = .folder(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    } else if path.contains("/") || TableFiles.isFileName(path) {
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
    if table.format.isText {
      // a line is taken to have so many bytes, compressed ones a quarter of them
      let bytes = try await files.files(of: table).reduce(0.0) { sum, file in
        sum + Double(file.entry.size) * (LakeFormat.codec(of: file.path) == .none ? 1 : 4)
      }
      return TableStatistics(rows: max(1, bytes / 100))
    }
    return try await statistics.statistics(of: table, try await files.files(of: table))
  }

  // Reading

  public func splits(of table: LakeTable, narrowedBy filter: DynamicFilter<LakeColumn>, _ context: ScanContext) async throws
    -> any SplitSource<LakeSplit>
  {
    if table.summary != nil { return FixedSplits([LakeSplit(pieces: [])]) }
    if table.format.isText {
      let scan = LakeScan(table)
      let chosen = try await files.files(of: table).filter { try scan.mayHold($0, context) && scan.mayMatch($0, filter.current) }
      return FixedSplits(chosen.map { LakeSplit(pieces: [LakePiece(file: $0, rowGroup: 0, rows: nil)]) })
    }
    return LakeSplits(LakeScan(table), try await files.files(of: table), files.footers, filter, context)
  }

  public func isBrief(_ table: LakeTable) -> Bool { table.summary != nil }

  public func open(
    _ split: LakeSplit, of table: LakeTable, columns: [LakeColumn], narrowedBy filter: DynamicFilter<LakeColumn>, _ context: ScanContext
  ) async throws -> sending any BatchSource {
    if case .text(let format) = table.format { return TextSource(table, format, split, columns: columns, files.store, context) }
    let scan = LakeScan(table)
    if let summary = table.summary {
      let outputs = columns.compactMap { if case .summary(let index) = $0.source { index } else { nil } }
      return SummarySource(scan, summary, outputs: outputs, files, context)
    }
    return LakeSource(scan, split, columns: columns, filter: filter, context, files.footers)
  }
}
