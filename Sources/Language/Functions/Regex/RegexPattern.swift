import CRegex
import Synchronization
import Values
import Vectors

/// A compiled regular expression in Java's dialect, run by PCRE2's just-in-time compiler. Immutable; matching state is in `RegexMatcher`.
final class RegexPattern: @unchecked Sendable {
  let code: OpaquePointer
  let groupCount: Int
  /// Group numbers by name.
  let names: [String: Int]
  /// Every match contains one of them: rows without need no matching. nil: none are known.
  let literals: LiteralSet?
  /// A text matches wherever one of `literals` is.
  let isLiteral: Bool

  /// Throws INVALID_FUNCTION_ARGUMENT with the compiler's reason and place.
  init(_ source: [UInt8]) throws {
    let translated = JavaRegex.translated(source)
    var error: Int32 = 0, place = 0
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_MATCH_INVALID_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C)
    let compiled = (translated + [0]).withUnsafeBufferPointer { bytes in
      pcre2_compile_8(bytes.baseAddress, translated.count, options, &error, &place, nil)
    }
    guard let compiled else {
      var message = [UInt8](repeating: 0, count: 256)
      let length = message.withUnsafeMutableBufferPointer { pcre2_get_error_message_8(error, $0.baseAddress, $0.count) }
      let reason = String(decoding: message.prefix(Int(max(0, length))), as: UTF8.self)
      throw invalidArgument("\(reason) near index \(place): \(String(decoding: source, as: UTF8.self))")
    }
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

/// Matches one text after the other. Owned by one kernel call.
final class RegexMatcher {
  private let cache: RegexCache
  private var source: Bytes?
  private(set) var pattern: RegexPattern
  private var data: OpaquePointer?
  private var context: OpaquePointer?
  private var stack: OpaquePointer?
  /// Start and end of the match and of each group; `Int.max`-like where a group took no part.
  private(set) var places: UnsafeMutablePointer<Int>

  /// `patterns` has at least one row that is not null.
  convenience init(_ cache: RegexCache, first: Bytes) throws {
    try self.init(cache, pattern: try cache.pattern(first))
    source = first
  }

  /// For one pattern that is compiled already.
  init(_ cache: RegexCache, pattern: RegexPattern) throws {
    self.cache = cache
    self.pattern = pattern
    source = nil
    guard let context = pcre2_match_context_create_8(nil), let stack = pcre2_jit_stack_create_8(32 << 10, 1 << 20, nil),
      let data = pcre2_match_data_create_from_pattern_8(pattern.code, nil), let places = pcre2_get_ovector_pointer_8(data)
    else { throw PrestoError(.genericInsufficientResources, "No memory for regular expressions") }
    self.context = context
    self.stack = stack
    self.data = data
    self.places = places
    pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    _ = pcre2_set_match_limit_8(context, 10_000_000)
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    pcre2_jit_stack_free_8(stack)
  }

  /// Makes `source` the pattern of what follows.
  @inline(__always)
  func use(_ source: Bytes) throws {
    if let known = self.source, known == source { return }
    try change(source)
  }

  private func change(_ source: Bytes) throws {
    let next = try cache.pattern(source)
    self.source = source
    if next === pattern { return }
    pattern = next
    pcre2_match_data_free_8(data)
    data = nil
    guard let fresh = pcre2_match_data_create_from_pattern_8(pattern.code, nil), let places = pcre2_get_ovector_pointer_8(fresh) else {
      throw PrestoError(.genericInsufficientResources, "No memory for regular expressions")
    }
    data = fresh
    self.places = places
  }

  /// Whether every match is ruled out by a look for the literals.
  @inline(__always)
  func isExcluded(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let literals = pattern.literals else { return false }
    return !literals.occurs(in: text)
  }

  /// The first match at or after `start`; false: none. Throws when matching takes too many steps.
  func find(_ text: UnsafeRawBufferPointer, from start: Int) throws -> Bool {
    let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let result = pcre2_match_8(pattern.code, base ?? ("" as StaticString).utf8Start, text.count, start, 0, data, context)
    if result > 0 { return true }
    switch result {
    case PCRE2_ERROR_NOMATCH: return false
    case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT:
      throw PrestoError(.exceededFunctionMemoryLimit, "Regular expression takes too many steps on a text of \(text.count) bytes")
    default: throw PrestoError(.genericInternalError, "Regular expression matching failed with \(result)")
    }
  }

  var match: Range<Int> { places[0]..<max(places[0], places[1]) }

  /// The part of a group; nil: it took no part.
  @inline(__always)
  func group(_ index: Int) -> Range<Int>? {
    let start = places[2 * index], end = places[2 * index + 1]
    return start < 0 || end < start ? nil : start..<end
  }

  /// All matches, one after the other; after an empty one the next begins one character later.
  func each(_ text: UnsafeRawBufferPointer, from first: Int = 0, _ body: () throws -> Bool) throws {
    var start = first
    while start <= text.count, try find(text, from: start) {
      let match = match
      if match.isEmpty {
        start = match.upperBound
        if start < text.count { _ = CodePoints.next(text, &start) } else { start += 1 }
      } else {
        start = match.upperBound
      }
      if try !body() { return }
    }
  }
}
