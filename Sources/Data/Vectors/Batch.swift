import Values

/// Some rows: columns of one length. Never empty when it leaves a source; up to 8,192 rows by habit, never by law.
public final class Batch: Sendable {
  public let columns: [Vector]
  public let count: Int

  public init(_ columns: [Vector], count: Int) {
    self.columns = columns
    self.count = count
    assert(columns.allSatisfy { $0.count == count })
  }

  public static let habitualCount = 8192

  public func slice(_ range: Range<Int>) -> Batch {
    if range.lowerBound == 0 && range.upperBound == count { return self }
    return Batch(columns.map { $0.slice(range) }, count: range.count)
  }

  public func prefix(_ rows: Int) -> Batch { slice(0..<min(rows, count)) }

  /// The chosen rows, in the selection's order, as flat or dictionary vectors of their own.
  public func gathered(_ selection: Selection) -> Batch {
    if selection.isAll(of: count) { return self }
    return Batch(columns.map { $0.gathered(selection) }, count: selection.count)
  }

  /// The rows in another order, or some of them in any: `gathered` takes ascending selections alone, and leaves one that has every row as it is.
  public func arranged(by order: Selection) -> Batch { Batch(columns.map { $0.gathered(order) }, count: order.count) }

  public var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}

/// The rows of a batch still alive, ascending unless stated: UInt32 row numbers.
public struct Selection: Sendable {
  public let rows: Buffer
  public let count: Int

  public init(rows: Buffer, count: Int) {
    self.rows = rows
    self.count = count
  }

  @inlinable public var pointer: UnsafeMutablePointer<UInt32> { rows.pointer(as: UInt32.self) }

  /// Ascending and as long as the batch: everything is alive.
  public func isAll(of batchCount: Int) -> Bool {
    count == batchCount && (count == 0 || (pointer[0] == 0 && Int(pointer[count - 1]) == count - 1))
  }
}

/// Everything that yields data: page readers, operators, exchanges, spill files, result cursors.
public protocol BatchSource: AnyObject {
  /// The next non-empty batch, or nil at the end. Suspends while data is under way.
  func next() async throws -> Batch?
}

/// Everything that takes data.
public protocol BatchSink: AnyObject {
  func append(_ batch: Batch) async throws
  func finish() async throws
}
