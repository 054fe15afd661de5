import Foundation

/// Completes the path of a file, as `FROM 'folder/*.parquet'` has one.
enum FileNames {
  /// `path` is what is typed of the path, `word` its end that is to be replaced. Folders end with a slash, files with the quote.
  static func complete(_ path: String, word: String) -> [String] {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let prefix = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasPrefix(prefix) && ($0.first != "." || prefix.first == ".") }.sorted().map { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
      return word + name.dropFirst(prefix.count) + (isFolder.boolValue ? "/" : "'")
    }
  }
}
