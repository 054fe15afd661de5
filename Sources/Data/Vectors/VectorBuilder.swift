import Values

/// Grows a vector value by value: the connectors' and row-wise operators' way in. Owned by one thread.
///
/// Fixed-width slots are stored with `append(_:)` of the layout's Swift type; text is copied into an arena of the builder's own; nested types
/// have builders inside (`children`): append to them, then call `closeList()` or `closeRow()`.
public final class VectorBuilder {
  public let type: DataType
  public private(set) var count = 0
  /// Elements; keys and values; fields.
  public let children: [VectorBuilder]
  private let layout: DataType.Layout
  private let width: Int
  private var capacity: Int
  private var values: Buffer
  private var slots: UnsafeMutableRawPointer
  private var validity: Buffer?
  private var arena = Arena()
  private var borrowed: [Buffer] = []

  public init(_ type: DataType, capacity: Int = 1024) {
    self.type = type
    layout = type.layout
    // list and map slots are their end offsets; rows have none
    width = layout == .list || layout == .map ? 4 : layout.width
    self.capacity = max(capacity, 8)
    values = Buffer(byteCount: (self.capacity + 1) * width)
    slots = values.base
    children = type.components.map { VectorBuilder($0, capacity: capacity) }
    if layout == .list || layout == .map { slots.storeBytes(of: 0, as: Int32.self) }
  }

  @inline(__always) private func makeRoom() { if count == capacity { grow() } }

  private func grow() {
    let larger = Buffer(byteCount: (capacity * 2 + 1) * width)
    larger.base.copyMemory(from: values.base, byteCount: min(values.byteCount, (count + 1) * width))
    if let old = validity {
      let words = Buffer(byteCount: Bitmap.wordCount(capacity * 2) * 8)
      words.base.copyMemory(from: old.base, byteCount: Bitmap.wordCount(capacity) * 8)
      (words.base + Bitmap.wordCount(capacity) * 8).initializeMemory(
        as: UInt8.self, repeating: 0xFF, count: (Bitmap.wordCount(capacity * 2) - Bitmap.wordCount(capacity)) * 8)
      validity = words
    }
    capacity *= 2
    values = larger
    slots = larger.base
  }

  /// A slot of the layout's Swift type: Bool, Int8 … Int128, Float, Double. Not for text: that is copied by the overloads below.
  @inline(__always)
  public func append<T: Storable>(_ value: T) {
    makeRoom()
    slots.assumingMemoryBound(to: T.self)[count] = value
    count += 1
  }

  /// A text or binary value, copied unless it fits inline.
  public func append(_ bytes: UnsafeRawBufferPointer) {
    makeRoom()
    slots.assumingMemoryBound(to: Bytes.self)[count] = arena.store(bytes)
    count += 1
  }

  public func append(_ text: String) {
    var copy = text
    copy.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// A view whose memory `retain(_:)` keeps alive: not copied.
  public func append(view: Bytes) {
    makeRoom()
    slots.assumingMemoryBound(to: Bytes.self)[count] = view
    count += 1
  }

  /// Keeps a buffer alive that appended views point into.
  public func retain(_ buffer: Buffer) { borrowed.append(buffer) }

  public func appendNull() {
    makeRoom()
    if validity == nil {
      let words = Buffer(byteCount: Bitmap.wordCount(capacity) * 8)
      words.base.initializeMemory(as: UInt8.self, repeating: 0xFF, count: Bitmap.wordCount(capacity) * 8)
      validity = words
    }
    validity?.pointer(as: UInt64.self).clearBit(count)
    switch layout {
    case .list, .map:
      let ends = slots.assumingMemoryBound(to: Int32.self)
      ends[count + 1] = ends[count]
    case .row: for child in children { child.appendNull() }
    case .bool, .int8, .int16, .int32, .int64, .int128, .float, .double, .bytes:
      (slots + count * width).initializeMemory(as: UInt8.self, repeating: 0, count: width)
    }
    count += 1
  }

  /// Ends an array or map whose elements were appended to `children` since the last one.
  public func closeList() {
    makeRoom()
    slots.assumingMemoryBound(to: Int32.self)[count + 1] = Int32(truncatingIfNeeded: children[0].count)
    count += 1
  }

  /// Ends a row whose fields were appended to `children`.
  public func closeRow() {
    makeRoom()
    count += 1
  }

  /// A value of any kind: for edges, not for loops. A case that does not fit the layout is a null.
  public func append(_ value: Constant) {
    switch (value, layout) {
    case (.boolean(let x), .bool): append(x)
    case (.integer(let x), .int8): append(Int8(truncatingIfNeeded: x))
    case (.integer(let x), .int16): append(Int16(truncatingIfNeeded: x))
    case (.integer(let x), .int32): append(Int32(truncatingIfNeeded: x))
    case (.integer(let x), .int64): append(x)
    case (.integer(let x), .int128): append(Int128(x))
    case (.wide(let x), .int128): append(x)
    case (.wide(let x), .int64): append(Int64(truncatingIfNeeded: x))
    case (.real(let x), .float): append(x)
    case (.double(let x), .double): append(x)
    case (.bytes(let x), .bytes): x.withUnsafeBytes { append($0) }
    case (.sequence(let elements), .list):
      for element in elements { children[0].append(element) }
      closeList()
    case (.sequence(let entries), .map):
      for case .sequence(let pair) in entries where pair.count == 2 {
        children[0].append(pair[0])
        children[1].append(pair[1])
      }
      closeList()
    case (.sequence(let fields), .row) where fields.count == children.count:
      for (child, field) in zip(children, fields) { child.append(field) }
      closeRow()
    default: appendNull()
    }
  }

  /// Row `row` of another vector of the same type.
  public func append(_ vector: Vector, row: Int) {
    if vector.isNull(at: row) { return appendNull() }
    switch vector.encoding {
    case .constant(let value): append(value, row: 0)
    case .dictionary(let indices, let values): append(values, row: Int(indices.pointer(as: UInt32.self)[row]))
    case .list(let offsets, let elements, _):
      for i in Vector.range(offsets, row) { children[0].append(elements, row: i) }
      closeList()
    case .map(let offsets, let keys, let values, _):
      for i in Vector.range(offsets, row) {
        children[0].append(keys, row: i)
        children[1].append(values, row: i)
      }
      closeList()
    case .row(let fields, _):
      for (child, field) in zip(children, fields) { child.append(field, row: row) }
      closeRow()
    case .flat(let from, _, _):
      if layout == .bytes {
        from.pointer(as: Bytes.self)[row].withBytes { append($0) }
      } else {
        makeRoom()
        (slots + count * width).copyMemory(from: from.base + row * width, byteCount: width)
        count += 1
      }
    }
  }

  /// The vector built so far; the builder starts again empty.
  public func finish() -> Vector {
    let rows = count
    let bits = validity.map { Bitmap(words: $0, count: rows) }
    let built: Vector
    switch layout {
    case .list: built = Vector(type, count: rows, .list(offsets: values, elements: children[0].finish(), validity: bits))
    case .map:
      built = Vector(type, count: rows, .map(offsets: values, keys: children[0].finish(), values: children[1].finish(), validity: bits))
    case .row: built = Vector(type, count: rows, .row(fields: children.map { $0.finish() }, validity: bits))
    case .bool, .int8, .int16, .int32, .int64, .int128, .float, .double, .bytes:
      built = Vector(type, count: rows, .flat(values: values, heap: arena.buffers + borrowed, validity: bits))
    }
    values = Buffer(byteCount: (capacity + 1) * width)
    slots = values.base
    if layout == .list || layout == .map { slots.storeBytes(of: 0, as: Int32.self) }
    validity = nil
    arena = Arena()
    borrowed = []
    count = 0
    return built
  }
}
