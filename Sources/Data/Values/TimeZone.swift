import Glibc

/// A time zone's offsets from UTC over time, read from the system's compiled zone files (TZif, RFC 8536), or one fixed offset.
///
/// Offsets are seconds east of UTC. After the last transition the file's rule (`CET-1CEST,M3.5.0,M10.5.0/3`) goes on for ever.
public final class TimeZone: Sendable {
  public let name: String
  /// Seconds since the epoch at which `offsets[i + 1]` begins; `offsets[0]` holds before all of them.
  private let transitions: [Int64]
  private let offsets: [Int32]
  private let rule: TimeZoneRule?

  init(name: String, transitions: [Int64], offsets: [Int32], rule: TimeZoneRule?) {
    self.name = name
    self.transitions = transitions
    self.offsets = offsets
    self.rule = rule
  }

  convenience init(name: String, fixedOffset seconds: Int) {
    self.init(name: name, transitions: [], offsets: [Int32(truncatingIfNeeded: seconds)], rule: nil)
  }

  public static let utc = TimeZone(name: "UTC", fixedOffset: 0)

  /// Seconds to add to UTC at an instant.
  public func offset(at seconds: Int64) -> Int {
    if let rule, seconds >= transitions.last ?? Int64.min { return rule.offset(at: seconds) }
    // the first transition after the instant
    var low = 0, high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return Int(offsets[low])
  }

  /// Seconds to take off a local time to come to UTC. A time that occurs twice is the earlier one; a time that a jump left out is read with
  /// the offset from before the jump.
  public func offset(atLocal seconds: Int64) -> Int {
    // candidates: the offsets in force around that time
    let before = offset(at: seconds - 86_400), after = offset(at: seconds + 86_400)
    if before == after {
      let here = offset(at: seconds - Int64(before))
      if here == before { return before }
    }
    if offset(at: seconds - Int64(before)) == before { return before }
    if offset(at: seconds - Int64(after)) == after { return after }
    return before
  }

  // MARK: Reading

  /// A zone of the system's data base; nil where there is no such file, or it is no zone file.
  static func read(_ name: String) -> TimeZone? {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains(".."),
      name.utf8.allSatisfy({ isNameByte($0) }), let bytes = contents("/usr/share/zoneinfo/" + name)
    else { return nil }
    return TimeZoneFile(bytes).flatMap { $0.zone(name) }
  }

  private static func isNameByte(_ b: UInt8) -> Bool {
    (b >= 0x61 && b <= 0x7A) || (b >= 0x41 && b <= 0x5A) || (b >= 0x30 && b <= 0x39) || b == 0x2F || b == 0x5F || b == 0x2D || b == 0x2B
  }

  private static func contents(_ path: String) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while bytes.count < 1 << 20 {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
    return nil
  }
}

/// The bytes of a TZif file.
///
///     "TZif" version … six counts │ transition times │ type indices │ types (offset, isDST, name) │ names │ leap seconds │ flags
///     version 2 and later: the same again with 64-bit times, then "\nRULE\n"
struct TimeZoneFile {
  private let bytes: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 44, bytes[0] == 0x54, bytes[1] == 0x5A, bytes[2] == 0x69, bytes[3] == 0x66 else { return nil }
    self.bytes = bytes
  }

  func zone(_ name: String) -> TimeZone? {
    let isWide = bytes[4] >= 0x32
    guard let first = counts(at: 0) else { return nil }
    if !isWide { return block(name, at: 44, first, timeSize: 4, rule: nil) }
    let second = 44 + first.size(timeSize: 4)
    guard let counts = counts(at: second) else { return nil }
    let end = second + 44 + counts.size(timeSize: 8)
    var rule: TimeZoneRule?
    if end < bytes.count, bytes[end] == 0x0A, let stop = bytes[(end + 1)...].firstIndex(of: 0x0A) {
      rule = TimeZoneRule(Array(bytes[(end + 1)..<stop]))
    }
    return block(name, at: second + 44, counts, timeSize: 8, rule: rule)
  }

  struct Counts {
    var isUTC, isStandard, leaps, times, types, names: Int
    func size(timeSize: Int) -> Int { times * timeSize + times + types * 6 + names + leaps * (timeSize + 4) + isStandard + isUTC }
  }

  private func counts(at place: Int) -> Counts? {
    guard place + 44 <= bytes.count else { return nil }
    let all = (0..<6).map { Int(number(place + 20 + $0 * 4, 4)) }
    guard all.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else { return nil }
    return Counts(isUTC: all[0], isStandard: all[1], leaps: all[2], times: all[3], types: all[4], names: all[5])
  }

  private func block(_ name: String, at place: Int, _ counts: Counts, timeSize: Int, rule: TimeZoneRule?) -> TimeZone? {
    guard place + counts.size(timeSize: timeSize) <= bytes.count, counts.types > 0 else { return nil }
    let indices = place + counts.times * timeSize, types = indices + counts.times
    func offset(_ type: Int) -> Int32 { Int32(truncatingIfNeeded: number(types + type * 6, 4)) }
    var transitions: [Int64] = []
    // before the first transition: the first standard-time type
    var standard = 0
    while standard < counts.types - 1 && bytes[types + standard * 6 + 4] != 0 { standard += 1 }
    var offsets = [offset(standard)]
    for i in 0..<counts.times {
      let type = Int(bytes[indices + i])
      guard type < counts.types else { return nil }
      transitions.append(number(place + i * timeSize, timeSize))
      offsets.append(offset(type))
    }
    return TimeZone(name: name, transitions: transitions, offsets: offsets, rule: rule)
  }

  /// Big-endian and signed.
  private func number(_ place: Int, _ size: Int) -> Int64 {
    var value: UInt64 = bytes[place] & 0x80 != 0 ? ~0 : 0
    for i in 0..<size { value = value << 8 | UInt64(bytes[place + i]) }
    return Int64(bitPattern: value)
  }
}
