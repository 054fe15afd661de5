import Expressions
import Values
import Vectors

extension Function {
  static let setDigests: [Function] = [
    .aggregate("make_set_digest", [.T], .exact(.setDigest), "A digest of the set of the values") { arguments, _ in
      guard MurmurReader.takes(arguments[0], doubles: false) else { return nil }
      return { SetDigests(isMerge: false) }
    },
    .aggregate("merge_set_digest", [.exact(.setDigest)], .exact(.setDigest), "The union of set digests") { _, _ in
      { SetDigests(isMerge: true) }
    },
  ]
}

/// `make_set_digest` and `merge_set_digest`: for each group its least hashes, and a counter among those of all groups.
final class SetDigests: AggregateState {
  private let isMerge: Bool
  private var counters = HyperLogLogs(precision: SetDigest.precision)
  private var hashes: [MinHashes?] = []
  private var hasStarted = false

  init(isMerge: Bool) { self.isMerge = isMerge }

  func resize(to count: Int) {
    if count > hashes.count { hashes.append(contentsOf: repeatElement(nil, count: count - hashes.count)) }
    counters.resize(to: hashes.count)
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { try take(arguments[0], count) { Int(groups[$0]) } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try take(arguments[0], count) { _ in 0 }
  }

  private func take(_ values: Vector, _ count: Int, _ group: (Int) -> Int) throws {
    if isMerge { return try merge(stored: values, count, group) }
    let reader = MurmurReader(values)
    let validity = values.rowValidity
    forEachRow(count, validity?.readable) { row in
      guard let hash = reader.hash(row) else { return }
      hasStarted = true
      counters.add(hash, to: group(row))
      hashes[group(row), default: MinHashes()].add(Int64(bitPattern: hash))
    }
    withExtendedLifetime((values, validity)) {}
  }

  private func merge(stored: Vector, _ count: Int, _ group: (Int) -> Int) throws {
    let reader = stored.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      try reader[row].withBytes { bytes in
        let (counter, other) = try SetDigest.parts(bytes)
        guard let precision = HyperLogLogs.precision(of: counter) else { throw SetDigest.broken }
        start(precision)
        try counters.merge(bytes: counter, into: group(row))
        unite(other, group(row))
      }
    }
    withExtendedLifetime(stored) {}
  }

  /// The first digest decides how many buckets all have.
  private func start(_ precision: Int) {
    if !hasStarted && precision != counters.precision {
      counters = HyperLogLogs(precision: precision)
      counters.resize(to: hashes.count)
    }
    hasStarted = true
  }

  private func unite(_ other: MinHashes, _ group: Int) {
    if hashes[group] == nil {
      hashes[group] = other
    } else {
      for (hash, count) in other.counts { hashes[group]?.add(hash, count: count) }
    }
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? SetDigests else { throw mismatchedStates() }
    if !other.hasStarted { return }
    start(other.counters.precision)
    guard counters.precision == other.counters.precision else { throw mismatchedStates() }
    for i in 0..<count {
      guard let from = other.hashes[i] else { continue }
      counters.merge(other.counters, i, into: Int(groups[i]))
      unite(from, Int(groups[i]))
    }
  }

  func results(_ groups: Range<Int>) throws -> Vector { written(groups, .setDigest) }
  func partials(_ groups: Range<Int>) throws -> Vector { written(groups, .varbinary) }

  private func written(_ groups: Range<Int>, _ type: DataType) -> Vector {
    let builder = VectorBuilder(type, capacity: groups.count)
    for group in groups {
      guard var least = hashes[group] else {
        builder.appendNull()
        continue
      }
      least.settle()
      SetDigest.bytes(counters.bytes(group), least).withUnsafeBytes { builder.append($0) }
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    try merge(stored: partials, count) { Int(groups[$0]) }
  }

  var byteCount: Int { hashes.reduce(counters.byteCount) { $0 + ($1?.byteCount ?? 8) } }
}

extension [MinHashes?] {
  fileprivate subscript(index: Int, default fresh: @autoclosure () -> MinHashes) -> MinHashes {
    get { self[index] ?? fresh() }
    _modify {
      var value = self[index] ?? fresh()
      // the array lets go of its copy, so that the one changed is the only one
      self[index] = nil
      defer { self[index] = value }
      yield &value
    }
  }
}
