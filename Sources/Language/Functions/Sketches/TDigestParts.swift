import Expressions
import Values
import Vectors

extension Function {
  /// T-digests taken apart and put together again.
  static let tdigestParts: [Function] = [
    Function(
      "destructure_tdigest", .scalar, .taking([.tdigest], text: TDigest.partsType.description) { _ in TDigest.partsType },
      "The parts of a t-digest",
      .scalar { _, result in
        { arguments, rows, _ in try TDigest.parts(arguments[0], rows, result) }
      }),
    .vector(
      "construct_tdigest", "(array(double), array(double), double, double, double, double, bigint) -> tdigest",
      "A t-digest of centroids and their weights, compression, lowest and highest value, sum and count"
    ) { arguments, rows, context in
      guard let means = ListReader(arguments[0]), let weights = ListReader(arguments[1]) else {
        return Vector.nulls(context.result, count: rows)
      }
      let numbers = arguments[2...4].map { $0.reader(as: Double.self) }
      let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
      return try withExtendedLifetime(arguments) {
        try ScalarLoop.written(rows, gate, context.result) { row, out in
          let compression = numbers[0][row]
          guard compression <= 1000 else { throw invalidArgument("Compression factor cannot exceed 1000.0") }
          let digest = try TDigest(
            means: values(means, row), weights: values(weights, row), low: numbers[1][row], high: numbers[2][row],
            compression: compression,
            invalidArgument("Centroids of a t-digest must ascend between min and max, each with a positive weight"))
          digest.bytes().withUnsafeBytes { out.write($0) }
        }
      }
    },
  ]

  private static func values(_ lists: ListReader, _ row: Int) throws -> [Double] {
    let values = lists.elements.reader(as: Double.self)
    return try lists.range(row).map { index in
      guard values.isValid(index) else { throw invalidArgument("Centroids of a t-digest must not be null") }
      return values[index]
    }
  }
}

extension TDigest {
  static let partsType = DataType.row([
    .init("centroid_means", .array(.double)), .init("centroid_weights", .array(.integer)), .init("compression", .double),
    .init("min", .double), .init("max", .double), .init("sum", .double), .init("count", .bigint),
  ])

  /// One row of parts a digest. Weights and count lose what they have after the point, as in Presto.
  static func parts(_ stored: Vector, _ rows: Int, _ type: DataType) throws -> Vector {
    let reader = stored.reader(as: Bytes.self)
    let builder = VectorBuilder(type, capacity: rows)
    for row in 0..<rows {
      guard reader.isValid(row) else {
        builder.appendNull()
        continue
      }
      let digest = try reader[row].withBytes { try TDigest(bytes: $0) }
      for mean in digest.means { builder.children[0].children[0].append(mean) }
      builder.children[0].closeList()
      for weight in digest.weights { builder.children[1].children[0].append(weight < 2_147_483_647 ? Int32(weight) : .max) }
      builder.children[1].closeList()
      builder.children[2].append(digest.compression)
      builder.children[3].append(digest.low)
      builder.children[4].append(digest.high)
      builder.children[5].append(digest.sum)
      builder.children[6].append(digest.totalWeight < 9.2e18 ? Int64(digest.totalWeight) : .max)
      builder.closeRow()
    }
    withExtendedLifetime(stored) {}
    return builder.finish()
  }
}
