import Expressions
import Values
import Vectors

extension Function {
  /// Reading set digests.
  static let setDigestFunctions: [Function] = [
    .bound("cardinality", "(setdigest) -> bigint", "The number of distinct values in a set digest, estimated where they are many") { _, _ in
      { arguments, rows, _ in try digestsRead(arguments, rows, Int64.self, .bigint) { $0[0].cardinality } }
    },
    .vector("intersection_cardinality", "(setdigest, setdigest) -> bigint", "The number of values in both sets") { arguments, rows, _ in
      try digestsRead(arguments, rows, Int64.self, .bigint) { try SetDigest.intersection($0[0], $0[1]) }
    },
    .vector("jaccard_index", "(setdigest, setdigest) -> double", "The estimated share of values in both sets among those in either") {
      arguments, rows, _ in
      try digestsRead(arguments, rows, Double.self, .double) { SetDigest.jaccard($0[0], $0[1]) }
    },
    .vector("hash_counts", "(setdigest) -> map(bigint, smallint)", "Hashes of the values in a set digest and how often each was seen") {
      arguments, rows, context in
      let stored = arguments[0].reader(as: Bytes.self), builder = VectorBuilder(context.result, capacity: rows)
      for row in 0..<rows {
        guard stored.isValid(row) else {
          builder.appendNull()
          continue
        }
        for entry in try stored[row].withBytes({ try SetDigest.parts($0).hashes }).ascending {
          builder.children[0].append(entry.hash)
          builder.children[1].append(entry.count)
        }
        builder.closeList()
      }
      withExtendedLifetime(arguments) {}
      return builder.finish()
    },
  ]
}

/// One value of the digests of each row where all are present.
private func digestsRead<R: ScalarResult>(
  _ arguments: [Vector], _ rows: Int, _: R.Type, _ type: DataType, _ body: ([SetDigest]) throws -> R
) throws -> Vector {
  let stored = arguments.map { $0.reader(as: Bytes.self) }
  let gate = arguments.reduce(nil) { Bitmap.both($0, $1.rowValidity) }
  return try withExtendedLifetime(arguments) {
    try ScalarLoop.gated(rows, gate, R.self) { row in
      try body(stored.map { try $0[row].withBytes { try SetDigest($0) } })
    }.vector(type, rows: rows, heap: [])
  }
}
