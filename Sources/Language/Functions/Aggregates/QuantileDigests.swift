import Expressions
import Values
import Vectors

extension Function {
  static let quantileDigests: [Function] = digestAggregates(Int64.self) + digestAggregates(Double.self) + digestAggregates(Float.self)

  private static func digestAggregates<Value: DigestKey>(_: Value.Type) -> [Function] {
    let value = Signature.Pattern.exact(Value.dataType), digest = Signature.Pattern.exact(.qdigest(Value.dataType))
    let maker: AggregateMaker = { QuantileDigests<Value>(isMerge: false) }
    return [
      .aggregate("qdigest_agg", [value], digest, "A quantile digest of the values") { _, _ in maker },
      .aggregate("qdigest_agg", [value, .bigint], digest, "A quantile digest of weighted values") { _, _ in maker },
      .aggregate("qdigest_agg", [value, .bigint, .double], digest, "A quantile digest of weighted values with the given error") { _, _ in
        maker
      },
      .aggregate("merge", [digest], digest, "The union of quantile digests") { _, _ in { QuantileDigests<Value>(isMerge: true) } },
    ]
  }
}

/// `qdigest_agg` and `merge`: a digest per group.
final class QuantileDigests<Value: DigestKey>: AggregateState {
  private let isMerge: Bool
  private var digests: [QuantileDigest?] = []

  init(isMerge: Bool) { self.isMerge = isMerge }

  func resize(to count: Int) { if count > digests.count { digests.append(contentsOf: repeatElement(nil, count: count - digests.count)) } }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { try take(arguments, count) { Int(groups[$0]) } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try take(arguments, count) { _ in 0 }
  }

  private func take(_ arguments: [Vector], _ count: Int, _ group: (Int) -> Int) throws {
    if isMerge { return try merge(stored: arguments[0], count, group) }
    let values = arguments[0].reader(as: Value.self)
    let weights = arguments.count > 1 ? arguments[1].reader(as: Int64.self) : nil
    let errors = arguments.count > 2 ? arguments[2].reader(as: Double.self) : nil
    for row in 0..<count where values.isValid(row) && weights?.isValid(row) ?? true {
      let weight = weights?[row] ?? 1
      if weight <= 0 { throw PrestoError(.invalidFunctionArgument, "weight must be > 0") }
      let index = group(row)
      if digests[index] == nil {
        let error = errors.map { $0.isValid(row) ? $0[row] : 0 } ?? QuantileDigest.standardError
        guard error > 0, error < 1 else {
          throw PrestoError(.invalidFunctionArgument, "Percentile accuracy must be exclusively between 0 and 1, was \(error)")
        }
        digests[index] = QuantileDigest(error: error)
      }
      digests[index]?.add(values[row].key, weight: Double(weight))
    }
    withExtendedLifetime(arguments) {}
  }

  private func merge(stored: Vector, _ count: Int, _ group: (Int) -> Int) throws {
    let reader = stored.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      let other = try reader[row].withBytes { try QuantileDigest(bytes: $0) }
      let index = group(row)
      if digests[index] == nil { digests[index] = other } else { digests[index]?.merge(other) }
    }
    withExtendedLifetime(stored) {}
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? QuantileDigests<Value> else { throw mismatchedStates() }
    for i in 0..<count {
      guard let from = other.digests[i] else { continue }
      let index = Int(groups[i])
      if digests[index] == nil { digests[index] = from } else { digests[index]?.merge(from) }
    }
  }

  func results(_ groups: Range<Int>) throws -> Vector { written(groups, .qdigest(Value.dataType)) }
  func partials(_ groups: Range<Int>) throws -> Vector { written(groups, .varbinary) }

  private func written(_ groups: Range<Int>, _ type: DataType) -> Vector {
    let builder = VectorBuilder(type, capacity: groups.count)
    for group in groups {
      if let bytes = digests[group]?.bytes() { bytes.withUnsafeBytes { builder.append($0) } } else { builder.appendNull() }
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    try merge(stored: partials, count) { Int(groups[$0]) }
  }

  var byteCount: Int { digests.reduce(digests.count * 8) { $0 + ($1?.byteCount ?? 0) } }
}
