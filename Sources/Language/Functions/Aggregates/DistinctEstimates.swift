import Expressions
import Values
import Vectors

extension Function {
  static let distinctEstimates: [Function] =
    ["approx_distinct", "approx_count_distinct"].flatMap { name in
      [
        .aggregate(name, [.T], .bigint, "Estimated number of distinct values, standard error 2.3 %") { _, _ in
          { DistinctEstimates(.values, isCount: true, precision: HyperLogLogs.standardPrecision) }
        },
        .aggregate(name, [.T, .double], .bigint, "Estimated number of distinct values with the given standard error") { _, _ in
          { DistinctEstimates(.values, isCount: true, precision: HyperLogLogs.standardPrecision) }
        },
      ]
    } + [
      .aggregate("approx_set", [.T], .hyperLogLog, "A HyperLogLog sketch of the values") { _, _ in
        { DistinctEstimates(.values, isCount: false, precision: HyperLogLogs.standardSetPrecision) }
      },
      .aggregate("approx_set", [.T, .double], .hyperLogLog, "A HyperLogLog sketch of the values with the given standard error") { _, _ in
        { DistinctEstimates(.values, isCount: false, precision: HyperLogLogs.standardSetPrecision) }
      },
      .aggregate("merge", [.hyperLogLog], .hyperLogLog, "The union of HyperLogLog sketches") { _, _ in
        { DistinctEstimates(.sketches, isCount: false, precision: nil) }
      },
    ]
}

/// `approx_distinct`, `approx_set` and `merge`: a HyperLogLog counter per group, fed with hashes of whole batches.
final class DistinctEstimates: SplittableState {
  enum Input { case values, sketches }

  private let input: Input
  private let isCount: Bool
  /// nil: the first sketch decides.
  private var precision: Int?
  private var counters: HyperLogLogs
  private var groupCount = 0
  private var hasStarted = false

  init(_ input: Input, isCount: Bool, precision: Int?) {
    self.input = input
    self.isCount = isCount
    self.precision = precision
    counters = HyperLogLogs(precision: precision ?? HyperLogLogs.standardSetPrecision)
  }

  func resize(to count: Int) {
    groupCount = max(groupCount, count)
    counters.resize(to: groupCount)
  }

  /// The standard error is known with the first row only.
  private func start(_ precision: Int) {
    hasStarted = true
    if precision == self.precision && precision == counters.precision { return }
    self.precision = precision
    counters = HyperLogLogs(precision: precision)
    counters.resize(to: groupCount)
  }

  private func prepare(_ arguments: [Vector], _ count: Int) throws {
    if hasStarted || count == 0 { return }
    if arguments.count == 2 {
      let error = arguments[1].reader(as: Double.self)
      guard error.isValid(0) else { return }
      start(try HyperLogLogs.precision(standardError: error[0]))
    } else if let precision {
      start(precision)
    }
  }

  /// Sketches that are results are Presto's, counters are nobody's but ours.
  private func hashes(_ vector: Vector) -> Buffer { (isCount ? QuickHash.hashes(vector) : nil) ?? rowHashes(vector) }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws {
    if input == .sketches { return try mergePartials(arguments[0], groups: groups, count: count) }
    try prepare(arguments, count)
    let hashes = hashes(arguments[0]), validity = arguments[0].rowValidity
    counters.add(hashes.pointer(as: UInt64.self), validity: validity?.readable, groups: groups, count: count)
    withExtendedLifetime((hashes, validity)) {}
  }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    if input == .sketches {
      let zeros = Buffer(zeroed: count * 4)
      return try mergePartials(arguments[0], groups: zeros.pointer(as: UInt32.self), count: count)
    }
    try prepare(arguments, count)
    // a constant counts once, a dictionary once per entry in use at most
    let vector = arguments[0].constantValue ?? arguments[0]
    let hashes = hashes(vector), validity = vector.rowValidity
    if count > 0 { counters.add(hashes.pointer(as: UInt64.self), validity: validity?.readable, group: 0, count: vector.count) }
    withExtendedLifetime((hashes, validity)) {}
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? DistinctEstimates else { throw mismatchedStates() }
    if !other.hasStarted { return }
    if !hasStarted { start(other.counters.precision) }
    guard counters.precision == other.counters.precision else { throw mismatchedStates() }
    for i in 0..<count { counters.merge(other.counters, i, into: Int(groups[i])) }
  }

  func split(_ groups: UnsafePointer<UInt32>, count: Int) -> any AggregateState {
    let part = DistinctEstimates(input, isCount: isCount, precision: precision)
    part.counters = counters.split(groups, count: count)
    part.hasStarted = hasStarted
    part.groupCount = count
    return part
  }

  func results(_ groups: Range<Int>) throws -> Vector {
    if !isCount { return try partials(groups).retyped(.hyperLogLog) }
    let values = Buffer(byteCount: groups.count * 8)
    let out = values.pointer(as: Int64.self)
    for (i, group) in groups.enumerated() { out[i] = counters.estimate(group) }
    return .flat(.bigint, count: groups.count, values: values)
  }

  /// Sketches; null for groups that have seen nothing.
  func partials(_ groups: Range<Int>) throws -> Vector {
    let builder = VectorBuilder(.varbinary, capacity: groups.count)
    for group in groups {
      if counters.isSet(group) { counters.bytes(group).withUnsafeBytes { builder.append($0) } } else { builder.appendNull() }
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    let reader = partials.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      try reader[row].withBytes { bytes in
        guard let stored = HyperLogLogs.precision(of: bytes) else {
          throw PrestoError(.invalidFunctionArgument, "Cannot deserialize HyperLogLog")
        }
        if !hasStarted { start(stored) }
        try counters.merge(bytes: bytes, into: Int(groups[row]))
      }
    }
    withExtendedLifetime(partials) {}
  }

  var byteCount: Int { counters.byteCount }
}
