import Expressions
import Values
import Vectors

extension Function {
  static let textMaps: [Function] = [
    .vector("split_to_map", "(varchar, varchar, varchar) -> map(varchar, varchar)", "Entries and their keys and values by delimiters") {
      arguments, rows, context in
      let log = try entries(arguments, rows)
      let distinct = log.distinct()
      if distinct.rows.count != log.rowCount {
        let first = distinct.ordinals.indices.first { Int(distinct.rows[Int(distinct.ordinals[$0])]) != $0 } ?? 0
        throw invalidArgument("Duplicate keys (\(log.columns[0].reader(as: Bytes.self)[first].string)) are not allowed")
      }
      return try mapVector(context.result, log.columns[0], log.columns[1], log.offsets) { row in arguments.contains { $0.isNull(at: row) } }
    },
    .vector(
      "split_to_map", "(varchar, varchar, varchar, function(varchar, varchar, varchar, varchar)) -> map(varchar, varchar)",
      "Entries by delimiters; a function settles duplicate keys"
    ) { arguments, rows, context in
      guard let settle = context.lambdas[3] else { return Vector.nulls(context.result, count: rows) }
      let log = try entries(Array(arguments.prefix(3)), rows)
      let distinct = log.distinct()
      var values = log.columns[1].picked(distinct.rows)
      // later duplicates one after the other, as each sees what the one before made
      for segment in 0..<log.count {
        for row in log.range(segment) where Int(distinct.rows[Int(distinct.ordinals[row])]) != row {
          let ordinal = distinct.ordinals[row]
          let owner = Buffer(byteCount: 4)
          owner.pointer(as: UInt32.self)[0] = UInt32(truncatingIfNeeded: segment)
          let settled = try settle(
            [
              log.columns[0].picked([UInt32(truncatingIfNeeded: row)]), values.picked([ordinal]),
              log.columns[1].picked([UInt32(truncatingIfNeeded: row)]),
            ],
            Selection(rows: owner, count: 1))
          let both = Vector.concatenated([values, settled], type: .varchar)
          var rows = (0..<UInt32(truncatingIfNeeded: values.count)).map { $0 }
          rows[Int(ordinal)] = UInt32(truncatingIfNeeded: values.count)
          values = both.picked(rows)
        }
      }
      return try mapVector(context.result, log.columns[0].picked(distinct.rows), values, distinct.offsets) { row in
        arguments.prefix(3).contains { $0.isNull(at: row) }
      }
    },
    .vector(
      "split_to_multimap", "(varchar, varchar, varchar) -> map(varchar, array(varchar))", "Entries by delimiters, all values of each key"
    ) { arguments, rows, context in
      try multimap(entries(arguments, rows), context.result) { row in arguments.contains { $0.isNull(at: row) } }
    },
  ]
}

/// Keys and values of (text, entry delimiter, key-value delimiter), one segment a row.
private func entries(_ arguments: [Vector], _ rows: Int) throws -> Segments {
  let texts = arguments[0].reader(as: Bytes.self), entryMarks = arguments[1].reader(as: Bytes.self),
    valueMarks = arguments[2].reader(as: Bytes.self)
  let keys = VectorBuilder(.varchar, capacity: rows), values = VectorBuilder(.varchar, capacity: rows)
  for buffer in arguments[0].heap {
    keys.retain(buffer)
    values.retain(buffer)
  }
  var offsets = [0]
  for row in 0..<rows {
    if texts.isValid(row) && entryMarks.isValid(row) && valueMarks.isValid(row) {
      let text = texts[row], entryMark = entryMarks[row], valueMark = valueMarks[row]
      if entryMark.count == 0 { throw invalidArgument("entryDelimiter is empty") }
      if valueMark.count == 0 { throw invalidArgument("keyValueDelimiter is empty") }
      if entryMark == valueMark { throw invalidArgument("entryDelimiter and keyValueDelimiter must not be the same") }
      var start = 0
      while start < text.count {
        let end = text.find(entryMark, from: start) ?? text.count
        let entry = text.part(start..<end)
        guard let mark = entry.find(valueMark), entry.find(valueMark, from: mark + valueMark.count) == nil else {
          throw invalidArgument(
            "Key-value delimiter must appear exactly once in each entry. Bad input: '\(entry.string)'")
        }
        keys.append(view: entry.part(0..<mark))
        values.append(view: entry.part(mark + valueMark.count..<entry.count))
        start = end + entryMark.count
      }
    }
    offsets.append(keys.count)
  }
  withExtendedLifetime(arguments) {}
  return Segments(columns: [keys.finish(), values.finish()], offsets: offsets)
}
