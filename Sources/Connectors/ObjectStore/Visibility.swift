/// What of a folder counts: one rule for every store, without a manifest.
///
///     table/part-ID-1.parquet …      files of one write carry its name
///     table/.pending-ID              while it is there, files of that write are not: a write of several files appears when it is deleted
///     table/.dropped                 while it is there, nothing in the folder is: a table disappears when it is written
///
/// Other programs that read the folder pass over names that begin with a dot, as they do over `_SUCCESS`. In a listing by name the markers come before
/// the files they speak of, so a listing that misses a marker came before or after the whole write.
enum Visibility {
  static let pending = ".pending-"
  static let dropped = ".dropped"

  /// `files` with their places relative to the folder that was listed, hidden ones among them.
  static func visible(_ files: [(relative: String, entry: ObjectEntry)]) -> [ObjectEntry] {
    var hiddenFolders: [String] = []
    var pendingWrites: [(folder: String, prefix: String)] = []
    for (relative, _) in files {
      let (folder, name) = parted(relative)
      if name == dropped { hiddenFolders.append(folder) }
      if name.hasPrefix(pending) { pendingWrites.append((folder, filePrefix(String(name.dropFirst(pending.count))))) }
    }
    return files.compactMap { relative, entry in
      if relative.split(separator: "/").contains(where: { ObjectPath.isHidden($0) }) { return nil }
      if hiddenFolders.contains(where: { relative.hasPrefix($0) }) { return nil }
      if !pendingWrites.isEmpty {
        let name = parted(relative).name
        if pendingWrites.contains(where: { relative.hasPrefix($0.folder) && name.hasPrefix($0.prefix) }) { return nil }
      }
      return entry
    }
  }

  static func filePrefix(_ id: String) -> String { "part-\(id)-" }

  static func newID() -> String { String(UInt64.random(in: 0 ... .max), radix: 36) }

  /// Folder with its closing slash (or nothing), and the last part.
  private static func parted(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
