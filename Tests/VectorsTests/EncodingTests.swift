import Testing
import Values

@testable import Vectors

/// Every layout in every encoding, put through everything that moves rows, against the same done with arrays of values.
@Suite struct EncodingTests {
  static let counts = [0, 1, 2, 63, 64, 65, 200]

  /// What `vector` holds, or the first row that is not as it should be.
  static func difference(_ vector: Vector, _ values: [Constant]) -> String? {
    if vector.count != values.count { return "\(vector.count) rows, not \(values.count)" }
    if !vector.invariantsHold { return "invariants do not hold" }
    for row in values.indices {
      let found = vector.constant(at: row)
      if !found.isIdentical(to: values[row]) { return "row \(row) is \(found), not \(values[row])" }
      if vector.isNull(at: row) != values[row].isNull { return "row \(row): isNull is \(vector.isNull(at: row))" }
      if values[row].isNull && !vector.mayHaveNulls { return "row \(row) is null, and mayHaveNulls denies it" }
    }
    // null slots of text may be read
    if vector.type.layout == .bytes {
      for row in values.indices where values[row].isNull && vector.reader(as: Bytes.self)[row].count != 0 {
        return "null row \(row) holds a text"
      }
    }
    return nil
  }

  private static func check(_ vector: Vector, _ values: [Constant], _ what: @autoclosure () -> String) {
    if let difference = difference(vector, values) { Issue.record("\(what()): \(difference)") }
  }

  @Test(arguments: Randomness.types)
  func vectorsHoldWhatWasPutIn(_ type: DataType) {
    for (seed, encoding) in Encoding.allCases.enumerated() {
      for count in Self.counts {
        var random = Randomness(UInt64(100 + seed * 31 + count))
        let (vector, values) = random.column(type, count, encoding)
        Self.check(vector, values, "\(type) \(encoding) of \(count), seed \(100 + seed * 31 + count)")
        Self.check(vector.flattened(), values, "\(type) \(encoding) of \(count) flattened")
        Self.check(vector.dense(), values, "\(type) \(encoding) of \(count) dense")
      }
    }
  }

  @Test(arguments: Randomness.types)
  func rowsMoveTogetherWithTheirNulls(_ type: DataType) {
    for (number, encoding) in Encoding.allCases.enumerated() {
      for count in Self.counts where count > 0 {
        let seed = UInt64(9000 + number * 131 + count)
        var random = Randomness(seed)
        let (vector, values) = random.column(type, count, encoding)
        let what = "\(type) \(encoding) of \(count), seed \(seed)"
        let chosen = random.rows(random.below(150), below: count)
        Self.check(
          vector.gathered(Selection(rows: random.buffer(chosen), count: chosen.count)), chosen.map { values[Int($0)] }, "gathered \(what)")
        let from = random.below(count), to = from + random.below(count - from + 1)
        Self.check(vector.slice(from..<to), Array(values[from..<to]), "sliced \(what)")
        let outer = chosen.map { random.chance(4) ? UInt32.max : $0 }
        outer.withUnsafeBufferPointer { rows in
          guard let base = rows.baseAddress else { return }
          Self.check(vector.gatheredOrNull(base, count: rows.count), outer.map { $0 == .max ? .null : values[Int($0)] }, "outer \(what)")
        }
        // an index vector on top
        let indices = random.rows(count, below: count)
        Self.check(
          .dictionary(vector, indices: random.buffer(indices), count: count), indices.map { values[Int($0)] }, "dictionary over \(what)")
        // everything twice, with another encoding between
        let (middle, others) = random.column(type, random.below(70), Encoding.allCases[random.below(Encoding.allCases.count)])
        Self.check(.concatenated([vector, middle, vector], type: type), values + others + values, "concatenated \(what)")
        let builder = VectorBuilder(type, capacity: 2)
        for row in 0..<count { builder.append(vector, row: count - 1 - row) }
        Self.check(builder.finish(), values.reversed(), "appended \(what)")
        // the builder begins anew
        builder.append(vector, row: 0)
        Self.check(builder.finish(), [values[0]], "appended again \(what)")
      }
    }
  }

  @Test func concatenatingNothingIsEmpty() {
    for type in Randomness.types {
      #expect(Vector.concatenated([], type: type).count == 0)
      #expect(Batch.concatenated([], types: [type]).columns[0].count == 0)
    }
  }

  @Test(arguments: Randomness.flatTypes)
  func choosingByABit(_ type: DataType) {
    for (number, left) in Encoding.allCases.enumerated() {
      for right in Encoding.allCases {
        let seed = UInt64(500 + number)
        var random = Randomness(seed)
        let count = [1, 64, 130][number % 3]
        let (a, x) = random.column(type, count, left), (b, y) = random.column(type, count, right)
        let bits = (0..<count).map { _ in random.chance(2) }
        let words = Buffer(zeroed: Bitmap.wordCount(count) * 8)
        for i in 0..<count where bits[i] { words.pointer(as: UInt64.self)[i >> 6] |= 1 << UInt64(i & 63) }
        Self.check(
          .chosen(UnsafePointer(words.pointer(as: UInt64.self)), a, b, count: count, type: type),
          (0..<count).map { bits[$0] ? x[$0] : y[$0] },
          "\(type) \(left) or \(right), seed \(seed)")
      }
    }
  }

  @Test(arguments: Randomness.types)
  func textIsTheSameInEveryEncoding(_ type: DataType) {
    for (number, encoding) in Encoding.allCases.enumerated() {
      var random = Randomness(UInt64(70 + number))
      let (vector, values) = random.column(type, 40, encoding)
      for row in 0..<40 {
        #expect(vector.text(at: row) == values[row].text(as: type), "\(type) \(encoding) row \(row), seed \(70 + number)")
      }
    }
  }

  @Test func batchesMoveTheirColumnsTogether() {
    var random = Randomness(3)
    let types: [DataType] = [.bigint, .varchar, .array(.integer)]
    let columns = types.map { random.column($0, 100, [.flat, .dictionary, .constant][random.below(3)]) }
    let batch = Batch(columns.map(\.vector), count: 100)
    for (index, column) in batch.slice(10..<30).columns.enumerated() {
      #expect(Self.difference(column, Array(columns[index].values[10..<30])) == nil)
    }
    #expect(batch.slice(0..<100) === batch)
    #expect(batch.prefix(1000) === batch)
    #expect(batch.gathered(.all(100)) === batch)
    let whole = Batch.concatenated([batch, batch.prefix(7), batch], types: types)
    for (index, column) in whole.columns.enumerated() {
      #expect(Self.difference(column, columns[index].values + columns[index].values.prefix(7) + columns[index].values) == nil)
    }
  }

  @Test func selectionsCompose() {
    var random = Randomness(17)
    for count in Self.counts {
      let bits = (0..<count).map { _ in random.chance(3) }
      let words = Buffer(zeroed: Bitmap.wordCount(count) * 8 + 8)
      for i in 0..<count where bits[i] { words.pointer(as: UInt64.self).setBit(i) }
      // what lies past the end does not count
      for i in count..<Bitmap.wordCount(count) * 64 { words.pointer(as: UInt64.self).setBit(i) }
      let selection = Selection(of: UnsafePointer(words.pointer(as: UInt64.self)), count: count)
      let rows = (0..<selection.count).map { Int(selection.pointer[$0]) }
      #expect(rows == (0..<count).filter { bits[$0] })
      #expect(Bitmap(words: words, count: count).population == rows.count)
      #expect(selection.isAll(of: count) == (rows.count == count))
      if rows.isEmpty { continue }
      let inner = random.rows(20, below: rows.count)
      let composed = selection.composed(Selection(rows: random.buffer(inner), count: 20))
      #expect((0..<20).map { Int(composed.pointer[$0]) } == inner.map { rows[Int($0)] })
    }
  }

  @Test func truthComesBackFromItsTwoBitmaps() {
    for (number, encoding) in Encoding.allCases.enumerated() {
      for count in Self.counts {
        var random = Randomness(UInt64(40 + number))
        let (vector, values) = random.column(.boolean, count, encoding)
        let truth = TruthWords(vector)
        #expect(Self.difference(truth.vector(), values) == nil, "\(encoding) \(count), seed \(40 + number)")
        #expect(truth.trueCount == values.count { $0 == .boolean(true) })
        #expect(truth.falseCount == values.count { $0 == .boolean(false) })
      }
    }
  }
}
