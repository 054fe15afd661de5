import Expressions
import Federation
import ObjectStore
import Settings
import Values

extension TableFiles {
  /// A table of files of text: columns as declared, else as the first rows of the first and the last file have them.
  func table(_ name: String, _ location: LakeLocation, _ entries: [ObjectEntry], _ root: String, _ format: TextFormat) async throws
    -> LakeTable?
  {
    guard let first = entries.first, let last = entries.last else { return nil }
    let partitions = partitionColumns(entries, root, [])
    var samples = [try await TextSample(last, format, store)]
    if first != last { samples.append(try await TextSample(first, format, store)) }
    var format = samples[0].format
    var columns: [LakeColumn] = []
    if let declared = declared[name] {
      columns = declared.map { LakeColumn(name: $0.name ?? "", type: $0.type, source: .file) }
      let names = Set(samples[0].columns.map { $0.name.lowercased() })
      // a first row without any of the names is no header
      format.hasHeader = format.hasHeader && columns.contains { names.contains($0.name.lowercased()) }
    } else {
      for sample in samples {
        for (name, type) in sample.columns where !partitions.contains(where: { $0.name.lowercased() == name.lowercased() }) {
          if let place = columns.firstIndex(where: { $0.name == name }) {
            if columns[place].type == type { continue }
            let isNumeric = Set([columns[place].type, type]) == [.bigint, .double]
            columns[place].type = isNumeric ? .double : .varchar
          } else {
            columns.append(LakeColumn(name: name, type: type, source: .file))
          }
        }
      }
    }
    if columns.isEmpty { return nil }
    var table = LakeTable(name: name, location: location, columns: columns + partitions, format: .text(format))
    if store.isRemote(location.path) { table.listing = LakeListing(entries) }
    return table
  }

  /// `lake.columns.SCHEMA.TABLE=id bigint, name varchar(20), …` of a catalog's properties.
  static func declared(_ properties: Properties) throws -> [String: [DataType.Field]] {
    var declared: [String: [DataType.Field]] = [:]
    for (key, text) in properties.values where key.hasPrefix("lake.columns.") {
      var depth = 0
      let parts = text.split { character in
        if character == "(" { depth += 1 } else if character == ")" { depth -= 1 }
        return character == "," && depth == 0
      }
      declared[String(key.dropFirst(13)).lowercased()] = try parts.map { part in
        let words = part.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else {
          throw PrestoError(.configurationInvalid, "\(properties.origin): '\(key)' must be like: id bigint, name varchar")
        }
        let type = try DataType.parse(words[1].split(separator: " ").joined(separator: " "))
        guard TextColumn.isSupported(type) else {
          throw PrestoError(.configurationInvalid, "\(properties.origin): '\(key)': files of text have no values of type \(type)")
        }
        return DataType.Field(String(words[0]), type)
      }
    }
    return declared
  }
}
