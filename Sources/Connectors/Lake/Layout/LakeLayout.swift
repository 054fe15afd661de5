import Federation
import ObjectStore
import Parquet
import Values

/// How folders and files are schemas and tables.
///
///     location/
///       orders.parquet                     default.orders
///       clicks/part-0.parquet …            default.clicks     files of one kind are one table …
///       events/dt=2026-01-31/a.parquet     default.events     … and so are partition folders
///       sales/items/part-0.parquet         sales.items
///       tpch/lineitem.parquet              tpch.lineitem      files of different kinds are tables of a schema
///       tpch/orders.parquet                tpch.orders
///       shops.csv, hits.jsonl.gz           default.shops, default.hits    text: .csv .tsv .jsonl .ndjson .json, as they are or .gz or .zst
///
/// What can be read both ways is listed one way and found either way: look-ups try `location/schema/table` first as a folder, then as a file.
struct LakeLayout: Sendable {
  let store: any ObjectStore
  let location: String
  let footers: FooterCache

  static let defaultSchema = "default"
  func schemas() async throws -> [String] {
    let level = try await root()
    var names = [LakeLayout.defaultSchema]
    for folder in level.folders where PartitionValues.pair(folder) == nil && folder.lowercased() != LakeLayout.defaultSchema {
      if try await !isTable(ObjectPath.join(location, folder)) { names.append(folder.lowercased()) }
    }
    return names.sorted()
  }

  func tables(in schema: String) async throws -> [TableName] {
    guard let folder = try await folder(of: schema), let level = try await store.level(folder) else { return [] }
    var names: Set<String> = []
    for file in level.files {
      let name = ObjectPath.name(file.path)
      if let (stem, _) = LakeFormat.parted(name), !stem.isEmpty { names.insert(stem.lowercased()) }
    }
    let isDefault = folder == location
    for name in level.folders where PartitionValues.pair(name) == nil {
      let path = ObjectPath.join(folder, name)
      let isListed = isDefault ? try await isTable(path) : try await holdsFiles(path)
      if isListed { names.insert(name.lowercased()) }
    }
    return names.sorted().map { TableName(schema: schema, table: $0) }
  }

  /// What is directly in the location.
  private func root() async throws -> ObjectLevel {
    if let level = try await store.level(location) { return level }
    // buckets have no folders: one without files is an empty one
    if store.isRemote(location) { return ObjectLevel(files: [], folders: []) }
    throw PrestoError(.fileSystemError, "'lake.location' is no folder: \(location)")
  }

  /// Where a table is, and its files where finding it has listed them; nil: there is no such table.
  func located(_ name: TableName) async throws -> (location: LakeLocation, entries: [ObjectEntry]?)? {
    // far away every look costs a round trip: one under the very name answers most questions
    if store.isRemote(location), ObjectPath.isPlainName(name.table), ObjectPath.isPlainName(name.schema) {
      let schema = name.schema == LakeLayout.defaultSchema ? location : ObjectPath.join(location, name.schema)
      let path = ObjectPath.join(schema, name.table)
      let entries = TableFiles.ofOneKind(try await store.list(path))
      if !entries.isEmpty { return (.folder(path), entries) }
    }
    return try await location(of: name).map { ($0, nil) }
  }

  /// nil: there is no such table.
  func location(of name: TableName) async throws -> LakeLocation? {
    guard let folder = try await folder(of: name.schema), let level = try await store.level(folder) else { return nil }
    if let found = match(name.table, level.folders) {
      let path = ObjectPath.join(folder, found)
      if try await holdsFiles(path) { return .folder(path) }
    }
    let files = level.files.map { ObjectPath.name($0.path) }
    // Parquet before others of the same name
    let stems = files.compactMap { file in LakeFormat.parted(file).map { (file, $0.stem, $0.format.isText) } }
    let ordered = stems.filter { !$0.2 } + stems.filter(\.2)
    let found = ordered.first { $0.1 == name.table } ?? ordered.first { $0.1.lowercased() == name.table.lowercased() }
    return found.map { .file(ObjectPath.join(folder, $0.0)) }
  }

  /// The folder of a schema; `default` is the location itself unless there is a folder of that name. nil: there is no such schema.
  func folder(of schema: String) async throws -> String? {
    let level = try await root()
    if schema == LakeLayout.defaultSchema { return location }
    return match(schema, level.folders).map { ObjectPath.join(location, $0) }
  }

  /// The name as it is spelt; exact before case-blind.
  private func match(_ name: String, _ names: [String]) -> String? {
    names.first { $0 == name } ?? names.first { $0.lowercased() == name.lowercased() }
  }

  /// Whether a folder of the location is one table rather than a schema: partition folders, or files that all have the same columns.
  private func isTable(_ folder: String) async throws -> Bool {
    guard let level = try await store.level(folder) else { return false }
    if level.folders.contains(where: { PartitionValues.pair($0) != nil }) { return true }
    let files = TableFiles.ofOneKind(level.files)
    guard let first = files.first, let last = files.last else { return false }
    if files.count == 1 { return true }
    return try await names(first) == names(last)
  }

  /// nil: the file cannot be understood.
  private func names(_ entry: ObjectEntry) async throws -> [String]? {
    do {
      if case .text(let format)? = LakeFormat.parted(entry.path)?.format {
        return try await TextSample(entry, format, store).columns.map(\.name)
      }
      return try await footers.footer(entry).parquet.schema.map(\.name)
    } catch {
      // a store that does not answer is no file that cannot be understood
      if store.isRemote(entry.path), PrestoError(error).code != .parquetBadData, PrestoError(error).code != .notSupported { throw error }
      return nil
    }
  }

  /// Whether there is any file of a table beneath.
  private func holdsFiles(_ folder: String) async throws -> Bool {
    if store.isRemote(folder) { return try await store.list(folder).contains { TableFiles.isFileName($0.path) } }
    guard let level = try await store.level(folder) else { return false }
    if level.files.contains(where: { TableFiles.isFileName($0.path) }) { return true }
    for name in level.folders where try await holdsFiles(ObjectPath.join(folder, name)) { return true }
    return false
  }
}
