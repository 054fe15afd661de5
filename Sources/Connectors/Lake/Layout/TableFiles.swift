import Expressions
import Federation
import ObjectStore
import Parquet
import Values

/// A table's files, and the columns they have together.
struct TableFiles: Sendable {
  let store: any ObjectStore
  let footers: FooterCache

  /// Columns of files of text, by `schema.table`: what the catalog declares of them.
  var declared: [String: [DataType.Field]] = [:]

  static func isFileName(_ path: String) -> Bool { LakeFormat.parted(path) != nil }

  /// Parquet where there is any, else files like the first that is known.
  static func ofOneKind(_ entries: [ObjectEntry]) -> [ObjectEntry] {
    let known = entries.compactMap { entry in LakeFormat.parted(entry.path).map { (entry, $0.format) } }
    let parquet = known.filter { !$0.1.isText }
    guard parquet.isEmpty, let first = known.first?.1 else { return parquet.map(\.0) }
    return known.filter { first.isAlike($0.1) }.map(\.0)
  }

  private func entries(_ location: LakeLocation) async throws -> [ObjectEntry] {
    switch location {
    case .folder(let path): return TableFiles.ofOneKind(try await store.list(path))
    case .file(let path): return try await store.entry(path).map { [$0] } ?? []
    case .pattern(let text): return try await ObjectPattern(text).files(in: store)
    }
  }

  /// The part of every path that says nothing of partitions.
  private func root(_ location: LakeLocation) -> String {
    switch location {
    case .folder(let path): return path
    case .file(let path): return ObjectPath.parent(path)
    case .pattern(let text):
      let fixed = text.split(separator: "/", omittingEmptySubsequences: false).prefix { !ObjectPattern.isPattern(String($0)) }
      return fixed.filter { PartitionValues.pair($0) == nil }.joined(separator: "/")
    }
  }

  /// The files as they are now, for a table that is known.
  func files(of table: LakeTable) async throws -> [LakeFile] {
    let partitions = table.partitionColumns, root = root(table.location)
    let entries = if let listing = table.listing { listing.entries } else { try await entries(table.location) }
    return try entries.map { try file($0, partitions, root) }
  }

  private func file(_ entry: ObjectEntry, _ partitions: [LakeColumn], _ root: String) throws -> LakeFile {
    var file = LakeFile(entry: entry)
    if partitions.isEmpty { return file }
    let parts = PartitionValues.parts(of: entry.path, under: root)
    file.partition = try partitions.map { column in
      try PartitionValues.value(parts.last { $0.key == column.name }?.text, column.type, entry.path)
    }
    return file
  }

  /// The table at a location; nil: there are no files.
  /// `known`: the files, where they have been listed already.
  func table(_ name: String, at location: LakeLocation, _ known: [ObjectEntry]? = nil) async throws -> LakeTable? {
    let entries = if let known { known } else { try await entries(location) }
    guard let first = entries.first, let last = entries.last else { return nil }
    let root = root(location)
    if case .text(let format)? = LakeFormat.parted(last.path)?.format { return try await table(name, location, entries, root, format) }
    // newest name last: its columns come first, in its order
    let footers = try await self.footers.footers(first == last ? [last] : [last, first]).map(\.parquet)
    let partitions = partitionColumns(entries, root, footers[0].keyValues)
    var columns: [LakeColumn] = []
    for footer in footers {
      for column in footer.schema {
        let key = column.name.lowercased()
        if partitions.contains(where: { $0.name.lowercased() == key }) { continue }
        if let place = columns.firstIndex(where: { $0.name == column.name }) {
          let known = columns[place].type
          if known == column.type || footer === footers[0] { continue }
          guard let common = Coercion.commonType(known, column.type) else {
            throw TableFiles.mismatch(column.name, column.type, known, file: first.path)
          }
          columns[place].type = common
        } else {
          columns.append(LakeColumn(name: column.name, type: column.type, source: .file))
        }
      }
    }
    var table = LakeTable(name: name, location: location, columns: columns + partitions)
    if store.isRemote(location.path) { table.listing = LakeListing(entries) }
    return table
  }

  /// Keys in the order of the folders; types as the writer noted them, else inferred from all values.
  func partitionColumns(_ entries: [ObjectEntry], _ root: String, _ notes: [(key: String, value: String?)]) -> [LakeColumn] {
    var keys: [String] = []
    var texts: [String: Set<String?>] = [:]
    for entry in entries {
      for (key, text) in PartitionValues.parts(of: entry.path, under: root) {
        if texts[key] == nil { keys.append(key) }
        texts[key, default: []].insert(text)
      }
    }
    return keys.map { key in
      let noted = notes.first { $0.key == TableFiles.partitionNote + key }?.value
      let type = TableFiles.notedTypes.first { $0.description == noted } ?? PartitionValues.type(of: texts[key] ?? [])
      return LakeColumn(name: key, type: type, source: .partition)
    }
  }

  /// Files written here say what type a partition column had: folders only have texts.
  static let partitionNote = "minipresto.partition."
  private static let notedTypes: [DataType] = [.date, .bigint, .integer, .smallint, .tinyint, .boolean, .varchar]

  static func mismatch(_ column: String, _ found: DataType, _ wanted: DataType, file: String) -> PrestoError {
    PrestoError(
      .partitionSchemaMismatch, "\(file): column '\(column)' is of type \(found), which does not fit the table's type \(wanted)",
      hint: "Files of one table may differ in columns, and in types where no value is lost.")
  }
}
