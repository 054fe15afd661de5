import Federation
import ObjectStore
import Parquet
import Synchronization
import Values
import Vectors

/// One write: rows become files, and all files appear together (`Publication`).
final class LakeWrite: TableWrite {
  struct Shape: Sendable {
    /// What files hold, in order.
    var fields: [DataType.Field]
    /// For every field of a file, the written column; nil: nulls.
    var sources: [Int?]
    /// Partition columns with the written column of each.
    var partitions: [(field: DataType.Field, source: Int?)]
    /// For a table without rows: all columns in one file.
    var everything: [DataType.Field]
    var codec: CompressionCodec
  }

  let shape: Shape
  /// Unique among all writes: part of every file's name.
  var id: String { publication.id }
  private let publication: any Publication
  private let isNew: Bool
  private let state = Mutex<(sinks: Int, files: Int)>((0, 0))

  init(
    fields: [DataType.Field], partitioned: [String], written: [String], codec: CompressionCodec, into target: String, isNew: Bool,
    _ store: any ObjectStore
  ) async throws {
    let names = fields.enumerated().map { $1.name ?? "_col\($0)" }
    var seen: Set<String> = []
    for name in names where !seen.insert(name.lowercased()).inserted {
      throw PrestoError(.duplicateColumnName, "Column name '\(name)' specified more than once")
    }
    for name in written where !seen.contains(name.lowercased()) { throw PrestoError(.columnNotFound, "Column '\(name)' does not exist") }
    func source(_ name: String) -> Int? { written.firstIndex { $0.lowercased() == name.lowercased() } }
    let keys = try partitioned.map { wanted in
      guard let place = names.firstIndex(where: { $0.lowercased() == wanted.lowercased() }) else {
        throw PrestoError(.invalidTableProperty, "Partition column '\(wanted)' is not a column of the table")
      }
      guard PartitionValues.isSupported(fields[place].type) else {
        throw PrestoError(.notSupported, "Column '\(names[place])' of type \(fields[place].type) cannot partition a table")
      }
      return place
    }
    let stored = names.indices.filter { !keys.contains($0) }
    if stored.isEmpty { throw PrestoError(.notSupported, "A table needs a column that is not a partition column") }
    let named = zip(names, fields).map { DataType.Field($0, $1.type) }
    shape = Shape(
      fields: stored.map { named[$0] }, sources: stored.map { source(names[$0]) },
      partitions: keys.map { (named[$0], source(names[$0])) }, everything: named, codec: codec)
    self.isNew = isNew
    publication = try await store.publication(into: target, isNew: isNew)
  }

  func sink() async throws -> sending any BatchSink {
    let number = state.withLock { state in
      state.sinks += 1
      return state.sinks
    }
    return LakeSink(self, number)
  }

  /// Opens a file of the write, in its partition's folder.
  fileprivate func writer(_ folders: [String], _ number: Int) async throws -> sending LakeFileWriter {
    var options = ParquetWriterOptions()
    options.codec = shape.codec
    options.keyValues = shape.partitions.map { ("\(TableFiles.partitionNote)\($0.field.name ?? "")", $0.field.type.description) }
    state.withLock { $0.files += 1 }
    let relative = ObjectPath.join(folders.joined(separator: "/"), "part-\(id)-\(number).parquet")
    return try LakeFileWriter(try await publication.file(relative), relative, shape.fields, options)
  }

  func commit() async throws {
    if state.withLock({ $0.files }) == 0 && isNew {
      // the columns of an empty table are in a file without rows
      let path = "part-\(id)-0.parquet"
      let writer = try LakeFileWriter(try await publication.file(path), path, shape.everything, ParquetWriterOptions())
      try await writer.finish()
    }
    try await publication.commit()
  }

  func abort() async { await publication.abort() }
}

/// A Parquet file on its way into a store.
private final class LakeFileWriter {
  private let file: any PublishedFile
  private let writer: ParquetWriter

  private final class Output: ParquetOutput {
    let name: String
    private let file: any PublishedFile

    init(_ name: String, _ file: any PublishedFile) {
      self.name = name
      self.file = file
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws { try file.write(bytes) }
    func close() throws {}
  }

  init(_ file: sending any PublishedFile, _ name: String, _ fields: [DataType.Field], _ options: ParquetWriterOptions) throws {
    self.file = file
    writer = try ParquetWriter(Output(name, file), schema: fields, options: options)
  }

  func append(_ batch: Batch) async throws {
    try writer.append(batch)
    try await file.drain()
  }

  func finish() async throws {
    try writer.finish()
    try await file.finish()
  }
}

/// Writes one driver's rows: one file, or one for each partition its rows fall into.
private final class LakeSink: BatchSink {
  private let write: LakeWrite
  private let number: Int
  private var writers: [[Constant]: LakeFileWriter] = [:]
  private var made = 0

  /// As Presto's hive connector has it.
  private static let mostPartitions = 100

  init(_ write: LakeWrite, _ number: Int) {
    self.write = write
    self.number = number
  }

  func append(_ batch: Batch) async throws {
    let shape = write.shape
    let columns = zip(shape.fields, shape.sources).map { field, source in
      source.map { batch.columns[$0] } ?? Vector.nulls(field.type, count: batch.count)
    }
    let stored = Batch(columns, count: batch.count)
    if shape.partitions.isEmpty { return try await writer([]).append(stored) }
    let keys = shape.partitions.map { partition in
      partition.source.map { batch.columns[$0] } ?? Vector.nulls(partition.field.type, count: batch.count)
    }
    var rows: [[Constant]: [UInt32]] = [:]
    for row in 0..<batch.count { rows[keys.map { $0.constant(at: row) }, default: []].append(UInt32(row)) }
    for (key, chosen) in rows {
      if chosen.count == batch.count {
        try await writer(key).append(stored)
        continue
      }
      let selection = Selection(rows: chosen.withUnsafeBytes { Buffer(copying: $0) }, count: chosen.count)
      try await writer(key).append(stored.gathered(selection))
    }
  }

  private func writer(_ key: [Constant]) async throws -> LakeFileWriter {
    if let found = writers[key] { return found }
    if writers.count >= LakeSink.mostPartitions {
      throw PrestoError(
        .tooManyOpenPartitions, "Exceeded limit of \(LakeSink.mostPartitions) open writers for partitions",
        hint: "Sort the rows by the partition columns, or insert fewer partitions at a time.")
    }
    let folders = try zip(key, write.shape.partitions).map { value, partition in
      let name = partition.field.name ?? ""
      guard let text = PartitionValues.text(value, partition.field.type) else {
        throw PrestoError(.invalidPartitionValue, "A value of partition column '\(name)' cannot be the name of a folder")
      }
      return "\(name)=\(text)"
    }
    made += 1
    let writer = try await write.writer(folders, number * 1_000_000 + made)
    writers[key] = writer
    return writer
  }

  func finish() async throws {
    for writer in writers.values { try await writer.finish() }
    writers = [:]
  }
}
