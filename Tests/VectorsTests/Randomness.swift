import Values
import Vectors

/// A small generator (xorshift64): the same numbers every time for a seed.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func chance(_ one: Int) -> Bool { below(one) == 0 }

  /// One type at least of every layout, and nested ones in each other.
  static let types: [DataType] = [
    .boolean, .tinyint, .smallint, .integer, .date, .bigint, .decimal(precision: 10, scale: 2), .decimal(precision: 38, scale: 5), .real,
    .double,
    .timestampWithTimeZone(precision: 3), .varchar, .varbinary, .array(.bigint), .array(.varchar), .map(key: .varchar, value: .double),
    .row([.init("a", .integer), .init("b", .varchar)]),
    .array(.array(.row([.init("x", .boolean), .init("y", .decimal(precision: 30, scale: 0))]))),
    .map(key: .integer, value: .array(.varchar)), .row([.init("m", .map(key: .bigint, value: .varchar)), .init("n", .array(.real))]),
  ]

  static let flatTypes = types.filter { $0.layout.width > 0 }

  /// A value that is not null at the top; nulls inside nested ones unless told otherwise. From few enough that equal ones meet; sometimes an extreme.
  mutating func constant(_ type: DataType, nullsInside: Bool = true) -> Constant {
    let small = Int64(below(9)) - 4, isExtreme = chance(12)
    func inner(_ random: inout Randomness, _ type: DataType) -> Constant {
      nullsInside && random.chance(6) ? .null : random.constant(type, nullsInside: nullsInside)
    }
    switch type {
    case .array(let element): return .sequence((0..<below(5)).map { _ in inner(&self, element) })
    case .map(let key, let value):
      var seen = Set<String>()
      let keys = (0..<below(4)).map { _ in constant(key, nullsInside: false) }.filter { seen.insert("\($0)").inserted }
      return .sequence(keys.map { .sequence([$0, inner(&self, value)]) })
    case .row(let fields): return .sequence(fields.map { inner(&self, $0.type) })
    default: break
    }
    switch type.layout {
    case .bool: return .boolean(small > 0)
    case .int8: return .integer(isExtreme ? Int64(chance(2) ? Int8.max : Int8.min) : small)
    case .int16: return .integer(isExtreme ? Int64(chance(2) ? Int16.max : Int16.min) : small)
    case .int32: return .integer(isExtreme ? Int64(chance(2) ? Int32.max : Int32.min) : small)
    case .int64:
      if case .decimal(let precision, _) = type { return .integer(isExtreme ? Int64(Decimal.powers[precision]) - 1 : small * 7) }
      return .integer(isExtreme ? (chance(2) ? Int64.max : Int64.min) : small)
    case .int128:
      if case .decimal(let precision, _) = type { return .wide(isExtreme ? 1 - Decimal.powers[precision] : Int128(small) * 7) }
      // the same instant in two zones
      return .wide(Int128(small) << 16 | Int128(below(2)))
    case .float: return .real(isExtreme ? (chance(2) ? .nan : -.infinity) : small == 0 ? -0.0 : Float(small) / 2)
    case .double: return .double(isExtreme ? (chance(2) ? .nan : .infinity) : small == 0 ? -0.0 : Double(small) / 2)
    case .bytes:
      let texts = [
        "", "a", "ab", "abc", "abcd", "abce", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyy",
        "ä€😀", "a\0", "%_",
      ]
      if isExtreme { return .text(String(repeating: "long ", count: 1 + below(400))) }
      return .text(texts[below(texts.count)])
    case .list, .map, .row: return .null
    }
  }

  mutating func constants(_ type: DataType, _ count: Int, nulls: Int = 5, nullsInside: Bool = true) -> [Constant] {
    (0..<count).map { _ in nulls > 0 && chance(nulls) ? .null : constant(type, nullsInside: nullsInside) }
  }

  mutating func rows(_ count: Int, below limit: Int) -> [UInt32] { (0..<count).map { _ in UInt32(below(limit)) } }
}

/// How a column lies in memory; each comes about in another way.
enum Encoding: String, CaseIterable, Sendable {
  case flat, flatWithoutNulls, dictionary, dictionaryOfDictionary, constant, nullConstant, constantOfDictionary
  case sliced, gathered, concatenated, masked, outer, blended, appended
}

extension Randomness {
  /// A vector and, one by one, the values it must have.
  mutating func column(_ type: DataType, _ count: Int, _ encoding: Encoding, nullsInside: Bool = true) -> (
    vector: Vector, values: [Constant]
  ) {
    switch encoding {
    case .flat, .flatWithoutNulls:
      let values = constants(type, count, nulls: encoding == .flat ? 5 : 0, nullsInside: nullsInside)
      return (vector(type, values), values)
    case .dictionary, .dictionaryOfDictionary:
      let entries = column(type, 11, encoding == .dictionary ? .flat : .dictionary, nullsInside: nullsInside),
        chosen = rows(count, below: 11)
      return (.dictionary(entries.vector, indices: buffer(chosen), count: count), chosen.map { entries.values[Int($0)] })
    case .constant:
      let value = constant(type, nullsInside: nullsInside)
      return (.constant(value, type, count: count), Array(repeating: value, count: count))
    case .nullConstant: return (.nulls(type, count: count), Array(repeating: .null, count: count))
    case .constantOfDictionary:
      let one = column(type, 1, .dictionary, nullsInside: nullsInside)
      return (.constant(one.vector, count: count), Array(repeating: one.values[0], count: count))
    case .sliced:
      let whole = column(type, count + 77, chance(2) ? .flat : .dictionary, nullsInside: nullsInside)
      return (whole.vector.slice(67..<67 + count), Array(whole.values[67..<67 + count]))
    case .gathered:
      let whole = column(type, 90, .flat, nullsInside: nullsInside), chosen = rows(count, below: 90)
      return (whole.vector.gathered(Selection(rows: buffer(chosen), count: count)), chosen.map { whole.values[Int($0)] })
    case .concatenated:
      let first = below(count + 1), second = below(count - first + 1)
      let parts = [
        column(type, first, .dictionary, nullsInside: nullsInside),
        column(type, second, chance(2) ? .constant : .sliced, nullsInside: nullsInside),
        column(type, count - first - second, .flat, nullsInside: nullsInside),
      ]
      return (.concatenated(parts.map(\.vector), type: type), parts.flatMap(\.values))
    case .masked:
      let whole = column(type, count, .flat, nullsInside: nullsInside)
      let bits = Bitmap(repeating: true, count: count)
      let hidden = (0..<count).map { _ in chance(3) }
      for i in 0..<count where hidden[i] { bits.pointer[i >> 6] &= ~(1 << UInt64(i & 63)) }
      return (whole.vector.masked(by: bits), zip(whole.values, hidden).map { $1 ? .null : $0 })
    case .outer:
      let whole = column(type, 20, chance(2) ? .flat : .dictionary, nullsInside: nullsInside)
      let chosen = rows(count, below: 26).map { $0 < 20 ? $0 : UInt32.max }
      let vector = chosen.withUnsafeBufferPointer { rows in rows.baseAddress.map { whole.vector.gatheredOrNull($0, count: count) } }
      return (vector ?? whole.vector.slice(0..<0), chosen.map { $0 == .max ? .null : whole.values[Int($0)] })
    case .blended:
      let isFirst = (0..<count).map { _ in chance(2) }
      let rowsOfA = (0..<count).filter { isFirst[$0] }.map { UInt32($0) }, rowsOfB = (0..<count).filter { !isFirst[$0] }.map { UInt32($0) }
      let a = column(type, rowsOfA.count, .dictionary, nullsInside: nullsInside),
        b = column(type, rowsOfB.count, .flat, nullsInside: nullsInside)
      var values = [Constant](repeating: .null, count: count)
      for (row, value) in zip(rowsOfA, a.values) { values[Int(row)] = value }
      for (row, value) in zip(rowsOfB, b.values) { values[Int(row)] = value }
      let vector = Vector.blended(
        a.vector, at: Selection(rows: buffer(rowsOfA), count: rowsOfA.count), b.vector,
        at: Selection(rows: buffer(rowsOfB), count: rowsOfB.count),
        count: count, type: type)
      return (vector, values)
    case .appended:
      let parts = [
        column(type, 9, .flat, nullsInside: nullsInside), column(type, 7, .dictionary, nullsInside: nullsInside),
        column(type, 3, .constant, nullsInside: nullsInside),
      ]
      let builder = VectorBuilder(type, capacity: 1)
      var values: [Constant] = []
      for _ in 0..<count {
        let part = parts[below(3)], row = below(part.values.count)
        builder.append(part.vector, row: row)
        values.append(part.values[row])
      }
      return (builder.finish(), values)
    }
  }

  func vector(_ type: DataType, _ values: [Constant]) -> Vector {
    let builder = VectorBuilder(type, capacity: 1)
    for value in values { builder.append(value) }
    return builder.finish()
  }

  func buffer(_ rows: [UInt32]) -> Buffer { rows.withUnsafeBytes { Buffer(copying: $0) } }
}

extension Constant {
  /// The same value bit by bit, so that NaN is itself and -0 is not 0.
  func isIdentical(to other: Constant) -> Bool {
    switch (self, other) {
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
    case (.real(let a), .real(let b)): a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
    case (.sequence(let a), .sequence(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isIdentical(to: $1) }
    default: self == other
    }
  }
}
