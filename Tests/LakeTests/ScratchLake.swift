import Expressions
import Federation
import Functions
import Glibc
import Lake
import ObjectStore
import Parquet
import Values
import Vectors

/// A folder of its own for one test, removed with the last reference.
final class ScratchLake: Sendable {
  let path: String
  let connector: LakeConnector

  init() throws {
    path = "/tmp/minipresto-lake-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try LocalStore.createFolder(path)
    connector = LakeConnector(location: path)
  }

  deinit { try? LocalStore.removeTree(path) }

  /// A file of some columns; row groups of `rows` rows.
  func write(_ name: String, _ fields: [DataType.Field], _ rows: [[Constant]], rowGroupRows: Int = 1 << 20) throws {
    let file = ObjectPath.join(path, name)
    try LocalStore.createFolder(ObjectPath.parent(file))
    var options = ParquetWriterOptions()
    options.rowGroupRows = rowGroupRows
    let writer = try ParquetWriter(LocalOutput(path: file), schema: fields, options: options)
    for start in stride(from: 0, to: rows.count, by: 1000) {
      let part = rows[start..<min(start + 1000, rows.count)]
      let builders = fields.map { VectorBuilder($0.type) }
      for row in part { for (builder, value) in zip(builders, row) { builder.append(value) } }
      try writer.append(Batch(builders.map { $0.finish() }, count: part.count))
    }
    try writer.finish()
  }

  func handle(_ name: String, schema: String = "default") async throws -> LakeTable {
    guard let table = try await connector.table(TableName(schema: schema, table: name)) else { throw PrestoError(.tableNotFound, name) }
    return table
  }

  func rows(_ table: LakeTable, _ columns: [String]? = nil, narrowedBy filter: DynamicFilter<LakeColumn> = DynamicFilter()) async throws
    -> [[Constant]]
  {
    try await connector.rows(table, columns, narrowedBy: filter)
  }
}

let context = ScanContext(
  functions: FunctionRegistry(StandardFunctions.all), evaluation: EvaluationContext(user: "test", timeZone: "UTC", startMicros: 0),
  memory: MemoryPool("test", limit: .max), parallelism: 2)

extension LakeConnector {
  /// All rows in the order they come; hidden columns by name too.
  func rows(_ table: LakeTable, _ columns: [String]? = nil, narrowedBy filter: DynamicFilter<LakeColumn> = DynamicFilter()) async throws
    -> [[Constant]]
  {
    let known = try await self.columns(of: table)
    let chosen = try columns.map { names in
      try names.map { name in
        guard let found = known.first(where: { $0.name == name }) else { throw PrestoError(.columnNotFound, name) }
        return found.column
      }
    }
    var rows: [[Constant]] = []
    let splits = try await splits(of: table, narrowedBy: filter, context)
    while let some = try await splits.next() {
      for split in some {
        let source = try await open(split, of: table, columns: chosen ?? table.columns, narrowedBy: filter, context)
        while let batch = try await source.next() {
          for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
        }
      }
    }
    return rows
  }
}

extension LakeTable {
  func column(_ name: String) throws -> Expr<LakeColumn> {
    guard let found = columns.first(where: { $0.name == name }) else { throw PrestoError(.columnNotFound, name) }
    return .reference(found, found.type)
  }

  func compare(_ name: String, _ sign: String, _ value: Constant) throws -> Expr<LakeColumn> {
    let left = try column(name)
    return .comparison(sign, left, .constant(value, left.type))
  }
}

func message(_ body: () async throws -> Void) async -> PrestoError? {
  do {
    try await body()
    return nil
  } catch { return PrestoError(error) }
}

func integers(_ range: some Sequence<Int>) -> [[Constant]] { range.map { [.integer(Int64($0))] } }

func fields(_ fields: (String, DataType)...) -> [DataType.Field] { fields.map { DataType.Field($0.0, $0.1) } }
