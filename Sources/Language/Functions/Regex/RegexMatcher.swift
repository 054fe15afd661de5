import CRegex
import Values
import Vectors

/// Matches one text after the other. Owned by one kernel call.
final class RegexMatcher {
  private let cache: RegexCache
  private var source: Bytes?
  private(set) var pattern: RegexPattern
  private var data: OpaquePointer?
  private var context: OpaquePointer?
  private var stack: OpaquePointer?
  /// What RE2 says of `pattern`, once it has been asked.
  private var alternative: Result<LinearPattern, LinearSyntax.Refusal>?
  /// Start and end of the match and of each group; `Int.max`-like where a group took no part.
  private(set) var places: UnsafeMutablePointer<Int>

  /// `patterns` has at least one row that is not null.
  convenience init(_ cache: RegexCache, first: Bytes) throws {
    try self.init(cache, pattern: try cache.pattern(first))
    source = first
  }

  /// Steps that PCRE2 may take before RE2 is asked: tens of milliseconds.
  private static let steps: UInt32 = 1_000_000
  /// Steps where RE2 cannot help.
  private static let mostSteps: UInt32 = 10_000_000

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
    _ = pcre2_set_match_limit_8(context, RegexMatcher.steps)
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
    alternative = nil
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
  /// - Parameter groups: whether more than the match itself is asked for.
  func find(_ text: UnsafeRawBufferPointer, from start: Int, groups: Bool = true) throws -> Bool {
    var isValid: Bool?
    return try find(text, from: start, groups, &isValid)
  }

  /// - Parameter isValid: whether the text is valid UTF-8, once that is known.
  private func find(_ text: UnsafeRawBufferPointer, from start: Int, _ groups: Bool, _ isValid: inout Bool?) throws -> Bool {
    let length = text.count - start
    if !pattern.isSteep(length) {
      if let found = try findStepping(text, from: start) { return found }
      pattern.noteSteep(length)
    }
    let refusal: LinearSyntax.Refusal
    do throws(LinearSyntax.Refusal) {
      return try findLinearly(text, from: start, groups, &isValid)
    } catch {
      refusal = error
    }
    _ = pcre2_set_match_limit_8(context, RegexMatcher.mostSteps)
    defer { _ = pcre2_set_match_limit_8(context, RegexMatcher.steps) }
    if let found = try findStepping(text, from: start) { return found }
    throw PrestoError(
      .exceededFunctionMemoryLimit,
      "Regular expression takes too many steps on a text of \(text.count) bytes; it would take few without \(refusal.reason)")
  }

  /// By PCRE2; nil: too many steps.
  private func findStepping(_ text: UnsafeRawBufferPointer, from start: Int) throws -> Bool? {
    let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
    let result = pcre2_match_8(pattern.code, base ?? ("" as StaticString).utf8Start, text.count, start, 0, data, context)
    if result > 0 { return true }
    switch result {
    case PCRE2_ERROR_NOMATCH: return false
    case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: return nil
    default: throw PrestoError(.genericInternalError, "Regular expression matching failed with \(result)")
    }
  }

  /// By RE2; throws where its answer might be another.
  private func findLinearly(
    _ text: UnsafeRawBufferPointer, from start: Int, _ groups: Bool, _ isValid: inout Bool?
  ) throws(LinearSyntax.Refusal) -> Bool {
    let known = alternative ?? pattern.alternative
    alternative = known
    let linear = try known.get()
    let isKnownValid = isValid ?? LinearPattern.isValid(text)
    isValid = isKnownValid
    if !isKnownValid { throw LinearSyntax.Refusal("bytes that are not UTF-8") }
    return try linear.find(text, from: start, groups: groups, places)
  }

  var match: Range<Int> { places[0]..<max(places[0], places[1]) }

  /// The part of a group; nil: it took no part.
  @inline(__always)
  func group(_ index: Int) -> Range<Int>? {
    let start = places[2 * index], end = places[2 * index + 1]
    return start < 0 || end < start ? nil : start..<end
  }

  /// All matches, one after the other; after an empty one the next begins one character later.
  func each(_ text: UnsafeRawBufferPointer, from first: Int = 0, groups: Bool, _ body: () throws -> Bool) throws {
    var start = first, isValid: Bool?
    while start <= text.count, try find(text, from: start, groups, &isValid) {
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
