import Federation
import Testing
import Values
import Vectors

@testable import Execution

/// Tables of many rows, made by one thread and by several: each key's chain has just its rows, in their order.
@Suite struct JoinTableTests {
  enum Shape: String, CaseIterable { case dense, unique, sparse, pairs, texts, doubles, arrays }

  private static func columns(_ shape: Shape, _ n: Int, _ random: inout Randomness) -> [Vector] {
    func column(_ type: DataType, _ make: (Int, inout Randomness) -> Constant) -> Vector {
      let builder = VectorBuilder(type, capacity: n)
      for row in 0..<n { builder.append(make(row, &random)) }
      return builder.finish()
    }
    let some = n / 3
    switch shape {
    case .dense: return [column(.bigint) { _, r in r.chance(40) ? .null : .integer(Int64(r.below(some)) - 1000) }]
    case .unique: return [column(.integer) { row, _ in .integer(Int64(row * 2)) }]
    case .sparse: return [column(.bigint) { _, r in r.chance(40) ? .null : .integer(Int64(r.below(some)) << 40) }]
    case .pairs:
      return [
        column(.bigint) { _, r in .integer(Int64(r.below(300))) },
        column(.date) { _, r in r.chance(40) ? .null : .integer(Int64(r.below(300))) },
      ]
    case .texts: return [column(.varchar) { _, r in .text("customer number \(r.below(some))") }]
    case .doubles: return [column(.double) { _, r in r.chance(40) ? .double(.nan) : .double(Double(r.below(some)) - 0.5) }]
    case .arrays:
      return [column(.array(.bigint)) { _, r in .sequence([.integer(Int64(r.below(some))), r.chance(40) ? .null : .integer(1)]) }]
    }
  }

  @Test(arguments: Shape.allCases, [1, 3])
  func chainsHoldTheirRows(_ shape: Shape, _ drivers: Int) async throws {
    var random = Randomness(11)
    let n = JoinTableBuild.least + 5000
    let vectors = Self.columns(shape, n, &random)
    let keys = try await JoinKeys(
      Batch(vectors, count: n), keys: Array(vectors.indices), memory: MemoryPool("test", limit: .max), drivers: drivers)
    let build = try await JoinTableBuild(keys, drivers: drivers)
    #expect(drivers == 1 ? build.parts == 1 : build.parts > 1)
    let unique = try await mapInParallel(build.parts, drivers: drivers) { build.link($0) }
    let table = build.table(isUnique: unique.allSatisfy(\.self))
    #expect(table.isDense == (shape == .dense || shape == .unique))
    #expect(table.isUnique == (shape == .unique))
    #expect(table.hasNullKeys == vectors.contains { vector in (0..<n).contains { vector.isNull(at: $0) } })

    let texts = zip(vectors.indices, vectors).map {
      JoinTests.keys((0..<n).map { row in vectors.map { $0.constant(at: row) } }, $0, $1.type)
    }
    let key = (0..<n).map { row in texts.contains { $0[row] == nil } ? nil : texts.map { $0[row] ?? "" } }
    var wanted: [[String]: [Int]] = [:]
    for (row, key) in key.enumerated() { if let key { wanted[key, default: []].append(row) } }
    let encoder = KeyEncoder(table.layout)
    encoder.encode(vectors, count: n)
    let first = Buffer(byteCount: n * 4), candidates = first.pointer(as: UInt32.self)
    table.start(encoder, count: n, into: candidates)
    var wrong = 0
    for row in 0..<n {
      var found: [Int] = [], candidate = candidates[row]
      while candidate != 0 {
        if table.matches(candidate, encoder.words + row * table.layout.width) { found.append(Int(candidate) - 1) }
        candidate = table.next(candidate)
      }
      if found != (key[row].flatMap { wanted[$0] } ?? []) { wrong += 1 }
    }
    #expect(wrong == 0)
  }
}
