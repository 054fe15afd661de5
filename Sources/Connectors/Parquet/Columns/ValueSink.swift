import Values
import Vectors

/// Slots of a dictionary. Of many eight-byte values that lie within 2^32 of each other only half is held: keys and prices are such, caches hold twice as
/// many of them, and they are widened where rows are gathered.
struct DictionarySlots: Sendable {
  let buffer: Buffer
  /// What is added to each of `buffer`'s 32-bit numbers; nil: the slots are as wide as the column's.
  let base: Int64?

  /// Fewer values are worth indexing, as vectors of their own type.
  static let leastNarrow = 4097

  init(_ buffer: Buffer) {
    self.buffer = buffer
    base = nil
  }

  /// nil: they are few, or too far apart.
  init?(narrowing values: UnsafePointer<UInt8>, count: Int) {
    if count < Self.leastNarrow { return nil }
    let raw = UnsafeRawPointer(values)
    var least = Int64.max, largest = Int64.min
    for i in 0..<count {
      let value = raw.loadUnaligned(fromByteOffset: i &* 8, as: Int64.self)
      least = min(least, value)
      largest = max(largest, value)
    }
    if UInt64(bitPattern: largest &- least) > UInt64(UInt32.max) { return nil }
    // rows that are null may stand for the slot behind the last
    buffer = Buffer(byteCount: (count + 1) * 4)
    base = least
    let out = buffer.pointer(as: UInt32.self)
    for i in 0..<count { out[i] = UInt32(truncatingIfNeeded: raw.loadUnaligned(fromByteOffset: i &* 8, as: Int64.self) &- least) }
    out[count] = 0
  }

  /// The slots of these rows, `width` bytes each.
  func gather(_ rows: UnsafePointer<UInt32>, _ width: Int, _ count: Int, into out: UnsafeMutableRawPointer) {
    guard let base else { return Parquet.gather(buffer.base, rows, width, count, into: out) }
    let from = buffer.pointer(as: UInt32.self), to = out.assumingMemoryBound(to: Int64.self)
    for i in 0..<count { to[i] = base &+ Int64(from[Int(rows[i])]) }
  }
}

/// The values of a chunk's dictionary as a vector, with and without a null entry behind them.
///
/// Both share one buffer of `count + 1` slots, the last of them zero: indices of null rows point there. A reader that has met a null once stays
/// with the nullable form, so that consumers who remember what they found out about a dictionary see few of them. Narrow slots are no vector.
final class ChunkDictionary {
  let count: Int
  let slots: DictionarySlots
  let plain: Vector?
  let type: DataType
  private let heap: [Buffer]
  private var nullable: Vector?

  init(_ type: DataType, count: Int, slots: DictionarySlots, heap: [Buffer]) {
    self.type = type
    self.count = count
    self.slots = slots
    self.heap = heap
    plain = count == 0 || slots.base != nil ? nil : .flat(type, count: count, values: slots.buffer, heap: heap)
  }

  var heapBuffers: [Buffer] { heap }

  /// The vector to index into.
  func vector(hasNulls: Bool) -> Vector {
    if let nullable { return nullable }
    if !hasNulls, let plain { return plain }
    let validity = Bitmap(repeating: true, count: count + 1)
    validity.pointer.clearBit(count)
    let made = Vector.flat(type, count: count + 1, values: slots.buffer, heap: heap, validity: validity)
    nullable = made
    return made
  }
}

/// Where the values of one batch gather: dictionary indices as long as all pages are dictionary-encoded, slots from then on.
struct ValueSink {
  private(set) var indices: Buffer?
  private(set) var slots: Buffer?
  private(set) var capacity: Int
  private(set) var heap: [Buffer] = []
  let width: Int

  init(capacity: Int, width: Int) {
    self.capacity = capacity
    self.width = width
  }

  /// Room for `count` values in all, keeping the first `filled`.
  mutating func grow(to count: Int, filled: Int) {
    guard count > capacity else { return }
    capacity = max(count, capacity * 2)
    if let old = indices {
      let larger = Buffer(byteCount: (capacity + 8) * 4)
      larger.base.copyMemory(from: old.base, byteCount: filled * 4)
      indices = larger
    }
    if let old = slots {
      let larger = Buffer(byteCount: (capacity + 1) * width)
      larger.base.copyMemory(from: old.base, byteCount: filled * width)
      slots = larger
    }
  }

  mutating func keep(_ buffers: [Buffer]) {
    for buffer in buffers where !heap.contains(where: { $0 === buffer }) { heap.append(buffer) }
  }

  /// Index mode, or nil once there are slots.
  mutating func indexTarget() -> UnsafeMutablePointer<UInt32>? {
    if slots != nil { return nil }
    let buffer = indices ?? Buffer(byteCount: (capacity + 8) * 4)
    indices = buffer
    return buffer.pointer(as: UInt32.self)
  }

  /// Slot mode from now on; the `filled` values gathered as indices become slots.
  mutating func slotTarget(filled: Int, _ dictionary: ChunkDictionary?) -> UnsafeMutableRawPointer {
    if let slots { return slots.base }
    let buffer = Buffer(byteCount: (capacity + 1) * width)
    if let indices, let dictionary, filled > 0 {
      dictionary.slots.gather(UnsafePointer(indices.pointer(as: UInt32.self)), width, filled, into: buffer.base)
      keep(dictionary.heapBuffers)
    }
    indices = nil
    slots = buffer
    return buffer.base
  }
}

/// `out[i] = source[rows[i]]`, slots of `width` bytes.
func gather(_ source: UnsafeMutableRawPointer, _ rows: UnsafePointer<UInt32>, _ width: Int, _ count: Int, into out: UnsafeMutableRawPointer)
{
  @inline(__always)
  func loop<Slot: BitwiseCopyable>(_: Slot.Type) {
    let from = source.assumingMemoryBound(to: Slot.self), to = out.assumingMemoryBound(to: Slot.self)
    for i in 0..<count { to[i] = from[Int(rows[i])] }
  }
  switch width {
  case 1: loop(UInt8.self)
  case 2: loop(UInt16.self)
  case 4: loop(UInt32.self)
  case 8: loop(UInt64.self)
  default: loop(Bytes.self)
  }
}

/// Moves packed slots to the rows whose bit is set; rows without hold anything, but empty views where slots are views.
func spreadSlots(
  _ source: UnsafeRawPointer, _ width: Int, isText: Bool, into out: UnsafeMutableRawPointer, _ words: UnsafePointer<UInt64>, at start: Int,
  count: Int
) {
  @inline(__always)
  func loop<Slot: BitwiseCopyable>(_: Slot.Type) {
    spread(source.assumingMemoryBound(to: Slot.self), into: out.assumingMemoryBound(to: Slot.self), words, at: start, count: count)
  }
  switch width {
  case 1: loop(UInt8.self)
  case 2: loop(UInt16.self)
  case 4: loop(UInt32.self)
  case 8: loop(UInt64.self)
  default:
    if !isText { return loop(Bytes.self) }
    let from = source.assumingMemoryBound(to: Bytes.self), to = out.assumingMemoryBound(to: Bytes.self)
    var next = 0
    for row in 0..<count {
      let bit = (words[(start + row) >> 6] >> UInt64((start + row) & 63)) & 1
      let keep = 0 &- bit
      let view = from[next]
      to[row] = Bytes(head: view.head & keep, tail: view.tail & keep)
      next &+= Int(truncatingIfNeeded: bit)
    }
  }
}

/// Indices of the valid rows as they come, `null` for the others.
func spreadIndices(
  _ source: UnsafePointer<UInt32>, null: UInt32, into out: UnsafeMutablePointer<UInt32>, _ words: UnsafePointer<UInt64>, at start: Int,
  count: Int
) {
  var next = 0
  for row in 0..<count {
    let bit = UInt32(truncatingIfNeeded: words[(start + row) >> 6] >> UInt64((start + row) & 63)) & 1
    let keep = 0 &- bit
    out[row] = (source[next] & keep) | (null & ~keep)
    next &+= Int(bit)
  }
}

/// The largest of the values, 0 of none.
func maximum(_ values: UnsafePointer<UInt32>, _ count: Int) -> UInt32 {
  var result: UInt32 = 0
  for i in 0..<count { result = max(result, values[i]) }
  return result
}
