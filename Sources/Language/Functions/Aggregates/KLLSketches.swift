import Expressions
import Values
import Vectors

extension Function {
  static let kllSketches: [Function] =
    kllAggregates(Int64.self) + kllAggregates(Double.self) + kllAggregates(KLLText.self) + kllAggregates(Bool.self)

  private static func kllAggregates<Item: KLLItem>(_: Item.Type) -> [Function] {
    let value = Signature.Pattern.exact(Item.dataType), sketch = Signature.Pattern.exact(.kllSketch(Item.dataType))
    return [
      .aggregate("sketch_kll", [value], sketch, "A KLL sketch of the values", isDeterministic: false) { _, _ in { KLLSketches<Item>() } },
      .aggregate("sketch_kll_with_k", [value, .bigint], sketch, "A KLL sketch of the values of a given size", isDeterministic: false) {
        _, _ in { KLLSketches<Item>() }
      },
    ]
  }

  static let kllSketchFunctions: [Function] =
    kllFunctions(Int64.self) + kllFunctions(Double.self) + kllFunctions(KLLText.self) + kllFunctions(Bool.self)

  private static func kllFunctions<Item: KLLItem>(_: Item.Type) -> [Function] {
    let value = Signature.Pattern.exact(Item.dataType), sketch = Signature.Pattern.exact(.kllSketch(Item.dataType))
    return [[], [Signature.Pattern.boolean]].flatMap { inclusivity in
      [
        .vector(
          "sketch_kll_quantile", .taking([sketch, .double] + inclusivity, giving: value),
          "The value at a rank of 0 to 1; inclusive of the values equal to it unless told otherwise"
        ) { arguments, rows, context in
          let ranks = arguments[1].reader(as: Double.self)
          return try kllRead(arguments, rows, context.result, Item.self) { sketch, row, isInclusive, builder in
            guard ranks[row] >= 0, ranks[row] <= 1 else {
              throw invalidArgument("A normalized rank must be >= 0 and <= 1.0: \(spelled(ranks[row]))")
            }
            guard let item = sketch.quantile(ranks[row], isInclusive: isInclusive) else {
              throw invalidArgument("The sketch must not be empty for this operation")
            }
            item.append(to: builder)
          }
        },
        .vector(
          "sketch_kll_rank", .taking([sketch, value] + inclusivity, giving: .double),
          "The share of values up to one; inclusive of the values equal to it unless told otherwise"
        ) { arguments, rows, context in
          let values = arguments[1].reader(as: Item.Stored.self)
          return try kllRead(arguments, rows, context.result, Item.self) { sketch, row, isInclusive, builder in
            guard let rank = sketch.rank(of: Item(values[row]), isInclusive: isInclusive) else {
              throw invalidArgument("The sketch must not be empty for this operation")
            }
            builder.append(rank)
          }
        },
      ]
    }
  }
}

/// Calls `body` with the sketch of every row where no argument is null.
private func kllRead<Item: KLLItem>(
  _ arguments: [Vector], _ rows: Int, _ type: DataType, _: Item.Type,
  _ body: (_ sketch: KLLSketch<Item>, _ row: Int, _ isInclusive: Bool, _ builder: VectorBuilder) throws -> Void
) throws -> Vector {
  let stored = arguments[0].reader(as: Bytes.self), inclusivity = arguments.count > 2 ? arguments[2].reader(as: Bool.self) : nil
  let builder = VectorBuilder(type, capacity: rows)
  for row in 0..<rows {
    if arguments.contains(where: { $0.isNull(at: row) }) {
      builder.appendNull()
    } else {
      try body(stored[row].withBytes { try KLLSketch<Item>($0) }, row, inclusivity?[row] ?? true, builder)
    }
  }
  withExtendedLifetime(arguments) {}
  return builder.finish()
}

/// `sketch_kll`: a sketch a group; null for no values.
final class KLLSketches<Item: KLLItem>: AggregateState {
  private var sketches: [KLLSketch<Item>?] = []

  func resize(to count: Int) {
    if count > sketches.count { sketches.append(contentsOf: repeatElement(nil, count: count - sketches.count)) }
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count: Int) throws { try take(arguments, count) { Int(groups[$0]) } }

  func updateSingle(_ arguments: [Vector], count: Int) throws {
    resize(to: 1)
    try take(arguments, count) { _ in 0 }
  }

  private func take(_ arguments: [Vector], _ count: Int, _ group: (Int) -> Int) throws {
    let values = arguments[0].reader(as: Item.Stored.self), sizes = arguments.count > 1 ? arguments[1].reader(as: Int64.self) : nil
    for row in 0..<count where values.isValid(row) && sizes?.isValid(row) ?? true {
      let index = group(row)
      if sketches[index] == nil {
        let k = sizes?[row] ?? Int64(KLLShape.standardK)
        guard k >= 8, k <= 65535 else { throw PrestoError(.invalidArguments, "k value must satisfy 8 <= k <= 65535: \(k)") }
        sketches[index] = KLLSketch(k: Int(k))
      }
      sketches[index]?.add(Item(values[row]))
    }
    withExtendedLifetime(arguments) {}
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count: Int) throws {
    guard let other = other as? KLLSketches<Item> else { throw mismatchedStates() }
    for i in 0..<count { if let from = other.sketches[i] { try unite(from, Int(groups[i])) } }
  }

  private func unite(_ other: KLLSketch<Item>, _ group: Int) throws {
    if sketches[group] == nil { sketches[group] = other } else { try sketches[group]?.merge(other) }
  }

  func results(_ groups: Range<Int>) throws -> Vector { written(groups, .kllSketch(Item.dataType)) }
  func partials(_ groups: Range<Int>) throws -> Vector { written(groups, .varbinary) }

  private func written(_ groups: Range<Int>, _ type: DataType) -> Vector {
    let builder = VectorBuilder(type, capacity: groups.count)
    for group in groups {
      if let bytes = sketches[group]?.bytes() { bytes.withUnsafeBytes { builder.append($0) } } else { builder.appendNull() }
    }
    return builder.finish()
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count: Int) throws {
    let reader = partials.reader(as: Bytes.self)
    for row in 0..<count where reader.isValid(row) {
      try unite(reader[row].withBytes { try KLLSketch($0) }, Int(groups[row]))
    }
    withExtendedLifetime(partials) {}
  }

  var byteCount: Int { sketches.reduce(sketches.count * 8) { $0 + ($1?.byteCount ?? 0) } }
}
