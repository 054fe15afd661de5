import Values
import Vectors

/// Where the rows of an encoded vector lie in the vector beneath.
struct Slots {
  private let owner: Vector
  private let indices: UnsafePointer<UInt32>?
  private let mask: Int

  init(_ vector: Vector) {
    owner = vector
    switch vector.encoding {
    case .constant: (indices, mask) = (nil, 0)
    case .dictionary(let rows, _): (indices, mask) = (UnsafePointer(rows.pointer(as: UInt32.self)), ~0)
    case .flat, .list, .map, .row: (indices, mask) = (nil, ~0)
    }
  }

  @inline(__always) subscript(row: Int) -> Int {
    if let indices { return Int(indices[row]) }
    return row & mask
  }
}

extension Vector {
  /// The vector beneath a constant or dictionary; otherwise the vector itself.
  var base: Vector {
    switch encoding {
    case .constant(let value): value
    case .dictionary(_, let values): values
    case .flat, .list, .map, .row: self
    }
  }
}

/// An array vector of any encoding: the elements and which of them are row i's.
struct ListReader {
  let vector: Vector
  let elements: Vector
  private let offsets: UnsafePointer<Int32>
  private let slots: Slots

  /// nil: not an array vector.
  init?(_ vector: Vector) {
    guard case .list(let offsets, let elements, _) = vector.base.encoding else { return nil }
    self.vector = vector
    self.elements = elements
    self.offsets = UnsafePointer(offsets.pointer(as: Int32.self))
    slots = Slots(vector)
  }

  /// Meaningless for null rows.
  @inline(__always) func range(_ row: Int) -> Range<Int> {
    let slot = slots[row]
    return Int(offsets[slot])..<Int(offsets[slot + 1])
  }
}

/// A map vector of any encoding.
struct MapReader {
  let vector: Vector
  let keys: Vector
  let values: Vector
  private let offsets: UnsafePointer<Int32>
  private let slots: Slots

  init?(_ vector: Vector) {
    guard case .map(let offsets, let keys, let values, _) = vector.base.encoding else { return nil }
    self.vector = vector
    self.keys = keys
    self.values = values
    self.offsets = UnsafePointer(offsets.pointer(as: Int32.self))
    slots = Slots(vector)
  }

  @inline(__always) func range(_ row: Int) -> Range<Int> {
    let slot = slots[row]
    return Int(offsets[slot])..<Int(offsets[slot + 1])
  }
}

/// A row vector of any encoding: its fields, and at which slot of them a row lies.
struct RowReader {
  let vector: Vector
  let fields: [Vector]
  private let slots: Slots

  init(_ vector: Vector) {
    self.vector = vector
    slots = Slots(vector)
    if case .row(let fields, _) = vector.base.encoding { self.fields = fields } else { fields = [] }
  }

  @inline(__always) func slot(_ row: Int) -> Int { slots[row] }
}
