import CRegex

/// What PCRE2 takes the classes of one pattern for, written as RE2's ranges.
struct CharacterClasses {
  private struct Key: Hashable {
    let source: [UInt8], ignoresCase: Bool
  }

  private var known: [Key: [UInt8]] = [:]
  /// All characters there are, in order.
  private lazy var alphabet: [UInt8] = CharacterClasses.everything()

  /// The class of all characters that `source`, which matches one, stands for.
  mutating func written(_ source: [UInt8], _ ignoresCase: Bool) throws(LinearSyntax.Refusal) -> [UInt8] {
    let key = Key(source: source, ignoresCase: ignoresCase)
    if let known = known[key] { return known }
    var written = ""
    for range in try runs(source, ignoresCase) {
      written += "\\x{\(String(range.lowerBound, radix: 16))}-\\x{\(String(range.upperBound, radix: 16))}"
    }
    let text = Array((written.isEmpty ? "[^\\x{0}-\\x{10ffff}]" : "[\(written)]").utf8)
    known[key] = text
    return text
  }

  /// PCRE2 finds the longest runs of such characters among all there are.
  private mutating func runs(_ source: [UInt8], _ ignoresCase: Bool) throws(LinearSyntax.Refusal) -> [ClosedRange<UInt32>] {
    let pattern = source + Array("++".utf8)
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_NEVER_BACKSLASH_C) | (ignoresCase ? UInt32(PCRE2_CASELESS) : 0)
    var error: Int32 = 0, place = 0
    guard let code = pcre2_compile_8(pattern, pattern.count, options, &error, &place, nil) else {
      throw LinearSyntax.Refusal("its classes")
    }
    defer { pcre2_code_free_8(code) }
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil), let places = pcre2_get_ovector_pointer_8(data) else {
      throw LinearSyntax.Refusal("its classes")
    }
    defer { pcre2_match_data_free_8(data) }
    return alphabet.withUnsafeBufferPointer { all in
      var runs: [ClosedRange<UInt32>] = [], start = 0
      while start < all.count, pcre2_match_8(code, all.baseAddress, all.count, start, UInt32(PCRE2_NO_UTF_CHECK), data, nil) > 0,
        places[1] > start
      {
        var last = places[1] - 1
        while last > 0 && all[last] & 0xC0 == 0x80 { last -= 1 }
        runs.append(CharacterClasses.scalar(all, places[0])...CharacterClasses.scalar(all, last))
        start = places[1]
      }
      return runs
    }
  }

  private static func everything() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4_400_000)
    for value in UInt32(0)...0x10FFFF { if let scalar = Unicode.Scalar(value) { bytes += scalar.utf8 } }
    return bytes
  }

  private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32 {
    let first = UInt32(bytes[at])
    if first < 0x80 { return first }
    let count = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
    let rest = (1...count).reduce(UInt32(0)) { $0 << 6 | UInt32(bytes[at + $1] & 0x3F) }
    return (first & (0x3F >> UInt32(count))) << (6 * UInt32(count)) | rest
  }
}
