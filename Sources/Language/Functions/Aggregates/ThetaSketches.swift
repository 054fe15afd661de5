import Expressions
import Values
import Vectors

extension Function {
  static let thetaSketches: [Function] = [
    .aggregate("sketch_theta", [.T], .varbinary, "A theta sketch of the values") { arguments, _ in
      guard MurmurReader.takes(arguments[0], doubles: true) else { return nil }
      return { ThetaSketches() }
    }
  ]

  static let thetaSketchFunctions: [Function] = [
    .vector("sketch_theta_estimate", "(varbinary) -> double", "The estimated number of distinct values in a theta sketch") {
      arguments, rows, _ in
      let stored = arguments[0].reader(as: Bytes.self)
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.gated(rows, arguments[0].rowValidity, Double.self) { row in
          try stored[row].withBytes { try ThetaSketch($0).estimate }
        }.vector(.double, rows: rows, heap: [])
      }
    },
    Function(
      "sketch_theta_summary", .scalar, .taking([.varbinary], text: summary.description) { _ in summary }, "What a theta sketch says",
      .scalar { _, result in
        { arguments, rows, _ in
          let stored = arguments[0].reader(as: Bytes.self), builder = VectorBuilder(result, capacity: rows)
          for row in 0..<rows {
            guard stored.isValid(row) else {
              builder.appendNull()
              continue
            }
            let sketch = try stored[row].withBytes { try ThetaSketch($0) }
            let numbers = [sketch.estimate, sketch.share, sketch.bound(isUpper: true), sketch.bound(isUpper: false)]
            for (child, number) in zip(builder.children, numbers) { child.append(number) }
            builder.children[4].append(Int32(clamping: sketch.hashes.count))
            builder.closeRow()
          }
          withExtendedLifetime(arguments) {}
          return builder.finish()
        }
      }),
  ]

  private static let summary = DataType.row([
    .init("estimate", .double), .init("theta", .double), .init("upper_bound_std", .double), .init("lower_bound_std", .double),
    .init("retained_entries", .integer),
  ])
}

/// `sketch_theta`: a sketch a group; an empty one for no values.
final class ThetaSketches: AggregateState {
  private var sketches: [ThetaSketch] = []

  func resize(to count: Int) {
    if count > sketches.count { sketches.append(contentsOf: repeatElement(ThetaSketch(), count: count - sketches.count)) }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { take(arguments[0], count) { Int(groups[$0]) } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    take(arguments[0], count) { _ in 0 }
  }

  private func take(_ values: Vector, _ count: Int, _ group: (Int) -> Int) {
    // Presto counts times in milliseconds
    let divisor: Int64 =
      switch values.type {
      case .timestamp(0...3): 1000
      case .time(0...3): 1_000_000_000
      default: 1
      }
    let reader = MurmurReader(values, seed: ThetaSketch.seed, divisor: divisor, skipsEmpty: true), validity = values.rowValidity
    forEachRow(count, validity?.readable) { row in if let hash = reader.hash(row) { sketches[group(row)].add(hash) } }
    withExtendedLifetime((values, validity)) {}
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? ThetaSketches else { throw mismatchedStates() }
    for i in 0..<count { sketches[Int(groups[i])].merge(other.sketches[i]) }
  }

  func results(_ groups: Range<Int>) throws -> Vector { try partials(groups) }

  func partials(_ groups: Range<Int>) throws -> Vector {
    let builder = VectorBuilder(.varbinary, capacity: groups.count)
    for group in groups {
      sketches[group].settle()
      sketches[group].bytes().withUnsafeBytes { builder.append($0) }
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    let reader = partials.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      let sketch = try reader[row].withBytes { try ThetaSketch($0) }
      sketches[Int(groups[row])].merge(sketch)
    }
    withExtendedLifetime(partials) {}
  }

  var byteCount: Int { sketches.reduce(0) { $0 + $1.byteCount } }
}
