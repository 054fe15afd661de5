import Testing
import Values
import Vectors

@testable import Execution

/// Small batches become larger ones, of the same rows in the same order.
@Suite struct CoalescingTests {
  private final class Sizes: BatchSource {
    private var sizes: ArraySlice<Int>
    private var next = 0
    private(set) var given = 0

    init(_ sizes: [Int]) { self.sizes = sizes[...] }

    func next() async throws -> Batch? {
      guard let size = sizes.popFirst() else { return nil }
      let numbers = (next..<next + size).map { Int64($0) }
      next += size
      given += 1
      let values = numbers.withUnsafeBytes { Buffer(copying: $0) }
      return Batch([.flat(.bigint, count: size, values: values), .constant(.text("same"), .varchar, count: size)], count: size)
    }
  }

  @Test(arguments: [
    ([], 0), ([5], 1), ([1, 2, 3], 1), ([8192, 8192], 2), ([10, 8192, 10], 3), ([1023, 1023, 1023, 1023, 1023], 1),
    ([1000, 1000, 1000, 1000, 1000, 7], 2),
    (Array(repeating: 1, count: 200), 4), (Array(repeating: 600, count: 70) + [5000], 11),
  ])
  func keepsRowsInOrder(_ sizes: [Int], _ wanted: Int) async throws {
    let source = CoalescingSource(Sizes(sizes), [.bigint, .varchar])
    var rows: [Constant] = [], batches = 0
    while let batch = try await source.next() {
      #expect(batch.count > 0 && batch.columns.allSatisfy { $0.count == batch.count })
      for row in 0..<batch.count {
        rows.append(batch.columns[0].constant(at: row))
        #expect(batch.columns[1].constant(at: row) == .text("same"))
      }
      batches += 1
    }
    #expect(rows == (0..<sizes.reduce(0, +)).map { .integer(Int64($0)) })
    #expect(batches == wanted)
  }

  @Test func waitsForFewBatches() async throws {
    let sizes = Sizes(Array(repeating: 1, count: 1000))
    let first = try await CoalescingSource(sizes, [.bigint, .varchar]).next()
    #expect(first?.count == 64 && sizes.given == 64)
  }
}
