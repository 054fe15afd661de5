import Expressions
import Values
import Vectors

extension Function {
  static let listing: [Function] = [
    .aggregate("listagg", [.varchar, .varchar], .varchar, "Values joined with a separator") { arguments, result in
      joining(arguments).maker(result)
    },
    .aggregate("listagg", [.varchar], .varchar, "Values joined") { arguments, result in joining(arguments).maker(result) },
    .aggregate("listagg", [.varchar, .varchar, .boolean, .varchar, .boolean], .varchar, "Values joined, with the treatment of overflow") {
      arguments, result in joining(arguments).maker(result)
    },
    .aggregate("string_agg", [.varchar, .varchar], .varchar, "Values joined with a separator") { arguments, result in
      joining(arguments).maker(result)
    },
    .aggregate("group_concat", [.varchar, .varchar], .varchar, "Values joined with a separator") { arguments, result in
      joining(arguments).maker(result)
    },
    .aggregate("group_concat", [.varchar], .varchar, "Values joined with commas") { arguments, result in
      joining(arguments, standard: ",").maker(result)
    },
  ]
}

/// The longest text `listagg` makes, as Presto has it.
private let longestListing = 1_048_576

/// Logs (value, separator, isError, filler, showsCount), as many as are given.
private func joining(_ types: [DataType], standard: String = "") -> LogDefinition {
  LogDefinition(types: types, skipsNullsOf: 0) { log, type in
    let columns = log.columns.indices.filter { [0, 1, 3].contains($0) }.map { ($0, log.columns[$0].reader(as: Bytes.self)) }
    let texts = Dictionary(uniqueKeysWithValues: columns)
    let flags = log.columns.indices.filter { $0 == 2 || $0 == 4 }.map { ($0, log.columns[$0].reader(as: Bool.self)) }
    let switches = Dictionary(uniqueKeysWithValues: flags)
    let builder = VectorBuilder(type, capacity: log.count)
    var joined: [UInt8] = []
    for segment in 0..<log.count {
      let range = log.range(segment)
      guard let first = range.first, let values = texts[0] else {
        builder.appendNull()
        continue
      }
      joined.removeAll(keepingCapacity: true)
      let separator = texts[1].map { $0[first].array } ?? Array(standard.utf8)
      for row in range {
        let value = values[row]
        let grown = joined.count + value.count + (row == first ? 0 : separator.count)
        if grown > longestListing {
          guard let isError = switches[2], !isError[first] else {
            throw PrestoError(
              .exceededFunctionMemoryLimit,
              "Concatenated string has the length in bytes larger than the maximum output length \(longestListing)")
          }
          joined.append(contentsOf: separator)
          if let filler = texts[3] { joined.append(contentsOf: filler[first].array) }
          if let showsCount = switches[4], showsCount[first] { joined.append(contentsOf: Array("(\(range.upperBound - row))".utf8)) }
          break
        }
        if row != first { joined.append(contentsOf: separator) }
        value.withBytes { joined.append(contentsOf: $0) }
      }
      joined.withUnsafeBytes { builder.append($0) }
    }
    withExtendedLifetime(log) {}
    return builder.finish()
  }
}
