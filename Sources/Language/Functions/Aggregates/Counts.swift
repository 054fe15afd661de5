import Expressions
import Values
import Vectors

extension Function {
  static let counts: [Function] = [
    .aggregate("count", [], .bigint, "Number of rows") { _, result in flat(.countingRows, result) },
    .aggregate("count", [.T], .bigint, "Number of non-null values") { _, result in flat(.countingValues, result) },
  ]
}

extension FlatKernels {
  /// count(*): no argument to look at.
  static let countingRows = FlatKernels(
    counting: { target, _, groups, count in countGroups(target, groups, count, nil) },
    single: { states, _, count in states.assumingMemoryBound(to: Int64.self)[0] &+= Int64(count) })

  /// count(x): only the validity of any type matters.
  static let countingValues = FlatKernels(
    counting: { target, arguments, groups, count in
      let validity = arguments[0].rowValidity
      countGroups(target, groups, count, validity?.readable)
      withExtendedLifetime((arguments, validity)) {}
    },
    single: { states, arguments, count in
      let valid = arguments[0].rowValidity.map { Bitmap(words: $0.words, count: count).population } ?? count
      states.assumingMemoryBound(to: Int64.self)[0] &+= Int64(valid)
    })

  private init(
    counting update: @escaping @Sendable (Target, [Vector], UnsafePointer<UInt32>, Int) throws -> Void,
    single: @escaping @Sendable (UnsafeMutableRawPointer, [Vector], Int) throws -> Void
  ) {
    self.init(
      stride: 8,
      initialize: { states, groups in fill(states, groups, Int64(0)) },
      update: update, updateSingle: single,
      merge: { into, from, groups, count in
        let target = into.assumingMemoryBound(to: Int64.self), source = from.assumingMemoryBound(to: Int64.self)
        for i in 0..<count { target[Int(groups[i])] &+= source[i] }
      },
      results: { states, groups, type in try collect(states, groups, type) { (state: Int64) in state } })
  }
}

/// Four banks of counters while groups are few, so that runs of one group do not wait for their own stores.
private func countGroups(_ target: FlatKernels.Target, _ groups: UnsafePointer<UInt32>, _ count: Int, _ validity: UnsafePointer<UInt64>?) {
  let states = target.states.assumingMemoryBound(to: Int64.self)
  guard validity == nil, let banks = target.banks, target.groupCount <= FlatKernels.bankedGroups, count >= 4 * target.groupCount else {
    return forEachRow(count, validity) { row in states[Int(groups[row])] &+= 1 }
  }
  let a = banks.assumingMemoryBound(to: Int64.self), b = a + FlatKernels.bankedGroups, c = b + FlatKernels.bankedGroups
  var i = 0
  while i &+ 4 <= count {
    states[Int(groups[i])] &+= 1
    a[Int(groups[i &+ 1])] &+= 1
    b[Int(groups[i &+ 2])] &+= 1
    c[Int(groups[i &+ 3])] &+= 1
    i &+= 4
  }
  while i < count {
    states[Int(groups[i])] &+= 1
    i &+= 1
  }
  for group in 0..<target.groupCount {
    states[group] &+= a[group] &+ b[group] &+ c[group]
    a[group] = 0
    b[group] = 0
    c[group] = 0
  }
}
