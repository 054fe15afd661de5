// Vectors: columns in memory and the loops over them.
//
// In come raw values from connectors and constants from plans; out go `Vector`s and `Batch`es, immutable once built, and `BatchSource`s that
// yield them. A vector is a class around a few pointers: passing one costs one reference count, so batches are handed around freely and
// nothing is ever copied row by row unless an operator must. Unsafe memory lives here on purpose: readers are trivial structs that kernels
// hold as values, and every buffer is 64-byte aligned and padded so that loads need no tail code.
//
//     Batch ── columns ─▶ Vector ── encoding ─▶ flat        values | heap… | validity
//                                               dictionary  indices ─▶ flat or nested
//                                               constant    one row, repeated
//                                               list / map / row    offsets + children
import CVectors
import Glibc

/// Aligned bytes, frozen once shared, freed with the last reference. `MP_PADDING` bytes past the end may be read.
public final class Buffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let owner: AnyObject?

  /// Uninitialised memory. The caller has bounded `byteCount` (memory pool, file size); an allocation the system refuses ends the process,
  /// as every Swift allocation does.
  public init(byteCount: Int) {
    guard let memory = mp_allocate(max(byteCount, 0)) else { fatalError("out of memory: \(byteCount) bytes") }
    base = memory
    self.byteCount = byteCount
    owner = nil
  }

  public convenience init(zeroed byteCount: Int) {
    self.init(byteCount: byteCount)
    memset(base, 0, byteCount)
  }

  /// Memory that somebody else owns and keeps alive: a mapped file, a C library's result. It must be readable `MP_PADDING` past its end.
  public init(borrowing base: UnsafeMutableRawPointer, byteCount: Int, owner: AnyObject) {
    self.base = base
    self.byteCount = byteCount
    self.owner = owner
  }

  public convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    if let source = bytes.baseAddress { base.copyMemory(from: source, byteCount: bytes.count) }
  }

  deinit { if owner == nil { mp_free(base, max(byteCount, 0)) } }

  @inlinable public func pointer<T: BitwiseCopyable>(as type: T.Type) -> UnsafeMutablePointer<T> { base.assumingMemoryBound(to: T.self) }
}
