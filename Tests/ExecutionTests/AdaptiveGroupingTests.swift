import Expressions
import Federation
import Plans
import Testing
import Values
import Vectors

@testable import Execution

/// Where nearly every row is a group, drivers stop grouping; where old groups are not met again, they set them aside. The answers stay the same,
/// whenever they do so and whatever comes after.
@Suite struct AdaptiveGroupingTests {
  enum Shape: CaseIterable {
    /// Every row its own group, until one key comes again and again.
    case distinct
    /// Four rows of a group together.
    case clustered
    /// So too, but the same keys come round nine times.
    case recurring
  }

  private static let count = 200_000
  /// Rows of one key again, near the end of one driver's part and of the other's.
  private static let repeated = 5_000

  private static func key(_ row: Int, _ shape: Shape) -> Int64? {
    // the only nulls come last, when rows without null words wait already
    if row % (count / 2) >= count / 2 - 3 { return nil }
    return switch shape {
    case .distinct: row % (count / 2) > count / 2 - repeated ? 7 : Int64(row)
    case .clustered: Int64(row / 4)
    case .recurring: Int64(row / 4 % (count / 80))
    }
  }

  private static func batches(_ rows: Range<Int>, _ shape: Shape) -> [Batch] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: 8192).map { start in
      let keys = VectorBuilder(.bigint), texts = VectorBuilder(.varchar), numbers = VectorBuilder(.bigint), flags = VectorBuilder(.boolean)
      let end = min(start + 8192, rows.upperBound)
      for row in start..<end {
        if let key = key(row, shape) {
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
    let local = try await check(.distinct, keys, bytes.map { .init(groups: 40_000, watchedRows: 10_000, bytes: $0) })
    if bytes != nil { #expect(local.contains { !$0.deferred.batches.isEmpty } || bytes == 1 << 20, "nothing was deferred") }
  }

  /// Set aside to the end; brought back as soon as it is looked at.
  @Test(arguments: [[0], [1], [1, 0]], [Shape.clustered, .recurring])
  func groupsAreSetAside(_ keys: [Int], _ shape: Shape) async throws {
    let local = try await check(shape, keys, .init(groups: 1_000, watchedRows: 2_000, bytes: .max, asideGroups: 8_000))
    #expect(local.allSatisfy { ($0.aside.count > 0) == (shape == .clustered) })
  }

  /// Few groups that hold much are split without copying, so that drivers merge them side by side.
  @Test func groupsThatHoldMuchAreSplit() async throws {
    let groups = 1_000, values = 200
    let bridge = AggregateBridge(
      keyTypes: [.bigint], keyChannels: [0], calls: [try Self.call("approx_distinct", 1), try Self.call("sum", 1)], drivers: 2,
      memory: MemoryPool("test", limit: .max), deferral: .init(bytes: .max))
    for half in 0..<2 {
      let sink = AggregateSink(bridge)
      // a third of the values come in both halves
      for value in half * values / 3..<(half + 2) * values / 3 {
        let keys = VectorBuilder(.bigint), numbers = VectorBuilder(.bigint)
        for group in 0..<groups {
          if group == 0 { keys.appendNull() } else { keys.append(Int64(group)) }
          numbers.append(Int64(value * groups + group))
        }
        try await sink.append(Batch([keys.finish(), numbers.finish()], count: groups))
      }
      try await sink.finish()
    }
    #expect(try await bridge.finished.value().value.isPartitioned)
    // two drivers take turns
    var drivers = [AggregateSource(bridge), AggregateSource(bridge)]
    var found = Set<Int64?>()
    let seen = Array(0..<values * 2 / 3) + Array(values / 3..<values)
    while let driver = drivers.popLast() {
      guard let batch = try await driver.next() else { continue }
      drivers.insert(driver, at: 0)
      for row in 0..<batch.count {
        let key: Int64? = if case .integer(let key) = batch.columns[0].constant(at: row) { key } else { nil }
        #expect(found.insert(key).inserted)
        #expect(batch.columns[1].constant(at: row) == .integer(Int64(values)))
        #expect(batch.columns[2].constant(at: row) == .integer(Int64(seen.reduce(0, +) * groups) + Int64(seen.count) * (key ?? 0)))
      }
    }
    #expect(found.count == groups)
  }

  private func check(_ shape: Shape, _ keys: [Int], _ deferral: AggregateBridge.Deferral?) async throws -> [LocalGroups] {
    let bridge = AggregateBridge(
      keyTypes: keys.map { $0 == 0 ? .bigint : .varchar }, keyChannels: keys,
      calls: [try Self.call("count"), try Self.call("sum", 2), try Self.call("count", 2, filter: 3)], drivers: 2,
      memory: MemoryPool("test", limit: .max), deferral: deferral,
      partitionThreshold: 1_000)
    for half in 0..<2 {
      let sink = AggregateSink(bridge)
      for batch in Self.batches(half * Self.count / 2..<(half + 1) * Self.count / 2, shape) { try await sink.append(batch) }
      try await sink.finish()
    }
    var wanted: [Int64?: [Int64]] = [:]
    for row in 0..<Self.count {
      let old = wanted[Self.key(row, shape), default: [0, 0, 0]]
      wanted[Self.key(row, shape)] = [old[0] + 1, old[1] + Int64(row), old[2] + (row % 3 == 0 ? 1 : 0)]
    }
    // looked at before the source takes them
    let local = try await bridge.finished.value().value.local
    let seen = local.map { groups in
      let copy = LocalGroups()
      (copy.deferred, copy.aside) = (groups.deferred, groups.aside)
      return copy
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
    return seen
  }
}
