import Expressions
import Values
import Vectors

/// One batch of one function of texts and patterns. A class: closures take it along for every text, and threads must not count references to the
/// same session.
final class RegexCall {
  let arguments: [Vector]
  let rows: Int
  let result: DataType
  let context: EvaluationContext
  let matcher: RegexMatcher
  private let gate: Bitmap?
  private let texts: Reader<Bytes>
  private let patterns: Reader<Bytes>

  /// nil: no row has both a text and a pattern.
  init?(_ arguments: [Vector], _ rows: Int, _ result: DataType, _ context: EvaluationContext, _ cache: RegexCache) throws {
    self.arguments = arguments
    self.rows = rows
    self.result = result
    self.context = context
    gate = arguments.reduce(nil) { gate, argument in argument.type == .unknown ? gate : Bitmap.both(gate, argument.rowValidity) }
    texts = arguments[0].reader(as: Bytes.self)
    patterns = arguments[1].reader(as: Bytes.self)
    guard rows > 0, let first = gate.map({ gate in (0..<rows).first { gate[$0] } }) ?? 0 else { return nil }
    matcher = try RegexMatcher(cache, first: patterns[first])
  }

  func values<R: ScalarResult>(_: R.Type, _ body: (Bytes, Int) throws -> R) throws -> Vector {
    try withExtendedLifetime(arguments) {
      try ScalarLoop.gated(rows, gate, R.self) { row in
        try matcher.use(patterns[row])
        return try body(texts[row], row)
      }.vector(result, rows: rows, heap: arguments[0].heap)
    }
  }

  /// What the one pattern of all rows cannot match without; nil: there are several patterns, or nothing is known.
  var literals: LiteralSet? {
    guard case .constant = arguments[1].encoding else { return nil }
    return matcher.pattern.literals
  }

  /// Whether the pattern occurs in each text.
  func occurrences(_ literals: LiteralSet) throws -> Vector {
    let isLiteral = matcher.pattern.isLiteral
    return try withExtendedLifetime(arguments) {
      try literals.vector(arguments[0], rows, validity: gate) { try isLiteral || matcher.find($0, from: 0, groups: false) }
    }
  }

  /// Batches of fewer rows are not worth a table.
  private static let fewestTabled = 256

  /// A table for the one pattern of all rows; nil: there are several, few rows, or no such table.
  var table: TableAutomaton? {
    guard rows >= RegexCall.fewestTabled, case .constant = arguments[1].encoding else { return nil }
    return matcher.pattern.table
  }

  /// Whether the pattern occurs in each text.
  func occurrences(_ table: TableAutomaton) throws -> Vector {
    let results = Buffer(byteCount: rows), found = results.pointer(as: UInt8.self)
    found.initialize(repeating: 0, count: rows)
    try withExtendedLifetime(arguments) {
      try table.occurrences(rows, text: { row in gate.map { $0[row] } ?? true ? texts[row] : nil }) { row, occurs in
        let answer = try occurs ?? texts[row].withBytes { try matcher.find($0, from: 0, groups: false) }
        found[row] = answer ? 1 : 0
      }
    }
    return .flat(result, count: rows, values: results, validity: gate)
  }

  func texts(_ body: (Bytes, Int, inout TextWriter) throws -> Void) throws -> Vector {
    try withExtendedLifetime(arguments) {
      try ScalarLoop.written(rows, gate, result) { row, out in
        try matcher.use(patterns[row])
        try body(texts[row], row, &out)
      }
    }
  }

  /// The text with every match replaced by what `replacement` writes.
  /// - Parameter groups: whether `replacement` asks for groups.
  func replace(
    _ text: Bytes, groups: Bool, _ out: inout TextWriter, _ replacement: (UnsafeRawBufferPointer, inout TextWriter) throws -> Void
  ) throws {
    try text.withBytes { bytes in
      var last = 0
      if matcher.isExcluded(bytes) { return out.write(text) }
      try matcher.each(bytes, groups: groups) {
        let match = matcher.match
        out.write(UnsafeRawBufferPointer(rebasing: bytes[last..<match.lowerBound]))
        try replacement(bytes, &out)
        last = match.upperBound
        return true
      }
      out.write(UnsafeRawBufferPointer(rebasing: bytes[last...]))
    }
  }

  private func lists(_ body: (Bytes, Int, VectorBuilder) throws -> Void) throws -> Vector {
    let builder = VectorBuilder(result, capacity: rows)
    for buffer in arguments[0].heap { builder.children[0].retain(buffer) }
    try withExtendedLifetime(arguments) {
      for row in 0..<rows {
        if let gate, !gate[row] {
          builder.appendNull()
          continue
        }
        try matcher.use(patterns[row])
        try body(texts[row], row, builder.children[0])
        builder.closeList()
      }
    }
    return builder.finish()
  }

  func extractAll() throws -> Vector {
    let groups = arguments.count == 3 ? arguments[2].reader(as: Int64.self) : nil
    return try lists { text, row, out in
      let group = try matcher.pattern.checkGroup(groups.map { $0[row] } ?? 0)
      try text.withBytes { bytes in
        try matcher.each(bytes, groups: group > 0) {
          if let range = matcher.group(group) { out.append(view: text.part(range)) } else { out.appendNull() }
          return true
        }
      }
    }
  }

  func split() throws -> Vector {
    try lists { text, _, out in
      try text.withBytes { bytes in
        var last = 0
        try matcher.each(bytes, groups: false) {
          out.append(view: text.part(last..<matcher.match.lowerBound))
          last = matcher.match.upperBound
          return true
        }
        out.append(view: text.part(last..<bytes.count))
      }
    }
  }

  /// All groups of all matches go through the lambda at once.
  func replaceByLambda() throws -> Vector {
    let groups = VectorBuilder(.array(.varchar), capacity: rows), captured = groups.children[0]
    for buffer in arguments[0].heap { captured.retain(buffer) }
    var matches: [(row: Int, range: Range<Int>)] = []
    for row in 0..<rows where gate?[row] ?? true {
      try matcher.use(patterns[row])
      let text = texts[row]
      try text.withBytes { bytes in
        try matcher.each(bytes, groups: true) {
          for group in 0..<matcher.pattern.groupCount {
            if let range = matcher.group(group + 1) { captured.append(view: text.part(range)) } else { captured.appendNull() }
          }
          groups.closeList()
          matches.append((row, matcher.match))
          return true
        }
      }
    }
    let owners = Buffer(byteCount: max(matches.count, 1) * 4)
    for (i, match) in matches.enumerated() { owners.pointer(as: UInt32.self)[i] = UInt32(truncatingIfNeeded: match.row) }
    let replaced = try lambda(2, context)([groups.finish()], Selection(rows: owners, count: matches.count))
    let replacements = replaced.reader(as: Bytes.self)
    var next = 0
    return try withExtendedLifetime((arguments, replaced)) {
      try ScalarLoop.written(rows, gate, result) { row, out in
        let text = texts[row]
        var last = 0, isNull = false
        text.withBytes { bytes in
          while next < matches.count && matches[next].row == row {
            let range = matches[next].range
            out.write(UnsafeRawBufferPointer(rebasing: bytes[last..<range.lowerBound]))
            if replacements.isValid(next) { out.write(replacements[next]) } else { isNull = true }
            last = range.upperBound
            next += 1
          }
          out.write(UnsafeRawBufferPointer(rebasing: bytes[last...]))
        }
        if isNull { out.writeNull() }
      }
    }
  }
}
