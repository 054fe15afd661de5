import Values
import Vectors

/// Bytes by position: a local file, an object in a bucket. Reads are synchronous; an input over a network prefetches behind this protocol.
/// Safe from any thread.
package protocol ParquetInput: Sendable {
  /// What errors call it: a path or an address.
  var name: String { get }
  /// Bytes in all.
  var size: Int { get }
  /// How many bytes one read should ask for when a column is read through from end to end.
  var preferredReadSize: Int { get }
  /// Exactly these bytes, or an error that names the input. The range lies within `0..<size`.
  func read(_ range: Range<Int>) throws -> Buffer
  /// The same into memory of the caller's, which has room for `range.count` bytes.
  func read(_ range: Range<Int>, into target: UnsafeMutableRawPointer) throws
}

extension ParquetInput {
  package var preferredReadSize: Int { 1 << 20 }

  package func read(_ range: Range<Int>) throws -> Buffer {
    let buffer = Buffer(byteCount: range.count)
    try read(range, into: buffer.base)
    return buffer
  }
}

/// Where a writer's bytes go, in order.
package protocol ParquetOutput: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws
  /// Everything is written: flush and make it durable as far as the target can.
  func close() throws
}
