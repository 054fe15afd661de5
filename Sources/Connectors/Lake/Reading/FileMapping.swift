import Expressions
import Parquet
import Values
import Vectors

/// How a table's columns are found in one of its files: stored, stored with a narrower type, the same for every row, or missing (null).
struct FileMapping {
  enum Place {
    case stored(Int)
    /// Stored with another type that every value of converts from.
    case converted(Int, from: DataType)
    case constant(Constant)
  }

  let file: LakeFile
  let footer: LakeFooter
  private let table: LakeTable
  private let byName: [String: Int]
  private let byLowerName: [String: Int]

  init(_ file: LakeFile, _ footer: LakeFooter, _ table: LakeTable) {
    self.file = file
    self.footer = footer
    self.table = table
    let schema = footer.parquet.schema
    byName = Dictionary(schema.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    byLowerName = Dictionary(schema.enumerated().map { ($1.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func index(_ column: LakeColumn) -> Int? { byName[column.name] ?? byLowerName[column.name.lowercased()] }

  /// Throws naming the file for a type that does not fit, or that the reader cannot read.
  func place(of column: LakeColumn) throws -> Place {
    if column.isPerFile { return .constant(file.value(of: column, in: table) ?? .null) }
    guard let index = index(column) else { return .constant(.null) }
    let stored = footer.parquet.schema[index]
    if let reason = stored.unsupported { throw PrestoError(.notSupported, "\(file.path): column '\(column.name)': \(reason)") }
    if stored.type == column.type { return .stored(index) }
    guard Coercion.canCoerce(stored.type, to: column.type) else {
      throw TableFiles.mismatch(column.name, stored.type, column.type, file: file.path)
    }
    return .converted(index, from: stored.type)
  }

  /// The column in the file, if it is stored there with the table's own type.
  func plainIndex(of column: LakeColumn) -> Int? {
    guard column.source == .file, let index = index(column), footer.parquet.schema[index].type == column.type else { return nil }
    return index
  }

  /// The column is not in the file at all: null in every row.
  func isMissing(_ column: LakeColumn) -> Bool { column.source == .file && index(column) == nil }
}
