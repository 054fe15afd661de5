import Expressions
import Values
import Vectors

extension Function {
  static let regex: [Function] = [
    matching("regexp_like", "(varchar, varchar) -> boolean", "Whether a pattern occurs in a text") { call in
      if let literals = call.literals { return try call.occurrences(literals) }
      if let table = call.table { return try call.occurrences(table) }
      return try call.values(Bool.self) { text, _ in
        try text.withBytes { bytes in
          if call.matcher.pattern.isLiteral { return !call.matcher.isExcluded(bytes) }
          return try !call.matcher.isExcluded(bytes) && call.matcher.find(bytes, from: 0, groups: false)
        }
      }
    },
    matching("regexp_count", "(varchar, varchar) -> bigint", "How often a pattern occurs in a text") { call in
      try call.values(Int64.self) { text, _ in
        var count: Int64 = 0
        try text.withBytes { bytes in
          try call.matcher.each(bytes, groups: false) {
            count += 1
            return true
          }
        }
        return count
      }
    },
    extracting("(varchar(x), varchar) -> varchar(x)"), extracting("(varchar(x), varchar, bigint) -> varchar(x)"),
    matching("regexp_extract_all", "(varchar(x), varchar) -> array(varchar(x))", "All matches of a pattern") { try $0.extractAll() },
    matching(
      "regexp_extract_all", "(varchar(x), varchar, bigint) -> array(varchar(x))", "What a group matched, of all matches of a pattern"
    ) {
      try $0.extractAll()
    },
    matching("regexp_split", "(varchar(x), varchar) -> array(varchar(x))", "The parts between matches of a pattern") { try $0.split() },
    positions("(varchar, varchar) -> integer"), positions("(varchar, varchar, bigint) -> integer"),
    positions("(varchar, varchar, bigint, bigint) -> integer"),
    matching("regexp_replace", "(varchar(x), varchar) -> varchar(x)", "Without the matches of a pattern") { call in
      try call.texts { text, _, out in try call.replace(text, groups: false, &out) { _, _ in } }
    },
    Function.matching(
      "regexp_replace", "(varchar(x), varchar(y), varchar(z)) -> varchar",
      "With the matches of a pattern replaced; $1 and ${name} stand for groups"
    ) { call in
      let replacements = call.arguments[2].reader(as: Bytes.self)
      var known: (text: Bytes, pattern: RegexPattern, parts: [ReplacementPart])?
      return try call.texts { text, row, out in
        let replacement = replacements[row]
        if known == nil || known?.pattern !== call.matcher.pattern || !(known.map { $0.text == replacement } ?? false) {
          known = (replacement, call.matcher.pattern, try ReplacementPart.parse(replacement.array, call.matcher.pattern))
        }
        let parts = known?.parts ?? []
        try call.replace(text, groups: parts.contains(where: \.isGroup), &out) { bytes, out in
          for part in parts {
            switch part {
            case .literal(let literal): literal.withUnsafeBytes { out.write($0) }
            case .group(let group):
              if let range = call.matcher.group(group) { out.write(UnsafeRawBufferPointer(rebasing: bytes[range])) }
            }
          }
        }
      }
    }.sized("(varchar(x), varchar(y), varchar(z)) -> varchar") { $0[0] + max($0[0] * $0[2] / 2, $0[2]) * ($0[0] + 1) },
    matching(
      "regexp_replace", "(varchar, varchar, function(array(varchar), varchar)) -> varchar",
      "With the matches of a pattern replaced by a function of the groups"
    ) {
      try $0.replaceByLambda()
    },
  ]

  /// A function of (text, pattern, …): `body` runs once a batch.
  private static func matching(
    _ name: String, _ signature: String, _ summary: String, _ body: @escaping @Sendable (RegexCall) throws -> Vector
  ) -> Function {
    .bound(name, signature, summary) { types, result in
      let cache = RegexCache()
      return { arguments, rows, context in
        guard let call = try RegexCall(arguments, rows, result, context, cache) else { return Vector.nulls(result, count: rows) }
        return try body(call)
      }
    }
  }

  private static func extracting(_ signature: String) -> Function {
    matching("regexp_extract", signature, "The first match of a pattern, or what a group of it matched") { call in
      let groups = call.arguments.count == 3 ? call.arguments[2].reader(as: Int64.self) : nil
      return try call.values(Bytes?.self) { text, row in
        let group = try call.matcher.pattern.checkGroup(groups.map { $0[row] } ?? 0)
        return try text.withBytes { bytes in
          if try call.matcher.isExcluded(bytes) || !call.matcher.find(bytes, from: 0, groups: group > 0) { return nil }
          return call.matcher.group(group).map { text.part($0) }
        }
      }
    }
  }

  private static func positions(_ signature: String) -> Function {
    matching("regexp_position", signature, "Where a pattern occurs, from 1; -1 if it does not") { call in
      let starts = call.arguments.count > 2 ? call.arguments[2].reader(as: Int64.self) : nil
      let occurrences = call.arguments.count > 3 ? call.arguments[3].reader(as: Int64.self) : nil
      return try call.values(Int32.self) { text, row in
        let start = starts.map { $0[row] } ?? 1
        var left = occurrences.map { $0[row] } ?? 1
        if start < 1 { throw invalidArgument("start position cannot be smaller than 1") }
        if left < 1 { throw invalidArgument("occurrence cannot be smaller than 1") }
        return try text.withBytes { bytes in
          guard let first = CodePoints.offset(bytes, Int(clamping: start) - 1) else { return -1 }
          if first == bytes.count && start > 1 { return -1 }
          var found: Int32 = -1
          try call.matcher.each(bytes, from: first, groups: false) {
            left -= 1
            if left > 0 { return true }
            let before = UnsafeRawBufferPointer(rebasing: bytes[..<call.matcher.match.lowerBound])
            found = Int32(truncatingIfNeeded: CodePoints.count(before) + 1)
            return false
          }
          return found
        }
      }
    }
  }
}

/// A replacement text taken apart: `$1`, `${name}`, and backslashes that make the next character plain.
private enum ReplacementPart {
  case literal([UInt8])
  case group(Int)

  /// Whether it stands for less than the whole match.
  var isGroup: Bool { if case .group(let group) = self { group > 0 } else { false } }

  static func parse(_ text: [UInt8], _ pattern: RegexPattern) throws -> [ReplacementPart] {
    var parts: [ReplacementPart] = [], literal: [UInt8] = []
    var i = 0
    func illegal(_ what: String) -> PrestoError { invalidArgument("Illegal replacement sequence: \(what)") }
    while i < text.count {
      let c = text[i]
      i += 1
      if c == UInt8(ascii: "\\") {
        guard i < text.count else { throw illegal("\\ at the end") }
        literal.append(text[i])
        i += 1
      } else if c == UInt8(ascii: "$") {
        guard i < text.count else { throw illegal("$ at the end") }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
        if text[i] == UInt8(ascii: "{") {
          guard let close = text[i...].firstIndex(of: UInt8(ascii: "}")) else { throw illegal("${ without }") }
          let name = String(decoding: text[(i + 1)..<close], as: UTF8.self)
          guard let group = pattern.names[name] else { throw illegal("unknown group { \(name) }") }
          parts.append(.group(group))
          i = close + 1
        } else {
          guard text[i] >= 48, text[i] <= 57 else { throw illegal("$\(Character(Unicode.Scalar(text[i])))") }
          var group = Int(text[i] - 48)
          i += 1
          if group > pattern.groupCount { throw illegal("unknown group \(group)") }
          // as many digits as still name a group
          while i < text.count, text[i] >= 48, text[i] <= 57, group * 10 + Int(text[i] - 48) <= pattern.groupCount {
            group = group * 10 + Int(text[i] - 48)
            i += 1
          }
          parts.append(.group(group))
        }
      } else {
        literal.append(c)
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    return parts
  }
}
