import Values

// Times and sizes as Presto's configuration writes them: `5m`, `1.5h`, `200ms`, `10GB`, `512kB`.

/// A length of time; microseconds are as fine as it gets.
extension Duration: PropertyValue {
  private static let units: [(name: String, micros: Double)] = [
    ("ns", 0.001), ("us", 1), ("ms", 1000), ("s", 1e6), ("m", 60e6), ("h", 3600e6), ("d", 86_400e6),
  ]

  public init?(propertyText: String) {
    guard let (number, unit) = Amount.split(propertyText), let factor = Duration.units.first(where: { $0.name == unit })?.micros else {
      return nil
    }
    let micros = (number * factor).rounded()
    guard micros <= 9e18 else { return nil }
    self = .microseconds(Int64(micros))
  }

  /// With the largest unit that leaves at least one, as Presto prints it: `1.50h`.
  public var propertyText: String {
    let micros = Double(micros)
    let unit = Duration.units.last { micros >= $0.micros && $0.name != "ns" } ?? ("us", 1)
    return Amount.text(micros / unit.micros) + unit.name
  }

  public static var propertyType: DataType { .varchar(length: nil) }

  /// Whole microseconds; the largest number where there are too many.
  public var micros: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : whole.addingReportingOverflow(attoseconds / 1_000_000_000_000).partialValue
  }
}

/// A number of bytes. `kB`, `MB`, `GB`, `TB` and `PB` are powers of 1024, as in Presto.
public struct DataSize: PropertyValue, Hashable, Comparable {
  public var bytes: Int

  public init(bytes: Int) { self.bytes = bytes }

  /// Text: nothing.
  public static let unlimited = DataSize(bytes: .max)

  private static let units: [(name: String, bytes: Double)] = [
    ("B", 1), ("kB", 1024), ("MB", 1_048_576), ("GB", 1_073_741_824), ("TB", 1_099_511_627_776), ("PB", 1_125_899_906_842_624),
  ]

  public init?(propertyText: String) {
    if propertyText.isEmpty {
      self = .unlimited
      return
    }
    guard let (number, unit) = Amount.split(propertyText), let factor = DataSize.units.first(where: { $0.name == unit })?.bytes else {
      return nil
    }
    let bytes = (number * factor).rounded()
    guard bytes < 9.2e18 else { return nil }
    self.bytes = Int(bytes)
  }

  public var propertyText: String {
    if self == .unlimited { return "" }
    let unit = DataSize.units.last { Double(bytes) >= $0.bytes } ?? ("B", 1)
    let number = Double(bytes) / unit.bytes
    return (number == number.rounded() ? "\(Int(number))" : Amount.text(number)) + unit.name
  }

  public static var propertyType: DataType { .varchar(length: nil) }
  public static func < (a: DataSize, b: DataSize) -> Bool { a.bytes < b.bytes }
}

/// A number and its unit.
private enum Amount {
  /// nil: no number that is finite and not negative, or no unit.
  static func split(_ text: String) -> (number: Double, unit: String)? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let number = Double(String(digits)), number.isFinite, !unit.isEmpty else { return nil }
    return (number, String(unit))
  }

  /// Two decimals.
  static func text(_ number: Double) -> String {
    let hundredths = Int((min(number, 9e15) * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
