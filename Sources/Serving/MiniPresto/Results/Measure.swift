/// Times and sizes for people.
public enum Measure {
  public static func time(_ nanoseconds: Int) -> String {
    switch nanoseconds {
    case ..<1_000_000: "\(nanoseconds / 1000)us"
    case ..<1_000_000_000: "\(rounded(Double(nanoseconds) / 1e6))ms"
    default: "\(rounded(Double(nanoseconds) / 1e9))s"
    }
  }

  public static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1024: "\(count)B"
    case ..<(1 << 20): "\(rounded(Double(count) / 1024))kB"
    case ..<(1 << 30): "\(rounded(Double(count) / 1_048_576))MB"
    default: "\(rounded(Double(count) / 1_073_741_824))GB"
    }
  }

  public static func rows(_ count: Double) -> String {
    let whole = Int(min(max(count, 0), 1e18).rounded())
    return whole == 1 ? "1 row" : "\(whole) rows"
  }

  /// Two decimals.
  private static func rounded(_ x: Double) -> String {
    let hundredths = Int((x * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
