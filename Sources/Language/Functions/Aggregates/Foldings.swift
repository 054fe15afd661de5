import Expressions
import Values
import Vectors

extension Function {
  static let foldings: [Function] =
    [
      // read as `reduce(array_agg(…), …)` by the analyzer: the declaration is for look-up and help
      .aggregate(
        "reduce_agg",
        [
          .T, .variable("S"), .function([.variable("S"), .T], .variable("S")), .function([.variable("S"), .variable("S")], .variable("S")),
        ],
        .variable("S"), "Values folded into a state, states of parts of the rows by a second function"
      ) { _, _ in nil }
    ]
    + [DataType.tinyint, .smallint, .integer, .bigint, .real, .double].map { type in
      let map = Signature.Pattern.map(.K, .exact(type))
      return .aggregate("map_union_sum", [map], map, "The sums of the values of each key over maps", where: ["K": .comparable]) {
        arguments, result in
        LogDefinition(types: arguments[0].components, skipsNullsOf: 0, record: { arguments, count in explodedMaps(arguments[0], count) }) {
          log, result in
          let unique = log.distinct()
          let sums = try summed(log, unique)
          let whole = Segments(columns: [log.columns[0].picked(unique.rows), sums], offsets: unique.offsets)
          // a null key marks an empty map
          let kept = whole.dropping { whole.columns[0].isNull(at: $0) }
          return try mapVector(result, kept.columns[0], kept.columns[1], kept.offsets) { log.range($0).isEmpty }
        }.maker(result)
      }
    }

  /// The sum of the second column over each distinct value; nulls count as zero.
  private static func summed(_ log: Segments, _ distinct: DistinctRows) throws -> Vector {
    let values = log.columns[1], builder = VectorBuilder(values.type, capacity: distinct.rows.count)
    func integers<T: FixedWidthInteger & Storable>(_: T.Type) throws {
      let reader = values.reader(as: T.self)
      var sums = [T](repeating: 0, count: distinct.rows.count)
      for (row, ordinal) in distinct.ordinals.enumerated() where reader.isValid(row) {
        let (sum, overflows) = sums[Int(ordinal)].addingReportingOverflow(reader[row])
        if overflows { throw outOfRange("\(values.type) addition overflow: \(sums[Int(ordinal)]) + \(reader[row])") }
        sums[Int(ordinal)] = sum
      }
      for sum in sums { builder.append(sum) }
    }
    func floats<T: BinaryFloatingPoint & Storable>(_: T.Type) {
      let reader = values.reader(as: T.self)
      var sums = [T](repeating: 0, count: distinct.rows.count)
      for (row, ordinal) in distinct.ordinals.enumerated() where reader.isValid(row) { sums[Int(ordinal)] += reader[row] }
      for sum in sums { builder.append(sum) }
    }
    switch values.type {
    case .tinyint: try integers(Int8.self)
    case .smallint: try integers(Int16.self)
    case .integer: try integers(Int32.self)
    case .bigint: try integers(Int64.self)
    case .real: floats(Float.self)
    default: floats(Double.self)
    }
    withExtendedLifetime(values) {}
    return builder.finish()
  }
}
