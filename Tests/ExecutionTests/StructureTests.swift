import Plans
import Testing
import Values
import Vectors

@testable import Execution

let keyTypes: [DataType] = [
  .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal(precision: 12, scale: 2), .decimal(precision: 30, scale: 0),
  .varchar,
  .date, .timestampWithTimeZone(precision: 3), .array(.bigint), .array(.varchar), .map(key: .varchar, value: .double),
  .row([.init("a", .double), .init("b", .array(.varchar))]),
]

/// Key rows, hashes, group tables, sort words.
@Suite struct StructureTests {
  @Test(arguments: keyTypes)
  func equalKeysHaveEqualHashesInEveryEncoding(_ type: DataType) {
    for seed in UInt64(1)...4 {
      var random = Randomness(seed)
      let values = (0..<150).map { _ in random.constant(type) }, keys = values.map { Identity.key($0, type) }
      // with and without null words
      let hasNulls = values.contains(.null)
      let layout = KeyLayout([type], hasNulls: true), narrow = KeyLayout([type], hasNulls: hasNulls)
      let first = KeyEncoder(layout), second = KeyEncoder(layout), third = KeyEncoder(narrow)
      first.encode([random.vector(type, values)], count: 150)
      second.encode([random.vector(type, values)], count: 150)
      third.encode([random.vector(type, values)], count: 150)
      var wrong: [String] = []
      for i in 0..<150 {
        for j in 0..<150 {
          let isSame = keys[i] == keys[j]
          if KeyRows.equal(first.words + i * layout.width, second.words + j * layout.width, layout) != isSame {
            wrong.append("\(keys[i]) \(keys[j])")
          }
          if isSame && (first.hashes[i] != second.hashes[j] || first.hashes[i] != third.hashes[j]) { wrong.append("hash of \(keys[i])") }
        }
      }
      #expect(wrong.isEmpty, "\(type), seed \(seed)")
      // not all in one slot
      #expect(Set((0..<150).map { first.hashes[$0] }).count == Set(values.map { Identity.key($0, type) }).count, "\(type), seed \(seed)")
    }
  }

  @Test(arguments: keyTypes)
  func groupsAreNumberedAsTheyCome(_ type: DataType) {
    for seed in UInt64(1)...4 {
      var random = Randomness(seed)
      let types = [type, .bigint], table = GroupTable(KeyLayout(types, hasNulls: seed % 2 == 0))
      var known: [String: UInt32] = [:], keys: [String] = [], wrong: [String] = []
      for round in 0..<30 {
        // nulls come late: then the table makes room for them
        let hasNulls = seed % 2 == 0 || round >= 15
        let rows = (0..<100).map { _ in [random.constant(type, nulls: hasNulls ? 6 : 0), Constant.integer(Int64(random.below(round + 1)))] }
        let vectors = types.indices.map { column in random.vector(types[column], rows.map { $0[column] }) }
        if vectors.contains(where: \.mayHaveNulls) && !table.layout.hasNullWords { table.admitNulls() }
        let encoder = KeyEncoder(table.layout), numbers = Buffer(byteCount: 400)
        encoder.encode(vectors, count: 100)
        table.assign(encoder, vectors, count: 100, groups: numbers.pointer(as: UInt32.self))
        for (row, value) in rows.enumerated() {
          let key = Identity.key(value, types)
          if known[key] == nil {
            known[key] = UInt32(keys.count)
            keys.append(key)
          }
          if numbers.pointer(as: UInt32.self)[row] != known[key] { wrong.append(key) }
        }
        // the keys can be asked for at any time, and by pieces
        if round % 7 != 6 { continue }
        let half = table.count / 2
        for range in [0..<half, half..<table.count] {
          let columns = table.keys(range)
          for group in range where Identity.key(columns.map { $0.constant(at: group - range.lowerBound) }, types) != keys[group] {
            wrong.append("group \(group)")
          }
        }
      }
      #expect(wrong.isEmpty, "\(type), seed \(seed)")
      #expect(table.count == keys.count)
    }
  }

  @Test func moreKeysThanBitsInAWord() {
    let types = Array(repeating: DataType.bigint, count: 130), layout = KeyLayout(types, hasNulls: true)
    var random = Randomness(8)
    // each row has null in one column, and zero elsewhere
    let columns = types.indices.map { column in random.vector(.bigint, types.indices.map { $0 == column ? .null : .integer(0) }) }
    let table = GroupTable(layout), encoder = KeyEncoder(layout), numbers = Buffer(byteCount: 130 * 4)
    encoder.encode(columns, count: 130)
    table.assign(encoder, columns, count: 130, groups: numbers.pointer(as: UInt32.self))
    #expect(table.count == 130)
    let keys = table.keys(0..<130)
    for row in 0..<130 { for column in 0..<130 { #expect(keys[column].isNull(at: row) == (row == column)) } }
  }

  /// Order of two values as ORDER BY has it: NaN is the largest number, nulls go where they are told, inside nested values last.
  static func order(_ a: Constant, _ b: Constant, _ type: DataType, nullsFirst: Bool = false) -> Int {
    func sign<T: Comparable>(_ x: T, _ y: T) -> Int { x == y ? 0 : x < y ? -1 : 1 }
    switch (a, b) {
    case (.null, .null): return 0
    case (.null, _): return nullsFirst ? -1 : 1
    case (_, .null): return nullsFirst ? 1 : -1
    case (.boolean(let x), .boolean(let y)): return sign(x ? 1 : 0, y ? 1 : 0)
    case (.integer(let x), .integer(let y)): return sign(x, y)
    case (.wide(let x), .wide(let y)):
      if case .timestampWithTimeZone = type { return sign(x >> 16, y >> 16) }
      return sign(x, y)
    case (.real(let x), .real(let y)): return x.isNaN || y.isNaN ? sign(x.isNaN ? 1 : 0, y.isNaN ? 1 : 0) : sign(x, y)
    case (.double(let x), .double(let y)): return x.isNaN || y.isNaN ? sign(x.isNaN ? 1 : 0, y.isNaN ? 1 : 0) : sign(x, y)
    case (.bytes(let x), .bytes(let y)): return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    case (.sequence(let x), .sequence(let y)):
      for index in 0..<min(x.count, y.count) {
        let inner: DataType =
          switch type {
          case .array(let element): element
          case .row(let fields): fields[index].type
          default: .unknown
          }
        let sign = order(x[index], y[index], inner)
        if sign != 0 { return sign }
      }
      return sign(x.count, y.count)
    default: return 0
    }
  }

  /// ORDER BY over rows: negative, zero or positive.
  static func order(_ a: [Constant], _ b: [Constant], _ types: [DataType], _ keys: [SortKey]) -> Int {
    for key in keys {
      let (x, y) = (a[key.channel], b[key.channel])
      if x.isNull || y.isNull {
        let sign = order(x, y, types[key.channel], nullsFirst: key.nullsFirst)
        if sign != 0 { return sign }
        continue
      }
      let sign = order(x, y, types[key.channel])
      if sign != 0 { return key.isAscending ? sign : -sign }
    }
    return 0
  }

  static func isMap(_ type: DataType) -> Bool {
    switch type {
    case .map: true
    case .array(let element): isMap(element)
    case .row(let fields): fields.contains { isMap($0.type) }
    default: false
    }
  }

  @Test(arguments: keyTypes.filter { !StructureTests.isMap($0) })
  func sortWordsOrderAsValuesDo(_ type: DataType) {
    for seed in UInt64(1)...8 {
      var random = Randomness(seed)
      let types = [type, .bigint]
      let rows = (0..<200).map { _ in [random.constant(type), Constant.integer(Int64(random.below(5)))] }
      let batch = Batch(types.indices.map { column in random.vector(types[column], rows.map { $0[column] }) }, count: 200)
      for (isAscending, nullsFirst) in [(true, true), (true, false), (false, true), (false, false)] {
        for second in [nil, SortKey(channel: 1, isAscending: !isAscending, nullsFirst: false)] {
          let keys = [SortKey(channel: 0, isAscending: isAscending, nullsFirst: nullsFirst)] + (second.map { [$0] } ?? [])
          let selection = RowOrder.sorted(batch, by: keys)
          let found = (0..<selection.count).map { Int(selection.pointer[$0]) }
          let wanted = rows.indices.sorted {
            let sign = Self.order(rows[$0], rows[$1], types, keys)
            return sign == 0 ? $0 < $1 : sign < 0
          }
          #expect(found == wanted, "\(type) ascending \(isAscending), nulls first \(nullsFirst), seed \(seed)")
          #expect(RowOrder.sorted(batch, by: keys, limit: 7).count == 7)
        }
      }
    }
  }

  /// A null row of an array may cover elements; they must not decide.
  @Test func nullsThatHideSomethingAreStillEqual() {
    var random = Randomness(2)
    let whole = random.vector(.array(.bigint), (0..<6).map { .sequence([.integer(Int64(6 - $0))]) }).flattened()
    let masked = whole.masked(by: Bitmap(words: Buffer(zeroed: 8), count: 6))
    let numbers = random.vector(.bigint, (0..<6).map { .integer(Int64($0 * 5 % 6)) })
    let batch = Batch([masked, numbers], count: 6)
    let keys = [0, 1].map { SortKey(channel: $0, isAscending: true, nullsFirst: true) }
    let order = RowOrder.sorted(batch, by: keys)
    #expect((0..<6).map { batch.columns[1].constant(at: Int(order.pointer[$0])) } == (0..<6).map { .integer(Int64($0)) })
  }
}
