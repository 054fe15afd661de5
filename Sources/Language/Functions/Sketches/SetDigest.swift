import Values
import Vectors

/// The least hashes of a set with how often each was seen (MinHash: Broder, "On the resemblance and containment of documents", 1997), and beside them,
/// for when there are more, a HyperLogLog counter. The counter lies elsewhere: see `SetDigests`.
struct MinHashes {
  static let standardLimit = 8192

  var limit = MinHashes.standardLimit
  private(set) var counts: [Int64: Int16] = [:]

  var byteCount: Int { 32 + counts.capacity * 20 }
  /// A set of exactly as many as the limit may have been a larger one.
  var isExact: Bool { counts.count < limit }
  var ascending: [(hash: Int64, count: Int16)] { counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

  /// Hashes beyond the limit go when there are twice as many: whether they went at once makes no difference to the least ones.
  mutating func add(_ hash: Int64, count: Int16 = 1) {
    let (sum, overflow) = counts[hash, default: 0].addingReportingOverflow(count)
    counts[hash] = overflow ? .max : sum
    if counts.count > 2 * max(limit, 16) { settle() }
  }

  mutating func settle() {
    if counts.count <= limit { return }
    counts = Dictionary(ascending.prefix(limit).map { ($0.hash, $0.count) }, uniquingKeysWith: { first, _ in first })
  }
}

/// A set digest as a value: what the scalar functions work on.
struct SetDigest {
  static let precision = 11

  let counter: HyperLogLogs
  var hashes: MinHashes

  /// Throws `INVALID_FUNCTION_ARGUMENT` for bytes that are no digest.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    let (sketch, hashes) = try SetDigest.parts(bytes)
    guard let precision = HyperLogLogs.precision(of: sketch) else { throw SetDigest.broken }
    counter = HyperLogLogs(precision: precision)
    counter.resize(to: 1)
    try counter.merge(bytes: sketch, into: 0)
    self.hashes = hashes
  }

  static var broken: PrestoError { invalidArgument("Cannot deserialize set digest") }

  /// As Presto stores it: the counter's own form, then hashes ascending, then their counts.
  ///
  ///     1 | length of the counter, 32 bits | counter | limit, 32 bits | n, 32 bits | n hashes of 64 bits | n counts of 16 bits
  static func parts(_ bytes: UnsafeRawBufferPointer) throws -> (counter: UnsafeRawBufferPointer, hashes: MinHashes) {
    var input = SketchBytes(bytes)
    guard input.number(UInt8.self) == 1, let length = input.number(Int32.self), let counter = input.part(Int(length)),
      let limit = input.number(Int32.self), limit > 0, let count = input.number(Int32.self), count >= 0, input.left == 10 * Int(count),
      var keys = input.part(8 * Int(count)).map({ SketchBytes($0) }), var values = input.part(2 * Int(count)).map({ SketchBytes($0) })
    else { throw broken }
    var hashes = MinHashes(limit: Int(limit))
    while let key = keys.number(Int64.self), let value = values.number(Int16.self) { hashes.add(key, count: value) }
    hashes.settle()
    return (counter, hashes)
  }

  static func bytes(_ counter: [UInt8], _ hashes: MinHashes) -> [UInt8] {
    var out: [UInt8] = [1]
    out.put(Int32(truncatingIfNeeded: counter.count))
    out += counter
    out.put(Int32(clamping: hashes.limit))
    let entries = hashes.ascending
    out.put(Int32(truncatingIfNeeded: entries.count))
    for entry in entries { out.put(entry.hash) }
    for entry in entries { out.put(entry.count) }
    return out
  }

  var cardinality: Int64 { hashes.isExact ? Int64(hashes.counts.count) : counter.estimate(0) }

  /// Of the least hashes of both together, as many as the smaller digest has, the share that is in both. NaN where that one is empty.
  static func jaccard(_ a: SetDigest, _ b: SetDigest) -> Double {
    let size = min(a.hashes.counts.count, b.hashes.counts.count)
    let least = Set(a.hashes.counts.keys).union(b.hashes.counts.keys).sorted().prefix(size)
    return Double(least.count { a.hashes.counts[$0] != nil && b.hashes.counts[$0] != nil }) / Double(size)
  }

  static func intersection(_ a: SetDigest, _ b: SetDigest) throws -> Int64 {
    if a.hashes.isExact && b.hashes.isExact { return Int64(a.hashes.counts.keys.count { b.hashes.counts[$0] != nil }) }
    let jaccard = jaccard(a, b)
    guard a.counter.precision == b.counter.precision else {
      throw invalidArgument(
        "Cannot merge HLLs with different number of buckets: \(1 << a.counter.precision) vs \(1 << b.counter.precision)")
    }
    let smaller = min(a.cardinality, b.cardinality)
    // a's counter is nobody else's
    var union = a
    union.counter.merge(b.counter, 0, into: 0)
    for (hash, count) in b.hashes.counts { union.hashes.add(hash, count: count) }
    union.hashes.settle()
    // a small set within a large one: the estimate may exceed what the small one has
    let estimate = (jaccard * Double(union.cardinality)).rounded()
    return min(estimate > 0 ? (estimate < 9.2e18 ? Int64(estimate) : .max) : 0, smaller)
  }
}
