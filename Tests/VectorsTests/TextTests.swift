import Testing
import Values

@testable import Vectors

/// Views, arenas, writers and patterns.
@Suite struct TextTests {
  private static let words = [
    "", "a", "ab", "abc", "abcd", "abcde", "abcdefghijk", "abcdefghijkl", "abcdefghijklm", "abcdefghijklz", "abce", "b", "ä", "z\u{1F600}",
  ]

  @Test func viewsCompareAsBytes() {
    var arena = Arena()
    // each twice, so that equal texts lie in different places
    let views = (Self.words + Self.words).map { word in Array(word.utf8).withUnsafeBytes { arena.store($0) } }
    let bytes = (Self.words + Self.words).map { Array($0.utf8) }
    for i in views.indices {
      #expect(views[i].string == String(decoding: bytes[i], as: UTF8.self))
      #expect(views[i].array == bytes[i])
      #expect(views[i].isInline == (bytes[i].count <= 12))
      for j in views.indices {
        #expect((views[i] == views[j]) == (bytes[i] == bytes[j]))
        #expect((views[i] < views[j]) == bytes[i].lexicographicallyPrecedes(bytes[j]))
        let sign = Bytes.compare(views[i], views[j])
        #expect((sign < 0) == bytes[i].lexicographicallyPrecedes(bytes[j]) && (sign == 0) == (bytes[i] == bytes[j]))
      }
    }
    withExtendedLifetime(arena) {}
  }

  @Test func arenasKeepWhatTheyWereGiven() {
    var random = Randomness(5), arena = Arena()
    var kept: [(Bytes, [UInt8])] = []
    for _ in 0..<3000 {
      let bytes = (0..<(random.chance(100) ? random.below(100_000) : random.below(40))).map { _ in UInt8(random.below(256)) }
      kept.append((bytes.withUnsafeBytes { arena.store($0) }, bytes))
    }
    #expect(kept.allSatisfy { $0.array == $1 })
    #expect(arena.byteCount == arena.buffers.reduce(0) { $0 + $1.byteCount })
  }

  @Test func writersKeepRowsApart() {
    var random = Randomness(6), writer = TextWriter(capacity: 64)
    var rows: [(Bytes?, [UInt8]?)] = []
    for row in 0..<2000 {
      var expected: [UInt8] = []
      for _ in 0..<random.below(6) {
        switch random.below(6) {
        case 0:
          writer.write(UInt8(65))
          expected.append(65)
        case 1:
          let text = String(repeating: "xyz", count: random.below(90))
          writer.write(text)
          expected += Array(text.utf8)
        case 2:
          let number = Int(Int32(truncatingIfNeeded: random.next())), width = random.below(14)
          writer.write(number: number, width: width)
          let digits = String(number.magnitude)
          expected += Array(((number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        case 3:
          let scalar = [0x41, 0xE4, 0x20AC, 0x1F600][random.below(4)]
          writer.write(scalar: UInt32(scalar))
          expected += Array(String(Unicode.Scalar(UInt32(scalar)).map { Character($0) } ?? "?").utf8)
        case 4:
          writer.write(repeating: 0x2A, count: random.below(20) - 3)
          expected += Array(repeating: 0x2A, count: writer.count - expected.count)
        default:
          let room = writer.reserve(300)
          room.storeBytes(of: 0x42, as: UInt8.self)
          writer.advance(1)
          expected.append(0x42)
        }
      }
      #expect(writer.count == expected.count && Array(writer.written) == expected, "row \(row)")
      if random.chance(9) {
        writer.writeNull()
        rows.append((writer.finishRow(), nil))
      } else if random.chance(9) {
        writer.rewind()
        rows.append((writer.finishRow(), []))
      } else {
        rows.append((writer.finishRow(), expected))
      }
    }
    for (row, (view, expected)) in rows.enumerated() { #expect(view?.array == expected, "row \(row)") }
    withExtendedLifetime(writer) {}
  }

  @Test func leastNumberIsWritten() {
    var writer = TextWriter()
    writer.write(number: .min)
    #expect(Array(writer.written) == Array("-9223372036854775808".utf8))
  }

  /// LIKE by its definition, one code point at a time.
  private static func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>, _ escape: Unicode.Scalar?) -> Bool
  {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if let escape, first == escape, let literal = rest.first {
      return text.first == literal && matches(rest.dropFirst(), text.dropFirst(), escape)
    }
    switch first {
    case "%": return (0...text.count).contains { matches(rest, text.dropFirst($0), escape) }
    case "_": return !text.isEmpty && matches(rest, text.dropFirst(), escape)
    default: return text.first == first && matches(rest, text.dropFirst(), escape)
    }
  }

  @Test func patterns() throws {
    let letters: [Unicode.Scalar] = ["a", "b", "ä", "€", "😀"]
    var hits = 0
    for seed in 1...UInt64(1500) {
      var random = Randomness(seed)
      let escape: Unicode.Scalar? = random.chance(3) ? "\\" : nil
      var pattern: [Unicode.Scalar] = []
      for _ in 0..<random.below(8) {
        switch random.below(7) {
        case 0, 1: pattern.append("%")
        case 2: pattern.append("_")
        case 3 where escape != nil: pattern += ["\\", ["%", "_", "\\"][random.below(3)]]
        default: pattern.append(letters[random.below(letters.count)])
        }
      }
      let texts = (0..<70).map { _ -> [Unicode.Scalar] in
        (0..<random.below(random.chance(5) ? 40 : 7)).map { _ in
          random.chance(12) ? ["%", "_", "\\"][random.below(3)] : letters[random.below(random.chance(2) ? 2 : 5)]
        }
      }
      func text(_ scalars: [Unicode.Scalar]) -> String { scalars.reduce(into: "") { $0.unicodeScalars.append($1) } }
      let like = try #require(LikePattern(Array(text(pattern).utf8), escape: escape.map { UInt8($0.value) }))
      let values = texts.enumerated().map { $0.offset % 9 == 0 ? Constant.null : .text(text($0.element)) }
      let expected = zip(texts, values).map { $1.isNull ? Constant.null : .boolean(Self.matches(pattern[...], $0[...], escape)) }
      hits += expected.count { $0 == .boolean(true) }
      let flat = random.vector(.varchar, values)
      #expect(EncodingTests.difference(like.vector(flat, 70), expected) == nil, "'\(text(pattern))', seed \(seed)")
      let order = random.rows(70, below: 70)
      #expect(
        EncodingTests.difference(
          like.vector(.dictionary(flat, indices: random.buffer(order), count: 70), 70), order.map { expected[Int($0)] }) == nil,
        "'\(text(pattern))', seed \(seed)")
      #expect(EncodingTests.difference(like.vector(flat.gathered(.all(70)).slice(1..<2), 1), [expected[1]]) == nil)
      if let literal = like.literal { #expect(!pattern.contains("%") || escape != nil, "\(literal)") }
      if let prefix = like.prefix {
        for (value, holds) in zip(values, expected) where holds == .boolean(true) {
          if case .bytes(let bytes) = value { #expect(bytes.starts(with: prefix), "'\(text(pattern))', seed \(seed)") }
        }
      }
    }
    #expect(hits > 1000)
  }

  @Test func patternsThatEscapeNothing() {
    #expect(LikePattern(Array("a\\".utf8), escape: 0x5C) == nil)
    #expect(LikePattern(Array("a\\b".utf8), escape: 0x5C) == nil)
  }

  @Test func patternsWithoutCase() throws {
    let like = try #require(LikePattern(Array("gR%ß_".utf8), escape: nil, ignoringCase: true))
    let random = Randomness(1)
    let texts = ["GRUßE", "grüSSe", "Grßx", "grß", "xgrße"]
    let found = like.vector(random.vector(.varchar, texts.map { .text($0) }), texts.count)
    #expect(EncodingTests.difference(found, [true, false, true, false, false].map { .boolean($0) }) == nil)
  }
}

/// What a query may retain.
@Suite struct MemoryPoolTests {
  @Test func aPoolTakesNothingBeyondItsLimitOrItsParents() throws {
    let engine = MemoryPool("engine", limit: 100), query = MemoryPool("query", limit: 80, parent: engine),
      other = MemoryPool("other", limit: 1000, parent: engine)
    try query.reserve(60)
    try other.reserve(30)
    #expect(throws: PrestoError.self) { try query.reserve(30) }
    #expect(throws: PrestoError.self) { try other.reserve(20) }
    #expect((query.reserved, other.reserved, engine.reserved) == (60, 30, 90))
    try query.reserve(-50)
    try other.reserve(20)
    #expect((query.reserved, other.reserved, engine.reserved) == (10, 50, 60))
    #expect((query.peak, other.peak, engine.peak) == (60, 50, 90))
    query.release(10)
    other.release(50)
    #expect((query.reserved, other.reserved, engine.reserved) == (0, 0, 0))
  }
}
