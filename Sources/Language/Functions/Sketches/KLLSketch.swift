import Values

/// Quantile sketches of Karnin, Lang and Liberty ("Optimal Quantile Approximation in Streams", 2016), as Apache DataSketches has them: an item of level h
/// stands for 2^h values; a level that is full sends every other of its items up, those at odd or at even places by the toss of a coin.
struct KLLSketch<Item: KLLItem> {
  let k: Int
  private(set) var count: UInt64 = 0
  /// Level 0 as it comes, the latest last; the others ascending.
  private var levels: [[Item]] = [[]]
  private var retained = 0
  private var capacity: Int
  private var low: Item?
  private var high: Item?

  init(k: Int) {
    self.k = k
    capacity = KLLShape.capacity(k, levels: 1)
  }

  var byteCount: Int { 96 + retained * (MemoryLayout<Item>.stride + 16) }

  mutating func add(_ item: Item) {
    widen(item, item)
    if retained >= capacity { compact() }
    levels[0].append(item)
    retained += 1
    count += 1
  }

  private mutating func widen(_ least: Item, _ greatest: Item) {
    if low.map({ Item.precedes(least, $0) }) ?? true { low = least }
    if high.map({ Item.precedes($0, greatest) }) ?? true { high = greatest }
  }

  /// Halves the lowest level that is full.
  private mutating func compact() {
    let level = levels.indices.first { levels[$0].count >= KLLShape.capacity(k, level: $0, of: levels.count) } ?? 0
    if level + 1 == levels.count {
      levels.append([])
      capacity = KLLShape.capacity(k, levels: levels.count)
    }
    var items = levels[level]
    // one of an odd number stays
    let left = items.count % 2 == 1 ? [items.removeFirst()] : []
    if level == 0 { items.sort(by: Item.precedes) }
    let first = Bool.random() ? 1 : 0
    let up = stride(from: first, to: items.count, by: 2).map { items[$0] }
    levels[level] = left
    levels[level + 1] = KLLSketch.merged(levels[level + 1], up)
    retained -= items.count - up.count
  }

  private static func merged(_ a: [Item], _ b: [Item]) -> [Item] {
    var out: [Item] = [], i = 0, j = 0
    out.reserveCapacity(a.count + b.count)
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && !Item.precedes(b[j], a[i])) {
        out.append(a[i])
        i += 1
      } else {
        out.append(b[j])
        j += 1
      }
    }
    return out
  }

  mutating func merge(_ other: KLLSketch) throws {
    guard let least = other.low, let greatest = other.high else { return }
    let (sum, overflow) = count.addingReportingOverflow(other.count)
    if overflow { throw KLLShape.broken }
    widen(least, greatest)
    count = sum
    while levels.count < other.levels.count { levels.append([]) }
    capacity = KLLShape.capacity(k, levels: levels.count)
    for (level, items) in other.levels.enumerated() {
      if level == 0 { levels[0] += items } else { levels[level] = KLLSketch.merged(levels[level], items.sorted(by: Item.precedes)) }
      retained += items.count
    }
    while retained > capacity { compact() }
  }

  // MARK: questions

  /// Items ascending, with the weight of all up to each.
  private var cumulative: [(item: Item, weight: UInt64)] {
    let weighted = levels.enumerated().flatMap { level, items in items.map { (item: $0, weight: UInt64(1) << UInt64(level)) } }
    var sum: UInt64 = 0
    return weighted.sorted { Item.precedes($0.item, $1.item) }.map { entry in
      sum += entry.weight
      return (entry.item, sum)
    }
  }

  /// The value that a share of all are at most (or, exclusively, below). nil: the sketch is empty.
  func quantile(_ rank: Double, isInclusive: Bool) -> Item? {
    if rank == 0 { return low }
    if rank == 1 { return high }
    let place = rank * Double(count), entries = cumulative
    let found =
      isInclusive
      ? entries.first { Double($0.weight) >= place.rounded(.up) } : entries.first { Double($0.weight) > place.rounded(.down) }
    return (found ?? entries.last)?.item
  }

  /// The share of values that are at most (or, exclusively, below) this one. nil: the sketch is empty.
  func rank(of item: Item, isInclusive: Bool) -> Double? {
    if count == 0 { return nil }
    var below: UInt64 = 0
    for (level, items) in levels.enumerated() {
      let hits = items.count { isInclusive ? !Item.precedes(item, $0) : Item.precedes($0, item) }
      below += UInt64(hits) << UInt64(level)
    }
    return Double(below) / Double(count)
  }

  // MARK: as bytes

  /// DataSketches' compact form; of each level the latest item first, and level after level.
  ///
  ///     longs | version | 15 | flags | k, 16 bits | 8 | 0 || n, 64 bits | least k, 16 bits | levels | 0 | places of levels, 32 bits each || low | high | items
  func bytes() -> [UInt8] {
    var out: [UInt8] = count > 1 ? [5, 1, 15, 0] : count == 1 ? [2, 2, 15, 4] : [2, 1, 15, 1]
    out.put(UInt16(truncatingIfNeeded: k))
    out += [8, 0]
    guard let low, let high else { return out }
    if count == 1 {
      Item.write([low], &out)
      return out
    }
    out.put(count)
    out.put(UInt16(truncatingIfNeeded: k))
    out += [UInt8(truncatingIfNeeded: levels.count), 0]
    var place = capacity - retained
    for level in levels {
      out.put(UInt32(truncatingIfNeeded: place))
      place += level.count
    }
    Item.write([low], &out)
    Item.write([high], &out)
    Item.write(levels[0].reversed() + levels.dropFirst().joined(), &out)
    return out
  }

  /// Throws `INVALID_FUNCTION_ARGUMENT` for bytes that are no sketch.
  init(_ bytes: UnsafeRawBufferPointer) throws {
    var input = SketchBytes(bytes)
    guard let longs = input.number(UInt8.self), let version = input.number(UInt8.self), input.number(UInt8.self) == 15,
      let flags = input.number(UInt8.self), let k = input.number(UInt16.self), k >= 8, input.number(UInt8.self) == 8,
      input.number(UInt8.self) != nil
    else { throw KLLShape.broken }
    self.init(k: Int(k))
    switch (longs, version) {
    case (2, 1) where flags & 1 == 1: return
    case (2, 2):
      guard let item = Item.read(1, &input)?.first else { throw KLLShape.broken }
      add(item)
    case (5, 1):
      guard let total = input.number(UInt64.self), input.number(UInt16.self) != nil, let height = input.number(UInt8.self),
        (1...60).contains(height), input.number(UInt8.self) != nil
      else { throw KLLShape.broken }
      capacity = KLLShape.capacity(self.k, levels: Int(height))
      var places: [Int] = []
      for _ in 0..<height { places.append(input.number(UInt32.self).map { Int($0) } ?? .max) }
      places.append(capacity)
      guard zip(places, places.dropFirst()).allSatisfy({ $0 <= $1 }), let least = Item.read(1, &input)?.first,
        let greatest = Item.read(1, &input)?.first, let items = Item.read(capacity - places[0], &input)
      else { throw KLLShape.broken }
      levels = zip(places, places.dropFirst()).map { Array(items[$0 - places[0]..<$1 - places[0]]) }
      levels[0].reverse()
      var sum: UInt64 = 0
      for (level, items) in levels.enumerated() {
        let (weight, isTooHeavy) = UInt64(items.count).multipliedReportingOverflow(by: 1 << UInt64(level))
        let (larger, overflow) = sum.addingReportingOverflow(weight)
        if isTooHeavy || overflow { throw KLLShape.broken }
        sum = larger
      }
      guard sum == total, sum > 0, sum < 1 << 62 else { throw KLLShape.broken }
      (count, retained, low, high) = (total, items.count, least, greatest)
    default: throw KLLShape.broken
    }
    if input.left != 0 { throw KLLShape.broken }
  }
}

/// How large the levels of a sketch are: two thirds of the next higher one's, but never below eight.
enum KLLShape {
  static let standardK = 200
  static var broken: PrestoError { invalidArgument("Cannot deserialize KLL sketch") }

  static func capacity(_ k: Int, level: Int, of levels: Int) -> Int {
    var size = k, depth = levels - level - 1
    // in steps of at most thirty levels, rounded each time, so that the powers fit into 64 bits
    while depth > 0 {
      let step = min(depth, 30)
      let power = (0..<step).reduce(1) { power, _ in power * 3 }
      size = ((size << (step + 1)) / power + 1) >> 1
      depth -= step
    }
    return max(size, 8)
  }

  static func capacity(_ k: Int, levels: Int) -> Int { (0..<levels).reduce(0) { $0 + capacity(k, level: $1, of: levels) } }
}
