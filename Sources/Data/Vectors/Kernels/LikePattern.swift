import CVectors
import Glibc

/// A LIKE pattern, taken apart once: `%` cuts it into segments, which are looked for one after the other. Segments without `_` are found by a
/// vectorised search over bytes; `_` stands for one code point.
public final class LikePattern: Sendable {
  struct Segment: Sendable {
    /// The literal bytes; `_` is noted in `wildcards`.
    let bytes: [UInt8]
    /// Places in `bytes` that stand for any code point; empty for most.
    let wildcards: Set<Int>
    /// The bytes again, padded, for the search.
    let needle: Buffer

    init(_ bytes: [UInt8], _ wildcards: Set<Int>) {
      self.bytes = bytes
      self.wildcards = wildcards
      needle = bytes.withUnsafeBytes { Buffer(copying: $0) }
    }

    var isLiteral: Bool { wildcards.isEmpty }
  }

  let segments: [Segment]
  /// Whether the text must begin with the first segment, and end with the last.
  let startsAtStart, endsAtEnd: Bool
  let ignoresCase: Bool

  /// nil: the escape character is followed by something it cannot escape, or by nothing.
  public init?(_ pattern: [UInt8], escape: UInt8?, ignoringCase: Bool = false) {
    var segments: [Segment] = []
    var bytes: [UInt8] = [], wildcards = Set<Int>()
    var starts = true, ends = true
    let pattern = ignoringCase ? TextFolding.lowered(pattern) : pattern
    var i = 0
    while i < pattern.count {
      let byte = pattern[i]
      if let escape, byte == escape {
        i += 1
        guard i < pattern.count, pattern[i] == 0x25 || pattern[i] == 0x5F || pattern[i] == escape else { return nil }
        bytes.append(pattern[i])
        ends = true
      } else if byte == 0x25 {
        if segments.isEmpty && bytes.isEmpty { starts = false }
        if !bytes.isEmpty { segments.append(Segment(bytes, wildcards)) }
        bytes = []
        wildcards = []
        ends = false
      } else {
        if byte == 0x5F { wildcards.insert(bytes.count) }
        bytes.append(byte)
        ends = true
      }
      i += 1
    }
    if !bytes.isEmpty { segments.append(Segment(bytes, wildcards)) }
    self.segments = segments
    startsAtStart = starts
    endsAtEnd = pattern.isEmpty || ends
    ignoresCase = ignoringCase
  }

  /// The whole text as bytes, if the pattern has no wildcards at all.
  public var literal: [UInt8]? {
    startsAtStart && endsAtEnd && segments.count <= 1 && segments.allSatisfy(\.isLiteral) && !ignoresCase
      ? segments.first?.bytes ?? [] : nil
  }

  /// Matches wherever its only segment, a literal, occurs.
  var isSearch: Bool { segments.count == 1 && !startsAtStart && !endsAtEnd && segments[0].isLiteral && !ignoresCase }

  /// The longest literal that every match contains; nil where there is none.
  public var longestLiteral: [UInt8]? {
    if ignoresCase { return nil }
    let longest = segments.filter(\.isLiteral).map(\.bytes).max { $0.count < $1.count }
    return longest.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The literal every match begins with: what an index or a row group's bounds can use.
  public var prefix: [UInt8]? {
    guard startsAtStart, let first = segments.first, !ignoresCase else { return nil }
    let end = first.wildcards.min() ?? first.bytes.count
    return end == 0 ? nil : Array(first.bytes[..<end])
  }

  /// `text` may be read 32 bytes past its end.
  public func matches(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    if ignoresCase {
      // the copy is rare: case-insensitive matching of long texts folds them first
      let folded = TextFolding.lowered(UnsafeRawBufferPointer(start: text, count: count))
      let copy = folded.withUnsafeBytes { Buffer(copying: $0) }
      return withExtendedLifetime(copy) { matchesExactly(UnsafePointer(copy.pointer(as: UInt8.self)), count: folded.count) }
    }
    return matchesExactly(text, count: count)
  }

  private func matchesExactly(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    var at = 0, end = count
    var first = 0, last = segments.count
    if startsAtStart {
      guard !segments.isEmpty else { return count == 0 || !endsAtEnd }
      guard let next = LikePattern.match(segments[0], text, 0, end) else { return false }
      at = next
      first = 1
      if last == 1 && endsAtEnd { return at == count }
    }
    if endsAtEnd && last > first {
      let tail = segments[last - 1]
      guard let start = LikePattern.matchBackwards(tail, text, at, end) else { return false }
      end = start
      last -= 1
    }
    while first < last {
      guard let next = LikePattern.find(segments[first], text, at, end) else { return false }
      at = next
      first += 1
    }
    return true
  }

  /// Where the segment ends that begins exactly at `start`.
  @inline(__always)
  private static func match(_ segment: Segment, _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    if segment.isLiteral {
      let n = segment.bytes.count
      return end - start >= n && memcmp(text + start, segment.needle.base, n) == 0 ? start + n : nil
    }
    var at = start
    for (place, byte) in segment.bytes.enumerated() {
      guard at < end else { return nil }
      if segment.wildcards.contains(place) {
        at += 1
        while at < end && text[at] & 0xC0 == 0x80 { at += 1 }
      } else {
        guard text[at] == byte else { return nil }
        at += 1
      }
    }
    return at
  }

  /// Where the segment begins that ends exactly at `end`, not before `limit`.
  @inline(__always)
  private static func matchBackwards(_ segment: Segment, _ text: UnsafePointer<UInt8>, _ limit: Int, _ end: Int) -> Int? {
    if segment.isLiteral {
      let n = segment.bytes.count
      return end - limit >= n && memcmp(text + (end - n), segment.needle.base, n) == 0 ? end - n : nil
    }
    var at = end
    for (place, byte) in segment.bytes.enumerated().reversed() {
      guard at > limit else { return nil }
      at -= 1
      if segment.wildcards.contains(place) {
        while at > limit && text[at] & 0xC0 == 0x80 { at -= 1 }
      } else if text[at] != byte {
        return nil
      }
    }
    return at
  }

  /// Where the first occurrence at or after `start` ends.
  @inline(__always)
  private static func find(_ segment: Segment, _ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    if segment.isLiteral {
      guard end - start >= segment.bytes.count else { return nil }
      let at = mp_find(text + start, end - start, segment.needle.pointer(as: UInt8.self), segment.bytes.count)
      return at < 0 ? nil : start + at + segment.bytes.count
    }
    var at = start
    while at <= end {
      if let next = match(segment, text, at, end) { return next }
      at += 1
      while at < end && text[at] & 0xC0 == 0x80 { at += 1 }
    }
    return nil
  }
}

/// Lower case without a locale.
public enum TextFolding {
  public static func lowered(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { lowered($0) } }

  public static func lowered(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 } }
    return Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8)
  }
}
