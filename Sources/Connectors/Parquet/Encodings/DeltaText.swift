import Vectors

/// DELTA_LENGTH_BYTE_ARRAY: all lengths (DELTA_BINARY_PACKED), then all bytes. Writes views into the source. Returns how many.
func decodeDeltaLengths(
  _ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, limit: Int, _ scratch: Scratch, _ reserve: (Int) -> UnsafeMutablePointer<Bytes>
) throws(Malformed) -> Int {
  var lengths = DeltaBinaryPacked(start, end: end)
  let count = try lengths.decode(Int32.self, limit: limit) { scratch.reserve(($0 + 8) * 4).assumingMemoryBound(to: Int32.self) }
  let sizes = scratch.base.assumingMemoryBound(to: Int32.self)
  let out = reserve(count)
  var next = start + lengths.consumed(since: start)
  for i in 0..<count {
    let size = Int(sizes[i])
    guard size >= 0, size <= end - next else { throw Malformed("a text ends beyond its page") }
    out[i] = Bytes(padded: next, count: size)
    next += size
  }
  return count
}

/// DELTA_BYTE_ARRAY: lengths of the prefix shared with the value before (DELTA_BINARY_PACKED), then the suffixes (DELTA_LENGTH_BYTE_ARRAY).
/// Values are put together in memory that `heap` gives. Returns how many.
func decodeDeltaTexts(
  _ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, limit: Int, _ scratch: Scratch, _ suffixes: Scratch,
  heap: (Int) -> UnsafeMutablePointer<UInt8>,
  _ reserve: (Int) -> UnsafeMutablePointer<Bytes>
) throws(Malformed) -> Int {
  var prefixes = DeltaBinaryPacked(start, end: end)
  let count = try prefixes.decode(Int32.self, limit: limit) { scratch.reserve(($0 + 8) * 4).assumingMemoryBound(to: Int32.self) }
  let shared = UnsafePointer(scratch.base.assumingMemoryBound(to: Int32.self))
  var lengths = DeltaBinaryPacked(start + prefixes.consumed(since: start), end: end)
  let second = try lengths.decode(Int32.self, limit: limit) { suffixes.reserve(($0 + 8) * 4).assumingMemoryBound(to: Int32.self) }
  guard second == count else { throw Malformed("\(count) prefixes but \(second) suffixes") }
  let own = UnsafePointer(suffixes.base.assumingMemoryBound(to: Int32.self))
  var next = start + prefixes.consumed(since: start) + lengths.consumed(since: start + prefixes.consumed(since: start))
  var total = 0
  var previous = 0
  var available = end - next
  for i in 0..<count {
    let prefix = Int(shared[i]), suffix = Int(own[i])
    guard prefix >= 0, prefix <= previous, suffix >= 0, suffix <= available else { throw Malformed("a text ends beyond its page") }
    available -= suffix
    previous = prefix + suffix
    total += previous
    guard total <= 1 << 31 else { throw Malformed("the texts of one page take more than 2 GB") }
  }
  let room = heap(total)
  let out = reserve(count)
  var target = room
  var last = UnsafePointer(room)
  for i in 0..<count {
    let prefix = Int(shared[i]), suffix = Int(own[i])
    target.update(from: last, count: prefix)
    (target + prefix).update(from: next, count: suffix)
    out[i] = Bytes(padded: target, count: prefix + suffix)
    last = UnsafePointer(target)
    target += prefix + suffix
    next += suffix
  }
  return count
}

extension Bytes {
  /// A view of `count` bytes at `source`, which is readable 12 bytes past its start whatever the count.
  @inline(__always)
  init(padded source: UnsafePointer<UInt8>, count: Int) {
    let raw = UnsafeRawPointer(source)
    let first = UInt64(raw.loadUnaligned(as: UInt32.self))
    if count > 12 {
      self.init(head: UInt64(UInt32(truncatingIfNeeded: count)) | first << 32, tail: UInt64(UInt(bitPattern: raw)))
    } else {
      let kept = first & (UInt64.max >> UInt64(64 - min(count, 4) * 8))
      let rest = (raw + 4).loadUnaligned(as: UInt64.self) & (UInt64.max >> UInt64(64 - max(count - 4, 0) * 8))
      self.init(head: UInt64(count) | kept << 32, tail: rest)
    }
  }
}
