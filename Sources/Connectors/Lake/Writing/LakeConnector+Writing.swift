import Expressions
import Federation
import ObjectStore
import Parquet
import Values
import Vectors

extension LakeConnector {
  private func writable() throws -> LakeLayout {
    guard let layout else { throw PrestoError(.notSupported, "Paths can only be read; tables are written into a catalog") }
    return layout
  }

  public func begin(_ intent: WriteIntent<LakeTable>) async throws -> any TableWrite {
    let layout = try writable()
    switch intent {
    case .create(let name, let fields, let properties): return try await create(name, fields, properties, layout)
    case .insert(let table, let columns):
      guard case .folder(let folder) = table.location else {
        throw PrestoError(
          .notSupported, "Rows cannot be inserted into \(table.name): it is a single file", hint: "Tables that are folders can grow.")
      }
      if table.format.isText {
        throw PrestoError(
          .notSupported, "Rows cannot be inserted into \(table.name): its files are text", hint: "Parquet is what is written here.")
      }
      return try await LakeWrite(
        fields: table.columns.map { DataType.Field($0.name, $0.type) }, partitioned: table.partitionColumns.map(\.name),
        written: columns, codec: .zstd, into: folder, isNew: false, layout.store)
    case .replace: throw PrestoError(.notSupported, "This connector does not support modifying table rows")
    }
  }

  private func create(_ name: TableName, _ fields: [DataType.Field], _ properties: [String: String], _ layout: LakeLayout) async throws
    -> any TableWrite
  {
    guard let schema = try await layout.folder(of: name.schema) else {
      throw PrestoError(.schemaNotFound, "Schema '\(name.schema)' does not exist")
    }
    guard ObjectPath.isPlainName(name.table), !ObjectPath.isHidden(name.table), PartitionValues.pair(name.table) == nil else {
      throw PrestoError(.notSupported, "'\(name.table)' cannot be the name of a folder")
    }
    if try await layout.location(of: name) != nil { throw PrestoError(.tableAlreadyExists, "Table '\(name)' already exists") }
    var partitioned: [String] = []
    var codec = CompressionCodec.zstd
    for (key, text) in properties {
      switch key {
      case "format":
        guard LakeConnector.words(text).map({ $0.uppercased() }) == ["PARQUET"] else {
          throw PrestoError(.invalidTableProperty, "Table property 'format' can only be PARQUET, found \(text)")
        }
      case "partitioned_by": partitioned = LakeConnector.words(text)
      case "compression_codec":
        guard let found = LakeConnector.codecs[LakeConnector.words(text).first?.uppercased() ?? ""] else {
          throw PrestoError(
            .invalidTableProperty, "Unknown compression codec: \(text)",
            hint: "Known: " + LakeConnector.codecs.keys.sorted().joined(separator: ", "))
        }
        codec = found
      default: throw PrestoError(.invalidTableProperty, "Catalog does not support table property '\(key)'")
      }
    }
    return try await LakeWrite(
      fields: fields, partitioned: partitioned, written: fields.enumerated().map { $1.name ?? "_col\($0)" }, codec: codec,
      into: ObjectPath.join(schema, name.table), isNew: true, layout.store)
  }

  private static let codecs: [String: CompressionCodec] = [
    "NONE": .uncompressed, "UNCOMPRESSED": .uncompressed, "SNAPPY": .snappy, "ZSTD": .zstd, "GZIP": .gzip, "LZ4": .lz4Raw,
  ]

  /// `ARRAY['a', 'b']`, `['a','b']`, `'a'` or `a, b` as words.
  private static func words(_ text: String) -> [String] {
    var inner = text[...]
    if let open = inner.firstIndex(of: "["), let close = inner.lastIndex(of: "]"), open < close {
      inner = inner[inner.index(after: open)..<close]
    }
    return inner.split(separator: ",").map { part in
      part.split(whereSeparator: { $0 == " " || $0 == "'" || $0 == "\"" }).joined(separator: " ")
    }.filter { !$0.isEmpty }
  }

  /// Whole partitions: files are never written anew.
  public func apply(deletion filter: Expr<LakeColumn>, to table: LakeTable) throws -> LakeTable? {
    guard case .folder = table.location, !table.format.isText, filter.references.allSatisfy({ $0.source == .partition }),
      let answer = try apply(filter: filter, to: table), answer.residual == nil
    else { return nil }
    return answer.table
  }

  public func delete(_ table: LakeTable, _ context: ScanContext) async throws -> sending any BatchSource {
    let layout = try writable()
    guard case .folder(let root) = table.location, !table.format.isText else {
      throw PrestoError(.notSupported, "Rows cannot be deleted from \(table.name): only folders of Parquet lose whole partitions")
    }
    return LakeDeletion(LakeScan(table), root: root, files, in: layout.location, context)
  }

  public func drop(_ table: TableName) async throws {
    let layout = try writable()
    guard let location = try await layout.location(of: table) else { throw PrestoError(.tableNotFound, "Table '\(table)' does not exist") }
    let path = location.path
    // a link may lead anywhere: nothing outside the catalog's own folder is removed
    guard layout.store.contains(layout.location, path) else {
      throw PrestoError(.permissionDenied, "Table '\(table)' lies outside the catalog's location: \(path)")
    }
    switch location {
    case .folder: try await layout.store.removeTree(path)
    case .file: try await layout.store.delete(path)
    case .pattern: break
    }
  }

  public func createSchema(_ name: String) async throws {
    let layout = try writable()
    guard ObjectPath.isPlainName(name), !ObjectPath.isHidden(name), PartitionValues.pair(name) == nil else {
      throw PrestoError(.notSupported, "'\(name)' cannot be the name of a folder")
    }
    if try await layout.folder(of: name) != nil { throw PrestoError(.schemaAlreadyExists, "Schema '\(name)' already exists") }
    try await layout.store.createFolder(ObjectPath.join(layout.location, name))
  }

  public func dropSchema(_ name: String) async throws {
    let layout = try writable()
    guard name != LakeLayout.defaultSchema, let folder = try await layout.folder(of: name) else {
      throw PrestoError(.schemaNotFound, "Schema '\(name)' does not exist or cannot be dropped")
    }
    if try await !layout.tables(in: name).isEmpty { throw PrestoError(.schemaNotEmpty, "Schema not empty: '\(name)'") }
    try await layout.store.removeEmptyFolder(folder)
  }
}
