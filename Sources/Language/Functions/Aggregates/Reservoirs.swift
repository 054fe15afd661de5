import Expressions
import Values
import Vectors

extension Function {
  static let reservoirs: [Function] = [
    .aggregate(
      "reservoir_sample", [.array(.T), .bigint, .T, .integer], text: "row(processed_count bigint, sample array(T))",
      "A random sample of so many rows, merged into an earlier one",
      result: { types in .row([.init("processed_count", .bigint), .init("sample", .array(types[2]))]) },
      { arguments, result in { ReservoirSamples(arguments, result) } }
    ).nondeterministic()
  ]
}

/// `reservoir_sample`: a log of the rows, shortened to a sample, and the earlier sample that the first row of each group brings.
final class ReservoirSamples: AggregateState {
  private struct Earlier {
    /// One row; nil: no earlier sample.
    var sample: Vector?
    var rows: Int64
    var size: Int32
  }

  private let fresh: LoggedAggregate
  private let type: DataType
  private let arrayType: DataType
  private var earlier: [Earlier?] = []

  init(_ arguments: [DataType], _ result: DataType) {
    fresh = LoggedAggregate(tickets(arguments[2]), .row([.init(nil, .bigint), .init(nil, .array(arguments[2]))]))
    type = result
    arrayType = arguments[0]
  }

  func resize(to count: Int) {
    fresh.resize(to: count)
    if count > earlier.count { earlier.append(contentsOf: repeatElement(nil, count: count - earlier.count)) }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws {
    try note(arguments, count) { Int(groups[$0]) }
    try fresh.update([arguments[3], arguments[2]], groups: groups, count: count)
  }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try note(arguments, count) { _ in 0 }
    try fresh.updateSingle([arguments[3], arguments[2]], count: count)
  }

  private func note(_ arguments: [Vector], _ count: Int, _ group: (Int) -> Int) throws {
    let sizes = arguments[3].reader(as: Int32.self), counts = arguments[1].reader(as: Int64.self), samples = ListReader(arguments[0])
    for row in 0..<count {
      guard sizes.isValid(row), sizes[row] > 0 else { throw invalidArgument("desired sample size must be > 0") }
      let processed = counts.isValid(row) ? counts[row] : 0
      let given = arguments[0].isNull(at: row) ? 0 : samples?.range(row).count ?? 0
      guard processed > 0 || given == 0 else {
        throw invalidArgument("initial state array must be null or empty when initial processed count is <= 0")
      }
      if earlier[group(row)] != nil { continue }
      guard processed >= given else {
        throw invalidArgument("initialProcessedCount must be greater than or equal to the number of positions in the initial sample")
      }
      earlier[group(row)] = Earlier(
        sample: given == 0 ? nil : arguments[0].picked([UInt32(truncatingIfNeeded: row)]), rows: max(processed, 0), size: sizes[row])
    }
    withExtendedLifetime(arguments) {}
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? ReservoirSamples else { throw mismatchedStates() }
    try fresh.merge(other.fresh, groups: groups, count: count)
    for i in 0..<count where earlier[Int(groups[i])] == nil { earlier[Int(groups[i])] = other.earlier[i] }
  }

  func results(_ groups: Range<Int>) throws -> Vector {
    let rows = RowReader(try fresh.results(groups).flattened())
    guard let samples = ListReader(rows.fields[1].flattened()) else { throw mismatchedStates() }
    let counts = rows.fields[0].reader(as: Int64.self), builder = VectorBuilder(type, capacity: groups.count)
    for (place, group) in groups.enumerated() {
      let before = earlier[group], list = before?.sample.flatMap { ListReader($0) }, given = list?.range(0) ?? 0..<0
      if let before, before.rows != given.count, Int(before.size) != given.count {
        throw invalidArgument(
          "when a positive initial_processed_count is provided the size of the initial sample must be equal to desired_sample_size parameter"
        )
      }
      let (total, overflow) = counts[place].addingReportingOverflow(before?.rows ?? 0)
      if overflow { throw outOfRange("bigint addition overflow: \(counts[place]) + \(before?.rows ?? 0)") }
      let sample = ReservoirSamples.union(
        Array(given), before?.rows ?? 0, Array(samples.range(place)), counts[place], Int(before?.size ?? 0))
      for (isEarlier, row) in sample {
        builder.children[1].children[0].append(isEarlier ? list?.elements ?? samples.elements : samples.elements, row: row)
      }
      builder.children[0].append(total)
      builder.children[1].closeList()
      builder.closeRow()
    }
    return builder.finish()
  }

  /// A sample of both: each place goes to one side with the probability that its rows left have.
  private static func union(
    _ old: [Int], _ oldRows: Int64, _ new: [Int], _ newRows: Int64, _ size: Int
  ) -> [(isEarlier: Bool, row: Int)] {
    if old.isEmpty { return new.map { (false, $0) } }
    var old = old.shuffled(), new = new.shuffled()
    var left = (old: Double(oldRows), new: Double(newRows)), sample: [(isEarlier: Bool, row: Int)] = []
    while sample.count < size, !old.isEmpty || !new.isEmpty {
      let isEarlier = new.isEmpty || (!old.isEmpty && Double.random(in: 0..<1) * (left.old + left.new) < left.old)
      if isEarlier, let row = old.popLast() {
        sample.append((true, row))
        left.old -= 1
      } else if let row = new.popLast() {
        sample.append((false, row))
        left.new -= 1
      }
    }
    return sample
  }

  func partials(_ groups: Range<Int>) throws -> Vector {
    let samples = VectorBuilder(arrayType, capacity: groups.count), counts = VectorBuilder(.bigint, capacity: groups.count)
    let sizes = VectorBuilder(.integer, capacity: groups.count)
    for group in groups {
      if let sample = earlier[group]?.sample { samples.append(sample, row: 0) } else { samples.appendNull() }
      counts.append(earlier[group]?.rows ?? 0)
      sizes.append(earlier[group]?.size ?? 0)
    }
    let fields = [try fresh.partials(groups), samples.finish(), counts.finish(), sizes.finish()]
    return Vector(.row(fields.map { .init(nil, $0.type) }), count: groups.count, .row(fields: fields, validity: nil))
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    let fields = RowReader(partials.flattened()).fields
    guard fields.count == 4, fields[1].type == arrayType else { throw mismatchedStates() }
    try fresh.mergePartials(fields[0], groups: groups, count: count)
    let counts = fields[2].reader(as: Int64.self), sizes = fields[3].reader(as: Int32.self)
    for row in 0..<count where earlier[Int(groups[row])] == nil && sizes[row] > 0 {
      let sample = fields[1].isNull(at: row) ? nil : fields[1].picked([UInt32(truncatingIfNeeded: row)])
      earlier[Int(groups[row])] = Earlier(sample: sample, rows: counts[row], size: sizes[row])
    }
    withExtendedLifetime(fields) {}
  }

  var byteCount: Int { earlier.reduce(fresh.byteCount + earlier.count * 24) { $0 + ($1?.sample?.byteCount ?? 0) } }
}

/// Logs (size, value, ticket, rows). The rows with the least of the random tickets are a sample, and so they are of any union of logs: when a log is
/// shortened to them, `rows` of the first kept one counts the others.
private func tickets(_ type: DataType) -> LogDefinition {
  LogDefinition(
    types: [.integer, type, .bigint, .double],
    record: { arguments, count in
      let tickets = Buffer(byteCount: count * 8), ticket = tickets.pointer(as: Int64.self)
      for row in 0..<count { ticket[row] = Int64.random(in: 0 ... .max) }
      return (arguments + [.flat(.bigint, count: count, values: tickets), .constant(.double(1), .double, count: count)], nil)
    },
    shorten: { $0.sampled() },
    finish: { log, type in
      let log = log.sampled(), weights = log.columns[3].reader(as: Double.self), counts = VectorBuilder(.bigint, capacity: log.count)
      for segment in 0..<log.count { counts.append(Int64(log.range(segment).reduce(0.0) { $0 + weights[$1] })) }
      let samples = try listVector(.array(log.columns[1].type), log.columns[1], log.offsets)
      return Vector(type, count: log.count, .row(fields: [counts.finish(), samples], validity: nil))
    })
}

extension Segments {
  /// Of each segment the rows with the least tickets, as many as the sample has, in order of arrival.
  fileprivate func sampled() -> Segments {
    let sizes = columns[0].reader(as: Int32.self), weights = columns[3].reader(as: Double.self)
    let order = sorted(by: 2)
    var rows: [UInt32] = [], ends = [0], kept: [Double] = []
    for segment in 0..<count {
      let range = range(segment)
      if let first = range.first {
        let chosen = order[range].prefix(Int(sizes[first])).sorted()
        let total = range.reduce(0.0) { $0 + weights[$1] }
        rows += chosen
        kept += chosen.indices.map { $0 == 0 ? total - Double(chosen.count - 1) : 1 }
      }
      ends.append(rows.count)
    }
    if rows.count == rowCount { return self }
    let buffer = Buffer(byteCount: kept.count * 8), out = buffer.pointer(as: Double.self)
    for (place, weight) in kept.enumerated() { out[place] = weight }
    var shorter = reordered(rows, offsets: ends)
    shorter.columns[3] = .flat(.double, count: kept.count, values: buffer)
    return shorter
  }
}
