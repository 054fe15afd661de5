import Synchronization
import Values
import Vectors

/// The keys one side of a join turned out to have, or the bound that a top-N has reached: what a scan may skip everything else by.
public struct KeyFilter: Sendable {
  public let type: DataType
  /// Distinct keys, or as good as known.
  public let count: Int
  /// Bounds of the keys; nil when there are none or they do not order.
  public let low: Constant?
  public let high: Constant?
  private let made: KeyValues?
  /// Rows of a vector of `type` that may match; nil: no help (every row may).
  public let select: @Sendable (Vector) -> Selection?

  public init(
    type: DataType, count: Int, low: Constant?, high: Constant?, values: KeyValues?, select: @escaping @Sendable (Vector) -> Selection?
  ) {
    self.type = type
    self.count = count
    self.low = low
    self.high = high
    made = values
    self.select = select
  }

  /// All distinct keys, ascending, without null, when they are few enough to send.
  public var values: Vector? { made?.vector }

  /// No row can match.
  public var isEmpty: Bool { count == 0 }
}

/// The distinct keys of a filter, put together when somebody first asks: most scans look at bounds and memberships alone.
public final class KeyValues: Sendable {
  private let make: @Sendable () -> Vector
  private let known = Mutex<Vector?>(nil)

  public init(_ make: @escaping @Sendable () -> Vector) { self.make = make }

  public convenience init(_ vector: Vector) { self.init { vector } }

  var vector: Vector {
    known.withLock { known in
      let vector = known ?? make()
      known = vector
      return vector
    }
  }
}

/// A place that one join build fills once, or a top-N again and again, and scans read.
public final class KeyFilterSlot: Sendable {
  private struct State {
    var isSettled = false
    var filter: KeyFilter?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// What it holds becomes narrower while scans run. Nobody waits for it.
  public let sharpens: Bool

  public init(sharpens: Bool = false) {
    self.sharpens = sharpens
    if sharpens { state.withLock { $0.isSettled = true } }
  }

  /// Puts a narrower filter in the place of the one before.
  public func sharpen(_ filter: KeyFilter) { state.withLock { $0.filter = filter } }

  public var current: KeyFilter? { state.withLock { $0.filter } }
  public var isSettled: Bool { state.withLock { $0.isSettled } }

  /// Publishes the keys, or (nil) that there will be none. Only the first call counts.
  public func settle(_ filter: KeyFilter?) {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      if state.isSettled { return [] }
      state.isSettled = true
      state.filter = filter
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns once settled. A query that fails settles its slots, so nobody waits for ever.
  public func settled() async {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        if !state.isSettled { state.waiting.append(continuation) }
        return state.isSettled
      }
      if isDone { continuation.resume() }
    }
  }
}

/// Values the other side of a join turned out to need, per column of a scan; may sharpen while the scan runs.
public struct DynamicFilter<Column: Hashable & Sendable>: Sendable {
  public var slots: [(column: Column, slot: KeyFilterSlot)]

  public init(_ slots: [(column: Column, slot: KeyFilterSlot)] = []) { self.slots = slots }

  public var isEmpty: Bool { slots.isEmpty }

  /// What is known now.
  public var current: [(column: Column, filter: KeyFilter)] { slots.compactMap { entry in entry.slot.current.map { (entry.column, $0) } } }

  /// Returns once every slot is settled.
  public func settled() async { for entry in slots { await entry.slot.settled() } }

  public func mapColumns<Other: Hashable & Sendable>(_ f: (Column) throws -> Other) rethrows -> DynamicFilter<Other> {
    DynamicFilter<Other>(try slots.map { (try f($0.column), $0.slot) })
  }
}
