/// Where copied text lies: chunks that only grow, kept alive by whoever keeps `buffers`.
public struct Arena {
  public private(set) var buffers: [Buffer] = []
  public private(set) var byteCount = 0
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  public init() {}

  /// A view of a copy of `bytes`; short values are inline and take no room.
  public mutating func store(_ bytes: UnsafeRawBufferPointer) -> Bytes {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return .empty }
    if bytes.count <= Bytes.inlineCapacity { return Bytes(source, count: bytes.count) }
    let room = reserve(bytes.count)
    room.copyMemory(from: source, byteCount: bytes.count)
    return Bytes(room, count: bytes.count)
  }

  @inline(__always)
  public mutating func store(_ view: Bytes) -> Bytes {
    if view.isInline { return view }
    return view.withBytes { store($0) }
  }

  /// `count` bytes to write into.
  public mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
    if count > left || next == nil {
      let size = max(count, min(max(4096, byteCount), 1 << 20))
      let chunk = Buffer(byteCount: size)
      buffers.append(chunk)
      byteCount += size
      next = chunk.base
      left = size
    }
    let room = next ?? buffers[buffers.count - 1].base
    next = room + count
    left -= count
    return room
  }
}
