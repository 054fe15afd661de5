import Values
import Vectors

/// The rows that everything is timed over: the same as vectors and as the arrays that a loop goes over, a batch at a time.
struct Sample {
  struct Part {
    var number: [Int64?] = [], other: [Int64?] = []
    /// Hundredths, as decimals are stored.
    var price: [Int64] = [], quantity: [Int64] = []
    var ratio: [Double] = []
    var few: [Int64] = [], some: [Int64] = [], many: [Int64] = [], sparse: [Int64] = []
    var name: [String] = [], comment: [String] = []
    var code: [Int] = []
    /// Half of the rows, ascending.
    var chosen: [Int] = []
    var batch = Batch([], count: 0)
    var selection = Selection(rows: Buffer(byteCount: 0), count: 0)
  }

  static let decimal = DataType.decimal(precision: 15, scale: 2)
  static let codes = (0..<100).map { "code of kind \($0)" }
  static let fields: [DataType.Field] = [
    .init("number", .bigint), .init("other", .bigint), .init("price", decimal), .init("quantity", decimal), .init("ratio", .double),
    .init("few", .bigint), .init("some", .bigint), .init("many", .bigint), .init("sparse", .bigint), .init("name", .varchar),
    .init("comment", .varchar), .init("code", .varchar),
  ]
  /// Values of `many`, `sparse` and `name`; every one is in `keys`, the table they are joined with.
  static let manyCount = 1_000_000
  private static let words = [
    "quickly", "final", "ironic", "deposits", "regular", "bold", "accounts", "sleep", "furiously", "packages", "even",
  ]

  let parts: [Part]

  static func column(_ name: String) -> Int { fields.firstIndex { $0.name == name } ?? 0 }
  static func type(_ name: String) -> DataType { fields[column(name)].type }
  /// Keys that lie too far apart for a table indexed by them.
  static func sparse(_ key: Int64) -> Int64 { key &* 1_000_003 }
  static func name(_ key: Int64) -> String { "customer number \(key)" }

  init(rows: Int) {
    var random = SplitMix(state: 42)
    let dictionary = Sample.flat(Sample.codes)
    parts = stride(from: 0, to: rows, by: Batch.habitualCount).map { start in
      var part = Part()
      for row in 0..<min(Batch.habitualCount, rows - start) {
        part.number.append(random.next(10) == 0 ? nil : Int64(random.next(1000)))
        part.other.append(random.next(10) == 0 ? nil : Int64(random.next(1000)))
        part.price.append(Int64(random.next(10_000_000)))
        part.quantity.append(Int64(random.next(5000)))
        part.ratio.append(Double(random.next(1 << 40)) / 0x1p40)
        part.few.append(Int64(random.next(8)))
        part.some.append(Int64(random.next(10_000)))
        let key = Int64(random.next(Sample.manyCount))
        part.many.append(key)
        part.sparse.append(Sample.sparse(key))
        part.name.append(Sample.name(key))
        var comment = (0..<4).map { _ in Sample.words[random.next(Sample.words.count)] }
        if random.next(20) == 0 { comment[random.next(4)] = "special" }
        part.comment.append(comment.joined(separator: " "))
        part.code.append(random.next(Sample.codes.count))
        if random.next(2) == 0 { part.chosen.append(row) }
      }
      part.selection = Selection(rows: Sample.buffer(part.chosen.map { UInt32($0) }), count: part.chosen.count)
      part.batch = part.vectors(codes: dictionary)
      return part
    }
  }

  /// Every key once, with a number, in an order of no kind.
  func keys() -> (fields: [DataType.Field], batches: [Batch]) {
    let all = (0..<Sample.manyCount).map { Int64($0 * 7919 % Sample.manyCount) }
    let batches = stride(from: 0, to: all.count, by: Batch.habitualCount).map { start in
      let some = Array(all[start..<min(start + Batch.habitualCount, all.count)])
      return Batch(
        [Sample.flat(some), Sample.flat(some.map(Sample.sparse)), Sample.flat(some.map(Sample.name)), Sample.flat(some.map { $0 % 100 })],
        count: some.count)
    }
    return ([.init("many", .bigint), .init("sparse", .bigint), .init("name", .varchar), .init("bonus", .bigint)], batches)
  }

  static func buffer<T: BitwiseCopyable>(_ values: [T]) -> Buffer { values.withUnsafeBytes { Buffer(copying: $0) } }

  static func flat(_ values: [Int64], _ type: DataType = .bigint) -> Vector { .flat(type, count: values.count, values: buffer(values)) }

  static func flat(_ texts: [String]) -> Vector {
    let builder = VectorBuilder(.varchar, capacity: texts.count)
    for text in texts { builder.append(text) }
    return builder.finish()
  }
}

extension Sample.Part {
  /// The columns in the order of the fields.
  fileprivate func vectors(codes: Vector) -> Batch {
    let texts = [Sample.flat(name), Sample.flat(comment)]
    let code = Vector.dictionary(codes, indices: Sample.buffer(self.code.map { UInt32($0) }), count: self.code.count)
    let decimals = [Sample.flat(price, Sample.decimal), Sample.flat(quantity, Sample.decimal)]
    let doubles = Vector.flat(.double, count: ratio.count, values: Sample.buffer(ratio))
    let keys = [few, some, many, sparse].map { Sample.flat($0) }
    return Batch([nullable(number), nullable(other)] + decimals + [doubles] + keys + texts + [code], count: few.count)
  }

  private func nullable(_ values: [Int64?]) -> Vector {
    let builder = VectorBuilder(.bigint, capacity: values.count)
    for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
    return builder.finish()
  }
}

/// Steele, Lea and Flood (2014): the same numbers in every run.
private struct SplitMix {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: (z ^ (z >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
