import Expressions
import Values
import Vectors

/// Grouped states of fixed size in one array: a concrete class around closures that were formed at a concrete accumulator, so that nothing
/// generic is called through a witness table per row.
///
///     states   | group 0 | group 1 | …            stride bytes each
///     banks    | group 0 | group 1 | …  × 3       only while groups are few: see `FlatKernels`
final class FlatAggregate: AggregateState {
  private let kernels: FlatKernels
  private let type: DataType
  private var states: Buffer
  private var banks: Buffer?
  private var capacity: Int
  private var count = 0

  init(_ kernels: FlatKernels, _ type: DataType) {
    self.kernels = kernels
    self.type = type
    capacity = 4
    states = Buffer(byteCount: 4 * kernels.stride)
  }

  func resize(to groups: Int) {
    if groups > capacity { move(to: max(groups, capacity * 2)) }
    if groups > count {
      kernels.initialize(states.base, count..<groups)
      count = groups
    }
  }

  func shrink() {
    banks = nil
    if count < capacity { move(to: count) }
  }

  private func move(to newCapacity: Int) {
    capacity = newCapacity
    let moved = Buffer(byteCount: capacity * kernels.stride)
    moved.base.copyMemory(from: states.base, byteCount: count * kernels.stride)
    states = moved
  }

  func update(_ arguments: [Vector], groups: UnsafePointer<UInt32>, count rows: Int) throws {
    if banks == nil && count <= FlatKernels.bankedGroups {
      let fresh = Buffer(byteCount: FlatKernels.extraBanks * FlatKernels.bankedGroups * kernels.stride)
      kernels.initialize(fresh.base, 0..<FlatKernels.extraBanks * FlatKernels.bankedGroups)
      banks = fresh
    }
    try kernels.update(FlatKernels.Target(states: states.base, banks: banks?.base, groupCount: count), arguments, groups, rows)
  }

  func updateSingle(_ arguments: [Vector], count rows: Int) throws {
    if count == 0 { resize(to: 1) }
    try kernels.updateSingle(states.base, arguments, rows)
  }

  func merge(_ other: any AggregateState, groups: UnsafePointer<UInt32>, count rows: Int) throws {
    guard let other = other as? FlatAggregate, other.kernels.stride == kernels.stride else { throw mismatchedStates() }
    kernels.merge(states.base, other.states.base, groups, rows)
  }

  func results(_ groups: Range<Int>) throws -> Vector { try kernels.results(states.base, groups, type) }

  /// The states as they lie in memory, one binary value each.
  func partials(_ groups: Range<Int>) throws -> Vector {
    let stride = kernels.stride
    let copy = Buffer(copying: UnsafeRawBufferPointer(start: states.base + groups.lowerBound * stride, count: groups.count * stride))
    let views = Buffer(byteCount: groups.count * 16)
    let slots = views.pointer(as: Bytes.self)
    for i in 0..<groups.count { slots[i] = Bytes(copy.base + i * stride, count: stride) }
    return .flat(.varbinary, count: groups.count, values: views, heap: [copy])
  }

  func mergePartials(_ partials: Vector, groups: UnsafePointer<UInt32>, count rows: Int) throws {
    let stride = kernels.stride
    let aligned = Buffer(byteCount: rows * stride)
    let reader = partials.reader(as: Bytes.self)
    for row in 0..<rows {
      let view = reader[row]
      guard view.count == stride, reader.isValid(row) else { throw mismatchedStates() }
      view.withBytes { bytes in if let from = bytes.baseAddress { (aligned.base + row * stride).copyMemory(from: from, byteCount: stride) }
      }
    }
    kernels.merge(states.base, aligned.base, groups, rows)
    withExtendedLifetime(partials) {}
  }

  var byteCount: Int { states.byteCount + (banks?.byteCount ?? 0) }
}

/// Two states that should be of one aggregate are not: a plan that mixes them up, or bytes of another version.
func mismatchedStates() -> PrestoError { PrestoError(.genericInternalError, "Aggregation states of different kinds cannot be merged") }
