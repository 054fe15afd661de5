import Synchronization

/// Named zones seen so far. Keys are handed out in order and never given back; there are some six hundred names in the data base.
private let zones = Mutex(Zones())

private struct Zones {
  var keys: [String: UInt16] = [:]
  var named: [TimeZone] = []
}

extension TimeZoneKey {
  /// The key of a zone's name: `Europe/Berlin`, `UTC`, `Z`, `+02:00`, `-5`, `UTC+2`. Throws INVALID_FUNCTION_ARGUMENT for others, as
  /// AT TIME ZONE does.
  public init(_ name: String) throws {
    guard let key = TimeZoneKey(known: name) else {
      throw PrestoError(.invalidFunctionArgument, "'\(name)' is not a valid time zone")
    }
    self = key
  }

  /// nil: no such zone.
  public init?(known name: String) {
    switch name {
    case "UTC", "Z", "z", "UT", "GMT", "Etc/UTC", "Etc/GMT", "Universal", "Zulu", "Etc/Universal", "Etc/Zulu", "GMT0", "Greenwich", "utc":
      self = .utc
      return
    default: break
    }
    if let minutes = TimeZoneKey.offset(name) {
      self.init(offsetMinutes: minutes)
      return
    }
    if let key = zones.withLock({ $0.keys[name] }) {
      self.init(rawValue: key)
      return
    }
    guard let zone = TimeZone.read(name) ?? TimeZone.read(TimeZoneKey.capitalised(name)) else { return nil }
    let key = zones.withLock { state -> UInt16? in
      if let known = state.keys[zone.name] {
        state.keys[name] = known
        return known
      }
      guard state.named.count < Int(UInt16.max - TimeZoneKey.firstNamed) else { return nil }
      let key = TimeZoneKey.firstNamed + UInt16(state.named.count)
      state.named.append(zone)
      state.keys[name] = key
      state.keys[zone.name] = key
      return key
    }
    guard let key else { return nil }
    self.init(rawValue: key)
  }

  /// `UTC`, `+02:00`, `Europe/Berlin`.
  public var name: String {
    if let minutes = fixedOffsetMinutes { return minutes == 0 ? "UTC" : TimeZoneKey.offsetText(minutes) }
    return zone.name
  }

  /// The zone's offsets. Look it up once a batch, not once a row.
  public var zone: TimeZone {
    if rawValue == 0 { return .utc }
    if let minutes = fixedOffsetMinutes { return TimeZone(name: TimeZoneKey.offsetText(minutes), fixedOffset: minutes * 60) }
    let index = Int(rawValue - TimeZoneKey.firstNamed)
    return zones.withLock { index < $0.named.count ? $0.named[index] : .utc }
  }

  /// Seconds east of UTC at an instant.
  public func offset(at seconds: Int64) -> Int {
    if let minutes = fixedOffsetMinutes { return minutes * 60 }
    return zone.offset(at: seconds)
  }

  public static func offsetText(_ minutes: Int) -> String {
    let size = abs(minutes), hours = size / 60, rest = size % 60
    return (minutes < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
  }

  /// Minutes of `+hh:mm`, `-h`, `+hhmm`, with or without `UTC`, `GMT` or `UT` before it; nil: not an offset.
  public static func offset(_ text: String) -> Int? {
    var bytes = Array(text.utf8)[...]
    for prefix in ["UTC", "GMT", "UT"] where text.hasPrefix(prefix) && bytes.count > prefix.utf8.count {
      bytes = bytes.dropFirst(prefix.utf8.count)
      break
    }
    guard let sign = bytes.first, sign == 0x2B || sign == 0x2D else { return nil }
    bytes = bytes.dropFirst()
    let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false).map(Array.init)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else { return nil }
    func number(_ digits: some Sequence<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    let hours: Int, minutes: Int
    if parts.count == 2 {
      guard parts[0].count <= 2, parts[1].count == 2 else { return nil }
      (hours, minutes) = (number(parts[0]), number(parts[1]))
    } else if parts[0].count == 4 {
      (hours, minutes) = (number(parts[0].prefix(2)), number(parts[0].suffix(2)))
    } else {
      guard parts[0].count <= 2 else { return nil }
      (hours, minutes) = (number(parts[0]), 0)
    }
    guard minutes < 60, hours * 60 + minutes <= 840 else { return nil }
    return sign == 0x2D ? -(hours * 60 + minutes) : hours * 60 + minutes
  }

  /// `europe/berlin` as the data base writes it.
  private static func capitalised(_ name: String) -> String {
    var result = ""
    var isStart = true
    for character in name.lowercased() {
      result += isStart ? character.uppercased() : String(character)
      isStart = character == "/" || character == "_" || character == "-"
    }
    return result
  }
}
