/// Which requests fetch some ranges of a file: near ones together, long ones in parts that travel side by side.
package enum RangePlan {
  /// Bytes between two ranges that are cheaper read than asked for separately: what a connection brings in the time of one round trip.
  static let gap = 256 << 10
  /// Bytes of one request.
  static let largest = 8 << 20

  /// Ascending and apart; together they hold all of `ranges`, which may overlap and come in any order.
  package static func requests(for ranges: [Range<Int>], gap: Int = gap, largest: Int = largest) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound - last.upperBound <= gap {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged.flatMap { range in
      let parts = max(1, (range.count + largest - 1) / largest), size = (range.count + parts - 1) / parts
      return stride(from: range.lowerBound, to: range.upperBound, by: size).map { $0..<min($0 + size, range.upperBound) }
    }
  }
}

/// Some bytes of a file.
public struct ObjectSegment: Sendable {
  public let range: Range<Int>
  public let bytes: [UInt8]

  public init(range: Range<Int>, bytes: [UInt8]) {
    self.range = range
    self.bytes = bytes
  }
}
