import CRegex
import Synchronization
import Values
import Vectors

/// A compiled regular expression in Java's dialect, run by PCRE2's just-in-time compiler, and by RE2 where that takes too many steps. Matching state
/// is in `RegexMatcher`.
final class RegexPattern: @unchecked Sendable {
  let code: OpaquePointer
  let groupCount: Int
  /// Group numbers by name.
  let names: [String: Int]
  /// Every match contains one of them: rows without need no matching. nil: none are known.
  let literals: LiteralSet?
  /// A text matches wherever one of `literals` is.
  let isLiteral: Bool
  private let translated: [UInt8]
  private let linear = Mutex<Result<LinearPattern, LinearSyntax.Refusal>?>(nil)
  private let tabled = Mutex<TableAutomaton??>(nil)
  private let steepLength = Atomic(Int.max)

  /// Throws INVALID_FUNCTION_ARGUMENT with the compiler's reason and place.
  init(_ source: [UInt8]) throws {
    let translated = JavaRegex.translated(source)
    var error: Int32 = 0, place = 0
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
    let compiled = (translated + [0]).withUnsafeBufferPointer { bytes in
      pcre2_compile_8(bytes.baseAddress, bytes.count - 1, options, &error, &place, nil)
    }
    guard let compiled else {
      var message = [UInt8](repeating: 0, count: 256)
      let length = message.withUnsafeMutableBufferPointer { pcre2_get_error_message_8(error, $0.baseAddress, $0.count) }
      let reason = String(decoding: message.prefix(Int(max(0, length))), as: UTF8.self)
      throw invalidArgument("\(reason) near index \(place): \(String(decoding: source, as: UTF8.self))")
    }
    self.translated = translated
    code = compiled
    // without a JIT for this machine, matching is interpreted
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    var count: UInt32 = 0
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
    names = RegexPattern.names(code)
    let required = JavaRegex.requiredLiterals(source[...])
    literals = LiteralSet(required.literals)
    isLiteral = required.isWhole && literals != nil
  }

  deinit { pcre2_code_free_8(code) }

  /// The same for RE2, compiled when it is first asked for; or why RE2 cannot.
  var alternative: Result<LinearPattern, LinearSyntax.Refusal> {
    linear.withLock { known in
      if let known { return known }
      let fresh = Result { () throws(LinearSyntax.Refusal) in try LinearPattern(translated, groups: groupCount) }
      known = fresh
      return fresh
    }
  }

  /// The same as a table, made when it is first asked for; nil: it cannot be one. Where literals rule most texts out, there is none either.
  var table: TableAutomaton? {
    if literals != nil { return nil }
    return tabled.withLock { known in
      if let known { return known }
      let fresh = TableAutomaton(translated)
      known = .some(fresh)
      return fresh
    }
  }

  /// Whether texts of this length have shown to be nothing for PCRE2.
  func isSteep(_ length: Int) -> Bool { length >= steepLength.load(ordering: .relaxed) }

  /// PCRE2 has taken too many steps on a text of this length. Half as long ones go to RE2 at once: however the texts are ordered, few are tried in vain,
  /// and many short ones are not slowed down by one that is long.
  func noteSteep(_ length: Int) { _ = steepLength.min(length / 2, ordering: .relaxed) }

  /// Entries of PCRE2's name table: group number, two bytes, most significant first, then the name and a zero.
  private static func names(_ code: OpaquePointer) -> [String: Int] {
    var count: UInt32 = 0, size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table else { return [:] }
    var names: [String: Int] = [:]
    for i in 0..<Int(count) {
      let entry = table + i * Int(size)
      let bytes = UnsafeBufferPointer(start: entry + 2, count: Int(size) - 2).prefix { $0 != 0 }
      names[String(decoding: bytes, as: UTF8.self)] = Int(entry[0]) << 8 | Int(entry[1])
    }
    return names
  }

  /// Throws INVALID_FUNCTION_ARGUMENT for a group that is not there.
  func checkGroup(_ group: Int64) throws -> Int {
    if group < 0 { throw invalidArgument("Group cannot be negative") }
    if group > Int64(groupCount) { throw invalidArgument("Pattern has \(groupCount) groups. Cannot access group \(group)") }
    return Int(group)
  }
}

/// Patterns one bound function has compiled: a constant pattern once, however many batches come.
final class RegexCache: Sendable {
  private let compiled = Mutex<[[UInt8]: RegexPattern]>([:])

  func pattern(_ source: Bytes) throws -> RegexPattern {
    let bytes = source.array
    if let known = compiled.withLock({ $0[bytes] }) { return known }
    let fresh = try RegexPattern(bytes)
    compiled.withLock { patterns in
      if patterns.count >= 256 { patterns.removeAll() }
      patterns[bytes] = fresh
    }
    return fresh
  }
}
