import MiniPresto
import NIOCore
import Synchronization
import Vectors

/// Rows as segments: Trino's spooled protocol. They are made as the query yields its rows, ahead of the client by a bounded number of bytes; small ones
/// travel inside the page, large ones wait in the spool for the client to fetch them, several at once if it likes.
///
///     batches ─▶ SegmentCutter ─▶ compression ─▶ spool ─▶ names in the page
extension Statement {
  /// Segments in a page at most.
  private static let segmentsInPage = 16

  /// Makes segments of everything the query yields, and of `end` after it; `look` sees each batch.
  func spool(_ result: QueryResult, _ end: Batch?, _ encoding: DataEncoding, _ spool: SegmentSpool, _ look: (Batch) -> Void) async throws {
    var cutter = SegmentCutter(spool.configuration, isParametric: request.isParametric)
    // the segment that is compressed and written while the next one is made
    var finishing: Task<Void, Never>?
    func finish(_ piece: SegmentCutter.Piece) async {
      await finishing?.value
      cutter.isModest = state.withLock { $0.budget.isSpent }
      finishing = Task { [self] in
        // the piece, and what it is compressed into
        let held = 2 * piece.body.readableBytes
        let budget = state.withLock { $0.budget }
        budget.add(held)
        await keep(piece, encoding, spool)
        budget.add(-held)
      }
    }
    func write(_ batch: Batch) async {
      var row = 0
      while row < batch.count {
        row = cutter.write(batch, from: row)
        if cutter.isFull || isImpatient, let piece = cutter.cut() { await finish(piece) }
      }
    }
    for try await batch in result {
      look(batch)
      await write(batch)
    }
    if let end { await write(end) }
    if let piece = cutter.cut() { await finish(piece) }
    await finishing?.value
  }

  /// The client waits and there is nothing for it: what there is should go, be it little.
  private var isImpatient: Bool { state.withLock { $0.segments.isEmpty && $0.isPolled } }

  private func keep(_ piece: SegmentCutter.Piece, _ encoding: DataEncoding, _ spool: SegmentSpool) async {
    let compressed = encoding.compress(piece.body)
    let body = compressed ?? piece.body
    while !Task.isCancelled {
      let seen = room.count
      let isOver = state.withLock { $0.outcome.error != nil }
      if isOver { return }
      if state.withLock({
        $0.segments.isEmpty || ($0.segmentBytes < spool.configuration.bytesAhead && $0.bufferedBytes < limits.bufferedBytes)
      }) {
        break
      }
      await room.wait(past: seen, until: nil)
    }
    let place: Segment.Place
    if body.readableBytes > spool.configuration.inlineBytes, let name = await spool.keep(body, for: id) {
      place = .spooled(name)
    } else {
      // compression leaves room at the end that nobody needs
      place = .inline(ByteBuffer(bytes: body.readableBytesView))
    }
    let segment = Segment(
      place: place, rowOffset: piece.rowOffset, rowCount: piece.rowCount, byteCount: body.readableBytes,
      uncompressedByteCount: compressed == nil ? nil : piece.body.readableBytes)
    let isTaken = state.withLock { state -> Bool in
      if state.outcome.error != nil { return false }
      state.segments.append(segment)
      state.segmentBytes += segment.byteCount
      state.bufferedBytes += segment.heldBytes
      if state.rowsArrived == nil { state.rowsArrived = .now }
      return true
    }
    if isTaken { news.ring() } else { await spool.drop(of: id) }
  }

  /// The waiting segments, as the page's `data`.
  func writeSegments(_ encoding: DataEncoding, _ links: StatementLinks, _ json: inout JSONWriter) {
    let segments = state.withLock { state -> [Segment] in
      var count = 0, inlined = 0
      while count < min(state.segments.count, Statement.segmentsInPage) && inlined < limits.pageBytes {
        if case .inline(let body) = state.segments[count].place { inlined += body.readableBytes }
        count += 1
      }
      let taken = Array(state.segments[..<count])
      state.segments.removeFirst(count)
      for segment in taken {
        state.segmentBytes -= segment.byteCount
        state.bufferedBytes -= segment.heldBytes
      }
      if state.segments.isEmpty { state.rowsArrived = nil }
      return taken
    }
    if segments.isEmpty { return }
    room.ring()
    json.object("data") { json in
      json.field("encoding", encoding.rawValue)
      json.object("metadata") { _ in }
      json.array("segments") { json in for segment in segments { Statement.write(segment, links, &json) } }
    }
  }

  private static func write(_ segment: Segment, _ links: StatementLinks, _ json: inout JSONWriter) {
    json.object { json in
      switch segment.place {
      case .spooled(let name):
        json.field("type", "spooled")
        json.field("uri", "\(links.base)/v1/spooled/download/\(name)")
        json.field("ackUri", "\(links.base)/v1/spooled/ack/\(name)")
        json.object("headers") { _ in }
      case .inline(let body):
        json.field("type", "inline")
        json.key("data")
        json.raw { out in body.withUnsafeReadableBytes { out.writeBase64($0) } }
      }
      json.object("metadata") { json in
        json.field("rowOffset", segment.rowOffset)
        json.field("rowsCount", segment.rowCount)
        json.field("segmentSize", segment.byteCount)
        if let size = segment.uncompressedByteCount { json.field("uncompressedSize", size) }
      }
    }
  }
}
