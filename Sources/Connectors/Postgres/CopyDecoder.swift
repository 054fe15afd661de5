import RemoteSQL
import Values
import Vectors

/// Decodes the stream of `COPY … TO STDOUT (FORMAT binary)` straight into vectors.
///
///     "PGCOPY\n\377\r\n\0" | flags 4 | extension length 4 | extension     once
///     field count 2 | (length 4, or -1 for null | bytes) per field       per row
///     -1 (2 bytes)                                                       at the end
///
/// A message holds whole rows. Every length is checked against the message, so a server that lies causes an error and nothing else.
final class CopyDecoder {
  private let sinks: UnsafeMutablePointer<ColumnSink>
  private let sinkCount: Int
  /// Fields a row has on the wire: one even where no column is wanted.
  private let fieldCount: Int
  private var isStarted = false
  private(set) var rowCount = 0
  /// Batches stay below this many bytes of text, so that wide rows do not pile up.
  private static let heapLimit = 16 << 20
  private var heapBytes = 0

  private static let signature: [UInt8] = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]

  init(_ columns: [RemoteColumn], checksText: Bool) throws {
    let made = try columns.map { try ColumnSink($0, checksText: checksText) }
    sinks = .allocate(capacity: max(made.count, 1))
    sinkCount = made.count
    fieldCount = max(made.count, 1)
    for (i, sink) in made.enumerated() { (sinks + i).initialize(to: sink) }
  }

  deinit {
    sinks.deinitialize(count: sinkCount)
    sinks.deallocate()
  }

  var isFull: Bool { rowCount == ColumnSink.capacity || heapBytes >= CopyDecoder.heapLimit }

  /// One message; the caller takes the batch whenever `isFull`. Messages hold one row each in practice; should one hold more than the batch
  /// has room for, `overflow` is called to take a batch in between.
  func decode(_ message: UnsafeRawBufferPointer, overflow: (Batch) -> Void) throws {
    guard var p = message.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    let end = p + message.count
    if !isStarted {
      guard message.count >= 19, (0..<11).allSatisfy({ message[$0] == CopyDecoder.signature[$0] }) else { throw broken() }
      let extra = Int(Wire.int32(p + 15))
      guard extra >= 0, end - p >= 19 + extra else { throw broken() }
      p += 19 + extra
      isStarted = true
    }
    while end - p >= 2 {
      let fields = Int(Wire.int16(p))
      p += 2
      if fields == -1 { return }
      guard fields == fieldCount else { throw broken() }
      if isFull { overflow(finish()) }
      try row(&p, end)
    }
  }

  @inline(__always)
  private func row(_ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) throws {
    let row = rowCount
    var q = p
    for i in 0..<fieldCount {
      guard end - q >= 4 else { throw broken() }
      let length = Int(Wire.int32(q))
      q += 4
      if length < 0 {
        if i < sinkCount { sinks[i].appendNull(at: row) }
        continue
      }
      guard end - q >= length else { throw broken() }
      if i < sinkCount { try sinks[i].append(q, length, at: row) }
      if length > Bytes.inlineCapacity { heapBytes &+= length }
      q += length
    }
    p = q
    rowCount = row &+ 1
  }

  /// The rows so far.
  func finish() -> Batch {
    let rows = rowCount
    let vectors = (0..<sinkCount).map { sinks[$0].finish(rows: rows) }
    rowCount = 0
    heapBytes = 0
    return Batch(vectors, count: rows)
  }

  private func broken() -> PrestoError { PrestoError(.jdbcError, "PostgreSQL sent a COPY stream that cannot be understood") }
}
