import Expressions
import Federation
import Plans
import Testing
import Values
import Vectors

@testable import Execution

/// Where nearly every row is a group, drivers stop grouping: the answers stay the same, whenever they stop and whatever comes after.
@Suite struct DeferredGroupingTests {
  private static let count = 200_000
  /// Rows of one key again, near the end of one driver's part and of the other's.
  private static let repeated = 5_000

  private static func key(_ row: Int) -> Int64? {
    // the only nulls come last, when rows without null words wait already
    if row % (count / 2) >= count / 2 - 3 { return nil }
    return row % (count / 2) > count / 2 - repeated ? 7 : Int64(row)
  }

  private static func batches(_ rows: Range<Int>) -> [Batch] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: 8192).map { start in
      let keys = VectorBuilder(.bigint), texts = VectorBuilder(.varchar), numbers = VectorBuilder(.bigint), flags = VectorBuilder(.boolean)
      let end = min(start + 8192, rows.upperBound)
      for row in start..<end {
        if let key = key(row) {
          keys.append(key)
          texts.append("the text of key \(key)")
        } else {
          keys.appendNull()
          texts.appendNull()
        }
        numbers.append(Int64(row))
        flags.append(row % 3 == 0)
      }
      return Batch([keys.finish(), texts.finish(), numbers.finish(), flags.finish()], count: end - start)
    }
  }

  private static func call(_ name: String, _ channel: Int? = nil, filter: Int? = nil) throws -> AggregateCall {
    let types: [DataType] = channel == nil ? [] : [.bigint]
    let resolved = try Scenario.functions.resolve(name, .aggregate, types.map { .value($0) })
    return AggregateCall(
      make: try Scenario.functions.aggregateMaker(resolved.id, result: .bigint), arguments: channel.map { [.channel($0)] } ?? [],
      filter: filter,
      isDistinct: false, order: [], argumentTypes: types, type: .bigint)
  }

  /// Without deferral; deferred to the end; grouped after all when some rows wait, and deferred again.
  @Test(arguments: [[0], [1], [1, 0]], [nil, Int.max, 1 << 20])
  func answersStayTheSame(_ keys: [Int], _ bytes: Int?) async throws {
    let bridge = AggregateBridge(
      keyTypes: keys.map { $0 == 0 ? .bigint : .varchar }, keyChannels: keys,
      calls: [try Self.call("count"), try Self.call("sum", 2), try Self.call("count", 2, filter: 3)], drivers: 2,
      memory: MemoryPool("test", limit: .max), deferral: bytes.map { .init(groups: 40_000, watchedRows: 10_000, bytes: $0) })
    for half in 0..<2 {
      let sink = AggregateSink(bridge)
      for batch in Self.batches(half * Self.count / 2..<(half + 1) * Self.count / 2) { try await sink.append(batch) }
      try await sink.finish()
    }
    var wanted: [Int64?: [Int64]] = [:]
    for row in 0..<Self.count {
      let old = wanted[Self.key(row), default: [0, 0, 0]]
      wanted[Self.key(row)] = [old[0] + 1, old[1] + Int64(row), old[2] + (row % 3 == 0 ? 1 : 0)]
    }
    let source = AggregateSource(bridge)
    var found = 0, wrong = 0
    while let batch = try await source.next() {
      for row in 0..<batch.count {
        let key: Int64? =
          switch batch.columns[0].constant(at: row) {
          case .integer(let number): number
          case .bytes(let bytes): Int64(String(decoding: bytes, as: UTF8.self).dropFirst("the text of key ".count))
          default: nil
          }
        let summary = (keys.count..<keys.count + 3).map { batch.columns[$0].constant(at: row) }
        if summary != wanted[key]?.map({ .integer($0) }) { wrong += 1 }
        found += 1
      }
    }
    #expect(found == wanted.count && wrong == 0, "\(found) groups of \(wanted.count), \(wrong) wrong")
    if bytes != nil {
      let waited = try await bridge.finished.value().value.local.contains { !$0.deferred.batches.isEmpty }
      #expect(waited || bytes == 1 << 20, "nothing was deferred")
    }
  }
}
