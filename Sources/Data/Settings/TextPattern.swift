import CRegex
import Values

/// A regular expression of a configuration file (resource group selectors, access rules, user mapping) that must match a whole text. Java's named
/// groups `(?<name>…)` are PCRE2's as well. Immutable; safe from any thread.
public final class TextPattern: @unchecked Sendable, Equatable {
  public let source: String
  /// Numbers of the named groups.
  private let names: [(name: String, number: Int)]
  private let groupCount: Int
  private let code: OpaquePointer?
  /// A pattern without special characters: nothing but a comparison.
  private let isLiteral: Bool
  private let isAnything: Bool

  /// Texts longer than this match nothing but `.*`: names of users and tables are shorter, and matching stays quick.
  private static let longest = 4096

  public init(_ source: String) throws {
    self.source = source
    isAnything = source == ".*"
    isLiteral = !isAnything && !source.utf8.contains { #"\^$.|?*+()[]{}"#.utf8.contains($0) }
    guard !isAnything && !isLiteral else {
      code = nil
      names = []
      groupCount = 0
      return
    }
    let bytes = Array(source.utf8)
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C) | UInt32(PCRE2_ANCHORED) | UInt32(PCRE2_ENDANCHORED)
    var error: Int32 = 0, place = 0
    let compiled = (bytes + [0]).withUnsafeBufferPointer { pcre2_compile_8($0.baseAddress, bytes.count, options, &error, &place, nil) }
    guard let compiled else {
      var message = [UInt8](repeating: 0, count: 256)
      let length = message.withUnsafeMutableBufferPointer { pcre2_get_error_message_8(error, $0.baseAddress, $0.count) }
      let reason = String(decoding: message.prefix(Int(max(0, length))), as: UTF8.self)
      throw PrestoError(.configurationInvalid, "'\(source)' is no regular expression: \(reason) at character \(place + 1)")
    }
    code = compiled
    var count: UInt32 = 0
    _ = pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &count)
    groupCount = Int(count)
    names = TextPattern.names(compiled)
  }

  deinit { if let code { pcre2_code_free_8(code) } }

  /// Entries of PCRE2's name table: group number in two bytes, most significant first, the name, a zero.
  private static func names(_ code: OpaquePointer) -> [(name: String, number: Int)] {
    var count: UInt32 = 0, size: UInt32 = 0
    var table: UnsafePointer<UInt8>?
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
    _ = pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
    guard let table, size > 2 else { return [] }
    return (0..<Int(count)).map { index in
      let entry = table + index * Int(size)
      let bytes = UnsafeBufferPointer(start: entry + 2, count: Int(size) - 2).prefix { $0 != 0 }
      return (String(decoding: bytes, as: UTF8.self), Int(entry[0]) << 8 | Int(entry[1]))
    }
  }

  public var groupNames: [String] { names.map(\.name) }

  /// What the groups caught.
  public struct Match: Sendable, Equatable {
    /// By number; 0 is the whole text. nil: took no part.
    public fileprivate(set) var groups: [String?]
    public fileprivate(set) var named: [String: String] = [:]
  }

  /// Whether the whole text matches. Throws when the pattern needs too many steps: the caller must not take that for a no.
  public func matches(_ text: String) throws -> Bool {
    if isAnything { return true }
    if isLiteral { return text == source }
    return try places(text) != nil
  }

  /// nil: the text does not match.
  public func match(_ text: String) throws -> Match? {
    if isAnything || isLiteral { return try matches(text) ? Match(groups: [text]) : nil }
    guard let places = try places(text) else { return nil }
    let bytes = Array(text.utf8)
    var match = Match(
      groups: places.map { range in
        guard let range, range.upperBound <= bytes.count else { return nil }
        return String(decoding: bytes[range], as: UTF8.self)
      })
    for (name, number) in names where number < match.groups.count { match.named[name] = match.groups[number] }
    return match
  }

  private func places(_ text: String) throws -> [Range<Int>?]? {
    let bytes = Array(text.utf8)
    guard let code, bytes.count <= TextPattern.longest else { return nil }
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil), let context = pcre2_match_context_create_8(nil) else {
      throw PrestoError(.genericInsufficientResources, "No memory for regular expressions")
    }
    defer {
      pcre2_match_data_free_8(data)
      pcre2_match_context_free_8(context)
    }
    _ = pcre2_set_match_limit_8(context, 1_000_000)
    let status = (bytes + [0]).withUnsafeBufferPointer { pcre2_match_8(code, $0.baseAddress, bytes.count, 0, 0, data, context) }
    if status == PCRE2_ERROR_NOMATCH { return nil }
    guard status > 0, let vector = pcre2_get_ovector_pointer_8(data) else {
      throw PrestoError(.configurationInvalid, "The pattern '\(source)' takes too long on a text of \(bytes.count) bytes")
    }
    return (0...groupCount).map { group in
      let start = vector[2 * group], end = vector[2 * group + 1]
      return start >= 0 && start <= end && end <= bytes.count ? start..<end : nil
    }
  }

  public static func == (a: TextPattern, b: TextPattern) -> Bool { a.source == b.source }
}

extension TextPattern.Match {
  /// Makes what was caught fit to stand in a pattern, for nothing but itself.
  public mutating func quoteGroups() {
    groups = groups.map { group in
      group.map { text in
        var quoted = ""
        for character in text {
          if character.isASCII && !character.isLetter && !character.isNumber { quoted += "\\" }
          quoted.append(character)
        }
        return quoted
      }
    }
  }
}
