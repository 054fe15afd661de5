import Federation
import ObjectStore
import Parquet
import Values
import Vectors

/// A DELETE by partition columns: folders go as a whole, each at once for whoever lists it, one after another. Yields the number of rows that were in
/// them.
final class LakeDeletion: BatchSource {
  private let scan: LakeScan
  private let root: String
  private let files: TableFiles
  /// What is removed must lie in there.
  private let location: String
  private let context: ScanContext
  private var isDone = false

  /// `root`: the table's folder.
  init(_ scan: LakeScan, root: String, _ files: TableFiles, in location: String, _ context: ScanContext) {
    self.scan = scan
    self.root = root
    self.files = files
    self.location = location
    self.context = context
  }

  func next() async throws -> Batch? {
    if isDone { return nil }
    isDone = true
    var chosen: [ObjectEntry] = [], kept: [ObjectEntry] = []
    for file in try await files.files(of: scan.table) {
      if try scan.mayHold(file, context) { chosen.append(file.entry) } else { kept.append(file.entry) }
    }
    if kept.isEmpty && !chosen.isEmpty {
      throw PrestoError(
        .notSupported, "A DELETE that leaves no file of \(scan.table.name) is not supported: its columns are those of its files",
        hint: "DROP TABLE removes all of it.")
    }
    let rows = try await files.footers.footers(chosen).reduce(0) { $0 + $1.parquet.rowCount }
    for path in trees(of: chosen, beside: kept) {
      // a link may lead anywhere: nothing outside the catalog's own folder is removed
      guard files.store.contains(location, path) else {
        throw PrestoError(.permissionDenied, "\(path) lies outside the catalog's location")
      }
      try Task.checkCancellation()
      if chosen.contains(where: { $0.path == path }) { try await files.store.delete(path) } else { try await files.store.removeTree(path) }
    }
    return Batch([Vector.constant(.integer(Int64(rows)), .bigint, count: 1)], count: 1)
  }

  /// Folders whose path says every partition column, so that whatever else appears in them matches too; files themselves where there is none.
  private func trees(of chosen: [ObjectEntry], beside kept: [ObjectEntry]) -> [String] {
    let shared = Set(kept.flatMap { folders(of: $0.path) }), columns = scan.table.partitionColumns
    var found: [String] = []
    for path in chosen.map(\.path) {
      let folder = ObjectPath.parent(path), parts = PartitionValues.parts(of: path, under: root)
      let isWhole = !shared.contains(folder) && columns.allSatisfy { column in parts.contains { $0.key == column.name } }
      let tree = isWhole ? folder : path
      if found.last != tree { found.append(tree) }
    }
    return found
  }

  /// Those between the root and a file.
  private func folders(of path: String) -> [String] {
    var found: [String] = [], folder = ObjectPath.parent(path)
    while folder.utf8.count > root.utf8.count && folder.hasPrefix(root) {
      found.append(folder)
      folder = ObjectPath.parent(folder)
    }
    return found
  }
}
