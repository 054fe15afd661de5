import Federation
import Glibc
import ObjectStore
import Parquet
import Synchronization
import Values
import Vectors

/// One write: files grow in a hidden folder and get their names at commit.
///
///     location/sales/.orders.7f3a…/            a new table: the whole folder is renamed
///     location/sales/orders/.insert.7f3a…/     an insert: each file is moved to its place
///
/// Names that begin with a dot are in no listing, so nothing half-written is ever read.
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
  let id: String
  private let target: String
  private let temporary: String
  private let isNew: Bool
  private let state = Mutex<(sinks: Int, files: [String])>((0, []))

  init(fields: [DataType.Field], partitioned: [String], written: [String], codec: CompressionCodec, into target: String, isNew: Bool) throws
  {
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
    id = String(UInt64.random(in: 0 ... .max), radix: 36)
    self.target = target
    self.isNew = isNew
    temporary =
      isNew
      ? ObjectPath.join(ObjectPath.parent(target), ".\(ObjectPath.name(target)).\(id)") : ObjectPath.join(target, ".insert.\(id)")
    try LocalStore.createFolder(temporary)
  }

  func sink() async throws -> sending any BatchSink {
    let number = state.withLock { state in
      state.sinks += 1
      return state.sinks
    }
    return LakeSink(self, number)
  }

  /// Opens a file of the write, in its partition's folder.
  func writer(_ folders: [String], _ number: Int) throws -> ParquetWriter {
    let relative = ObjectPath.join(folders.joined(separator: "/"), "part-\(id)-\(number).parquet")
    let path = ObjectPath.join(temporary, relative)
    try LocalStore.createFolder(ObjectPath.parent(path))
    var options = ParquetWriterOptions()
    options.codec = shape.codec
    options.keyValues = shape.partitions.map { ("\(TableFiles.partitionNote)\($0.field.name ?? "")", $0.field.type.description) }
    let writer = try ParquetWriter(LocalOutput(path: path), schema: shape.fields, options: options)
    state.withLock { $0.files.append(relative) }
    return writer
  }

  func commit() async throws {
    var files = state.withLock { $0.files }
    if files.isEmpty && isNew {
      // the columns of an empty table are in a file without rows
      let path = "part-\(id)-0.parquet"
      let writer = try ParquetWriter(LocalOutput(path: ObjectPath.join(temporary, path)), schema: shape.everything)
      try writer.finish()
      files.append(path)
    }
    for file in files { try LocalStore.synchronize(ObjectPath.join(temporary, file)) }
    if isNew {
      if LocalStore.exists(target) { throw PrestoError(.pathAlreadyExists, "\(target) exists already") }
      try LocalStore.rename(temporary, to: target)
      return
    }
    for file in files {
      let place = ObjectPath.join(target, file)
      try LocalStore.createFolder(ObjectPath.parent(place))
      try LocalStore.rename(ObjectPath.join(temporary, file), to: place)
    }
    try LocalStore.removeTree(temporary)
  }

  func abort() async { try? LocalStore.removeTree(temporary) }
}

/// Writes one driver's rows: one file, or one for each partition its rows fall into.
private final class LakeSink: BatchSink {
  private let write: LakeWrite
  private let number: Int
  private var writers: [[Constant]: ParquetWriter] = [:]
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
    if shape.partitions.isEmpty { return try writer([]).append(stored) }
    let keys = shape.partitions.map { partition in
      partition.source.map { batch.columns[$0] } ?? Vector.nulls(partition.field.type, count: batch.count)
    }
    var rows: [[Constant]: [UInt32]] = [:]
    for row in 0..<batch.count { rows[keys.map { $0.constant(at: row) }, default: []].append(UInt32(row)) }
    for (key, chosen) in rows {
      if chosen.count == batch.count {
        try writer(key).append(stored)
        continue
      }
      let selection = Selection(rows: chosen.withUnsafeBytes { Buffer(copying: $0) }, count: chosen.count)
      try writer(key).append(stored.gathered(selection))
    }
  }

  private func writer(_ key: [Constant]) throws -> ParquetWriter {
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
    let writer = try write.writer(folders, number * 1_000_000 + made)
    writers[key] = writer
    return writer
  }

  func finish() async throws {
    for writer in writers.values { try writer.finish() }
    writers = [:]
  }
}
