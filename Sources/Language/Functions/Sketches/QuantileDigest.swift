import Values
import Vectors

/// Shrivastava, Buragohain, Agrawal and Suri's q-digest ("Medians and beyond", 2004) over 64-bit keys.
///
/// A node is a range of keys that share their leading bits, with a weight. Light nodes are merged into their parents, so that no quantile is off
/// by more than `error` of the weight. Nodes lie in post-order: by upper bound, and of equal ones the narrower first.
///
///     level 2        [0 ………… 3]
///     level 1     [0 … 1] [2 … 3]
///     level 0     0     1   2     3
struct QuantileDigest {
  static let standardError = 0.01

  struct Node {
    /// Bits below the range.
    var level: UInt8
    /// The keys' common leading bits: key >> level.
    var prefix: UInt64
    var weight: Double

    /// Its lowest key.
    var key: UInt64 { level >= 64 ? 0 : prefix << UInt64(level) }
    var upper: UInt64 { level >= 64 ? .max : prefix << UInt64(level) | ((1 << UInt64(level)) - 1) }
  }

  private(set) var error: Double
  private(set) var nodes: [Node] = []
  private var pending: [(key: UInt64, weight: Double)] = []
  private(set) var low = UInt64.max
  private(set) var high = UInt64.min

  init(error: Double = QuantileDigest.standardError) { self.error = error }

  var isEmpty: Bool { nodes.isEmpty && pending.isEmpty }
  var byteCount: Int { 64 + nodes.capacity * 24 + pending.capacity * 16 }

  mutating func add(_ key: UInt64, weight: Double) {
    pending.append((key, weight))
    low = min(low, key)
    high = max(high, key)
    if pending.count >= 4096 { settle() }
  }

  mutating func merge(_ other: QuantileDigest) {
    var other = other
    other.settle()
    settle()
    error = max(error, other.error)
    low = min(low, other.low)
    high = max(high, other.high)
    nodes = QuantileDigest.joined(nodes + other.nodes)
    compress()
  }

  mutating func scale(by factor: Double) {
    settle()
    for index in nodes.indices { nodes[index].weight *= factor }
  }

  mutating func settle() {
    if pending.isEmpty { return }
    nodes = QuantileDigest.joined(nodes + pending.map { Node(level: 0, prefix: $0.key, weight: $0.weight) })
    pending.removeAll(keepingCapacity: true)
    compress()
  }

  /// In post-order, with the weights of equal nodes added up.
  private static func joined(_ nodes: [Node]) -> [Node] {
    var result: [Node] = []
    for node in nodes.sorted(by: { ($0.upper, $0.level) < ($1.upper, $1.level) }) {
      if let last = result.last, last.level == node.level, last.prefix == node.prefix {
        result[result.count - 1].weight += node.weight
      } else {
        result.append(node)
      }
    }
    return result
  }

  /// Level by level: siblings that together with their parent weigh too little become part of it.
  private mutating func compress() {
    let limit = error * nodes.reduce(0) { $0 + $1.weight } / 64
    if limit < 1 || nodes.count < 256 { return }
    var byLevel: [[UInt64: Double]] = Array(repeating: [:], count: 65)
    for node in nodes { byLevel[Int(node.level)][node.prefix, default: 0] += node.weight }
    for level in 0..<64 {
      var families: [UInt64: Double] = [:]
      for (prefix, weight) in byLevel[level] { families[prefix >> 1, default: 0] += weight }
      for (parent, weight) in families {
        let whole = weight + (byLevel[level + 1][parent] ?? 0)
        if whole > limit { continue }
        byLevel[level][parent << 1] = nil
        byLevel[level][parent << 1 | 1] = nil
        byLevel[level + 1][parent] = whole
      }
    }
    nodes = QuantileDigest.joined(
      byLevel.enumerated().flatMap { level, known in
        known.map { Node(level: UInt8(truncatingIfNeeded: level), prefix: $0.key, weight: $0.value) }
      })
  }

  /// The least key below which, or at which, more than `q` of the weight lies; nil when empty. To be settled before.
  func key(at q: Double) -> UInt64? {
    let total = nodes.reduce(0) { $0 + $1.weight }
    var soFar = 0.0
    for node in nodes {
      soFar += node.weight
      if soFar > q * total { return min(node.upper, high) }
    }
    return nodes.isEmpty ? nil : high
  }

  /// The share of the weight below a key; nil outside of the keys seen. To be settled before.
  func share(below key: UInt64) -> Double? {
    if nodes.isEmpty || key < low || key > high { return nil }
    var below = 0.0, total = 0.0
    for node in nodes {
      if node.upper < key { below += node.weight }
      total += node.weight
    }
    return below / total
  }

  // MARK: as bytes

  /// Presto's own form: a binary tree in post-order, in which every node but the leaves has weight or two children. Keys stand as they are, bounds
  /// as the numbers that they are keys of.
  ///
  ///     0 | error | alpha, 0 | landmark, 0 | low | high | n, 32 bits | n times (level - 1 << 2 | has right << 1 | has left, weight, key)
  mutating func bytes() -> [UInt8] {
    settle()
    var out: [UInt8] = []
    func put(_ x: some FixedWidthInteger) { withUnsafeBytes(of: x.littleEndian) { out.append(contentsOf: $0) } }
    var count: UInt32 = 0
    var tree: [UInt8] = []
    func write(_ nodes: ArraySlice<Node>) {
      guard let first = nodes.first, let last = nodes.last else { return }
      // the last in post-order is the root where it reaches from the first to itself; otherwise there is a fork above both
      let fork = UInt8(64 - (first.key ^ last.key).leadingZeroBitCount)
      let root =
        nodes.count == 1 || last.level >= fork ? last : Node(level: fork, prefix: fork >= 64 ? 0 : first.key >> UInt64(fork), weight: 0)
      let below = root.weight > 0 ? nodes.dropLast() : nodes
      let left = below.prefix { root.level > 0 && $0.key >> UInt64(root.level - 1) & 1 == 0 }
      let right = below.dropFirst(left.count)
      write(left)
      write(right)
      count += 1
      tree.append((max(root.level, 1) - 1) << 2 | (right.isEmpty ? 0 : 2) | (left.isEmpty ? 0 : 1))
      withUnsafeBytes(of: root.weight.bitPattern.littleEndian) { tree.append(contentsOf: $0) }
      withUnsafeBytes(of: (root.weight > 0 ? root.key : first.key).littleEndian) { tree.append(contentsOf: $0) }
    }
    write(nodes[...])
    put(UInt8(0))
    put(error.bitPattern)
    put(UInt64(0))
    put(UInt64(0))
    put(low ^ 1 << 63)
    put(high ^ 1 << 63)
    put(count)
    return out + tree
  }

  /// Throws INVALID_FUNCTION_ARGUMENT for bytes that are no digest.
  init(bytes: UnsafeRawBufferPointer) throws {
    let broken = PrestoError(.invalidFunctionArgument, "Cannot deserialize quantile digest")
    func word(_ at: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
    // what `CAST('' AS varbinary)` gives is a digest of nothing
    error = QuantileDigest.standardError
    if bytes.isEmpty { return }
    guard bytes.count >= 45, bytes[0] == 0 else { throw broken }
    let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 41, as: UInt32.self)))
    guard bytes.count == 45 + 17 * count else { throw broken }
    error = Double(bitPattern: word(1))
    low = word(25) ^ 1 << 63
    high = word(33) ^ 1 << 63
    for index in 0..<count {
      let at = 45 + 17 * index
      let level = bytes[at] >> 2 + (bytes[at] & 3 == 0 ? 0 : 1), key = word(at + 9)
      let weight = Double(bitPattern: word(at + 1))
      guard level <= 64, weight >= 0, weight.isFinite else { throw broken }
      if weight > 0 { nodes.append(Node(level: level, prefix: level >= 64 ? 0 : key >> UInt64(level), weight: weight)) }
    }
    guard error > 0, error < 1 else { throw broken }
    nodes = QuantileDigest.joined(nodes)
  }
}

/// What a q-digest may be of: numbers whose order their keys keep.
protocol DigestKey: Storable {
  var key: UInt64 { get }
  init(key: UInt64)
}

extension Int64: DigestKey {
  var key: UInt64 { UInt64(bitPattern: self) ^ 1 << 63 }
  init(key: UInt64) { self = Int64(bitPattern: key ^ 1 << 63) }
}

extension Double: DigestKey {
  var key: UInt64 { bitPattern >> 63 == 1 ? ~bitPattern : bitPattern | 1 << 63 }
  init(key: UInt64) { self = Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key) }
}

extension Float: DigestKey {
  /// As a whole number of 32 bits, sign and all.
  var key: UInt64 {
    let bits = Int32(bitPattern: bitPattern)
    return Int64(bits ^ (bits >> 31 & Int32.max)).key
  }
  init(key: UInt64) {
    let bits = Int32(truncatingIfNeeded: Int64(key: key))
    self = Float(bitPattern: UInt32(bitPattern: bits ^ (bits >> 31 & Int32.max)))
  }
}
