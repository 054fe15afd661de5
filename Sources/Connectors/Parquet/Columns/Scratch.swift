import Vectors

/// Memory that a reader uses again and again; grows, never shrinks. What lies in it is gone after the next `reserve`.
final class Scratch {
  private var buffer = Buffer(byteCount: 0)

  /// At least `byteCount` bytes, and 64 more that may be read.
  func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount > buffer.byteCount { buffer = Buffer(byteCount: max(byteCount + byteCount / 4, 4096)) }
    return buffer.base
  }

  var base: UnsafeMutableRawPointer { buffer.base }
}
