import NIOCore
import Vectors

/// A piece of a result as the client is told of it.
struct Segment: Sendable {
  enum Place: Sendable {
    /// In the page.
    case inline(ByteBuffer)
    /// In the spool, under this name.
    case spooled(String)
  }

  var place: Place
  var rowOffset: Int
  var rowCount: Int
  /// Bytes as they travel, and before compression if they were compressed.
  var byteCount: Int
  var uncompressedByteCount: Int?

  /// Bytes that it takes of our memory.
  var heldBytes: Int {
    switch place {
    case .inline(let body): body.readableBytes
    case .spooled: 0
    }
  }
}

/// Cuts the batches of one result into JSON arrays of about the size that a segment is to have: the first small, so that it comes soon, each further
/// one twice as large as the one before.
struct SegmentCutter {
  /// Rows as JSON, not compressed yet.
  struct Piece: Sendable {
    var body: ByteBuffer
    var rowOffset: Int
    var rowCount: Int
  }

  private let isParametric: Bool
  private let maximum: Int
  private var target: Int
  private let initial: Int
  /// Memory is short: pieces stay as small as the first.
  var isModest = false { didSet { if isModest { target = min(target, initial) } } }
  private var out = TextWriter(capacity: 1 << 16)
  private var writer: RowWriter
  private var rowOffset = 0
  private var rowCount = 0

  init(_ configuration: SpoolConfiguration, isParametric: Bool) {
    self.isParametric = isParametric
    maximum = configuration.maximumSegmentBytes
    initial = min(configuration.initialSegmentBytes, maximum)
    target = initial
    writer = RowWriter(isParametric: isParametric)
    out.write(0x5B)
  }

  /// Writes the batch's rows from `row` on until a piece is full; where it stopped, which is behind the last row unless one is.
  mutating func write(_ batch: Batch, from row: Int) -> Int {
    let end = writer.write(batch, from: row, upTo: target, &out)
    rowCount += end - row
    return end
  }

  var isFull: Bool { out.count >= target }

  /// What was written since the last piece; nil: nothing.
  mutating func cut() -> Piece? {
    if rowCount == 0 { return nil }
    out.write(0x5D)
    let piece = Piece(body: ByteBuffer(bytes: UnsafeRawBufferPointer(out.written)), rowOffset: rowOffset, rowCount: rowCount)
    if isFull && !isModest { target = min(target * 2, maximum) }
    out = TextWriter(capacity: target + target / 8)
    out.write(0x5B)
    writer = RowWriter(isParametric: isParametric)
    (rowOffset, rowCount) = (rowOffset + rowCount, 0)
    return piece
  }
}
