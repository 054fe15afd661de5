import CRegex

/// A regular expression run by RE2: in time linear in the text, whatever the pattern. Immutable; safe from any thread.
final class LinearPattern: @unchecked Sendable {
  private let regex: OpaquePointer
  private let groupCount: Int
  private let mindsFinalNewline: Bool
  private let mindsGroups: Bool

  /// For the automata of one pattern. RE2 goes on without them when they need more, if slower.
  private static let memory: Int64 = 16 << 20

  /// Of a pattern with `groups` groups that PCRE2 has compiled.
  init(_ pattern: [UInt8], groups: Int) throws(LinearSyntax.Refusal) {
    let syntax = try LinearSyntax(pattern)
    var classes = CharacterClasses()
    let compiled = try syntax.tree.linear(&classes).withUnsafeBytes { bytes in
      linear_regex_create(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, LinearPattern.memory)
    }
    guard let compiled else { throw LinearSyntax.Refusal("such large repetitions") }
    regex = compiled
    groupCount = groups
    mindsFinalNewline = syntax.mindsFinalNewline
    mindsGroups = syntax.mindsGroups
    if Int(linear_regex_groups(regex)) != groups { throw LinearSyntax.Refusal("such groups") }
  }

  deinit { linear_regex_free(regex) }

  static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
    (try? UTF8Span(validating: Span(_unsafeBytes: text))) != nil
  }

  /// The first match at or after `start` of a text that is valid UTF-8; false: none. Throws where PCRE2's answer might be another.
  /// - Parameter places: of the match and, where `groups` are asked for, of all groups.
  func find(
    _ text: UnsafeRawBufferPointer, from start: Int, groups: Bool, _ places: UnsafeMutablePointer<Int>
  ) throws(LinearSyntax.Refusal) -> Bool {
    if mindsFinalNewline && text.last == UInt8(ascii: "\n") {
      throw LinearSyntax.Refusal("^ or $ beside the newline that ends the text (\\z is its end)")
    }
    if groups && mindsGroups { throw LinearSyntax.Refusal("groups in repetitions of what may be empty ((?:…) is no group)") }
    let base = text.baseAddress?.assumingMemoryBound(to: CChar.self)
    let count = groups ? groupCount + 1 : 1
    return try places.withMemoryRebound(to: UInt.self, capacity: 2 * count) { places throws(LinearSyntax.Refusal) in
      let found = linear_regex_find(regex, base, text.count, start, places, count)
      if found < 0 { throw LinearSyntax.Refusal("so much memory") }
      return found > 0
    }
  }
}
