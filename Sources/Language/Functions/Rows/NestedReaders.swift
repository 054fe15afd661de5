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

/// The elements of every row of an array or map column, one after the other, with the row each belongs to.
struct Exploded {
  /// Elements; keys and values.
  let segments: Segments
  /// UInt32 row number of each element.
  let owners: Buffer

  var owning: Selection { Selection(rows: owners, count: segments.rowCount) }

  init(columns: [Vector], offsets: [Int]) {
    segments = Segments(columns: columns, offsets: offsets)
    owners = Buffer(byteCount: max(segments.rowCount, 1) * 4)
    let out = owners.pointer(as: UInt32.self)
    for row in 0..<segments.count { for i in segments.range(row) { out[i] = UInt32(truncatingIfNeeded: row) } }
  }

  /// Null rows have no elements.
  init(arrays vector: Vector, rows: Int) {
    guard let lists = ListReader(vector) else {
      self.init(
        columns: vector.type.components.map { VectorBuilder($0, capacity: 0).finish() }, offsets: Array(repeating: 0, count: rows + 1))
      return
    }
    self.init(vector, rows, [lists.elements]) { lists.range($0) }
  }

  init(maps vector: Vector, rows: Int) {
    guard let maps = MapReader(vector) else {
      self.init(
        columns: vector.type.components.map { VectorBuilder($0, capacity: 0).finish() }, offsets: Array(repeating: 0, count: rows + 1))
      return
    }
    self.init(vector, rows, [maps.keys, maps.values]) { maps.range($0) }
  }

  private init(_ vector: Vector, _ rows: Int, _ children: [Vector], _ range: (Int) -> Range<Int>) {
    var offsets = [0]
    offsets.reserveCapacity(rows + 1)
    var chosen: [UInt32] = []
    // elements often lie as they are wanted already
    var isWhole = true
    for row in 0..<rows {
      let elements = vector.isNull(at: row) ? 0..<0 : range(row)
      if isWhole && !elements.isEmpty && elements.lowerBound != offsets[row] {
        isWhole = false
        chosen = (0..<UInt32(truncatingIfNeeded: offsets[row])).map { $0 }
      }
      if !isWhole { for i in elements { chosen.append(UInt32(truncatingIfNeeded: i)) } }
      offsets.append(offsets[row] + elements.count)
    }
    let total = offsets[rows]
    self.init(columns: children.map { isWhole ? $0.slice(0..<total) : $0.picked(chosen) }, offsets: offsets)
  }
}

extension Vector {
  /// The same rows under other validity: null wherever `source` is.
  func nulled(like source: Vector) -> Vector {
    guard let mask = source.rowValidity else { return self }
    return flattened().masked(by: mask)
  }
}
