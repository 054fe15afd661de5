import CVectors
import Federation
import Glibc
import RemoteSQL
import Values
import Vectors

/// Yields the rows of some leaf pages.
///
/// Neighbouring pages are read in one go (a run); texts are views into the run, which lives as long as the batch does. Where the other side of a
/// join has told its keys, the key columns are decoded first and the others only for rows that may match.
final class PageSource: BatchSource {
  private let scan: DirectScan
  private var leaves: ArraySlice<UInt32>
  private let columns: [RemoteColumn]
  private let filter: DynamicFilter<RemoteColumn>
  private let metrics: ScanMetrics
  private let pageSize: Int
  private let whole: RecordDecoder
  private let holdsViews: Bool
  private var narrowed: Narrowed?
  private var isNarrowing: Bool

  // the run in memory
  private var run: Buffer?
  private var runFirst: UInt32 = 0
  private var runLeft: ArraySlice<UInt32> = []
  private var cell = 0

  /// Not yet told to `metrics`, which all readers share: a word that another processor writes costs more than a page's rows.
  private var bytesRead = 0
  private let cells: UnsafeMutablePointer<RecordDecoder.Cell>
  private var count = 0
  /// What the cells of this batch, and the views into them, lie in.
  private var heap: [Buffer] = []
  private let overflowPage: Buffer
  /// Overflow pages that may still be read: each belongs to one row, so there are no more of them than pages in the file. More are chains that
  /// meet or go in circles.
  private var overflowLeft: Int

  private static let capacity = Batch.habitualCount
  private static let runBytes = 1 << 18

  init(_ scan: DirectScan, _ leaves: [UInt32], columns: [RemoteColumn], filter: DynamicFilter<RemoteColumn>, _ metrics: ScanMetrics) throws
  {
    self.scan = scan
    self.leaves = leaves[...]
    self.columns = columns
    self.filter = filter
    self.metrics = metrics
    // each field of a record goes to one place
    guard Set(columns.map(\.name)).count == columns.count else {
      throw PrestoError(.genericInternalError, "A scan of SQLite table '\(scan.table.name)' asks for a column twice")
    }
    pageSize = scan.geometry.size
    overflowPage = Buffer(byteCount: scan.geometry.size)
    overflowLeft = scan.geometry.count
    let targets = try columns.map { try scan.target($0, capacity: PageSource.capacity) }
    whole = RecordDecoder(targets, policy: scan.policy, table: scan.table.name, path: scan.snapshot.connection.path)
    holdsViews = targets.contains { $0.sink.slot.kind == .text || $0.sink.slot.kind == .binary }
    isNarrowing = !filter.isEmpty
    cells = .allocate(capacity: PageSource.capacity)
  }

  deinit { cells.deallocate() }

  func next() async throws -> Batch? {
    while true {
      if isNarrowing { try prepareNarrowing() }
      if columns.isEmpty && narrowed == nil {
        let rows = try countRows()
        return rows == 0 ? nil : Batch([], count: rows)
      }
      try fill()
      metrics.add(rows: count, bytes: bytesRead)
      bytesRead = 0
      if count == 0 { return nil }
      let batch: Batch?
      if let narrowed {
        batch = try narrow(narrowed)
      } else {
        batch = Batch(whole.targets.map { $0.sink.finish(count, heap: heap) }, count: count)
      }
      count = 0
      heap = holdsRunStill ? run.map { [$0] } ?? [] : []
      if let batch { return batch }
    }
  }

  /// The run under way goes on into the next batch.
  private var holdsRunStill: Bool { !runLeft.isEmpty }

  // Pages to cells

  /// Collects cells until a batch is full or the leaves are read; without a filter it decodes them page by page, while they are in the cache.
  private func fill() throws {
    while count < PageSource.capacity {
      if runLeft.isEmpty, try !readRun() { return }
      guard let page = runLeft.first, let run else { return }
      let base = UnsafePointer(run.pointer(as: UInt8.self) + Int(page - runFirst) * pageSize)
      let first = count
      let isDone = try collect(base, page)
      if narrowed == nil && count > first { try whole.decode(cells + first, count: count - first, first: first) }
      if isDone {
        runLeft = runLeft.dropFirst()
        cell = 0
      }
    }
  }

  /// false: no more leaves.
  private func readRun() throws -> Bool {
    guard let first = leaves.first else { return false }
    let limit = first + UInt32(max(1, PageSource.runBytes / pageSize))
    var end = leaves.startIndex + 1, last = first
    while end < leaves.endIndex, leaves[end] > last, leaves[end] < limit {
      last = leaves[end]
      end += 1
    }
    let pages = Int(last - first) + 1
    if run == nil || holdsViews || (count > 0 && narrowed != nil) || (run?.byteCount ?? 0) < pages * pageSize {
      run = Buffer(byteCount: pages * pageSize)
    }
    guard let run else { return false }
    try scan.snapshot.read(first, count: pages, into: run.base)
    bytesRead += pages * pageSize
    heap.append(run)
    runFirst = first
    runLeft = leaves[leaves.startIndex..<end]
    leaves = leaves[end...]
    cell = 0
    return true
  }

  /// Adds the page's cells from `cell` on. false: the batch is full before the page is done.
  private func collect(_ page: UnsafePointer<UInt8>, _ number: UInt32) throws -> Bool {
    let header = number == 1 ? 100 : 0
    guard page[header] == 0x0D else { throw corrupt(number, "is of kind \(page[header]), not a leaf of a table") }
    let cellCount = page.bigEndian16(header + 3)
    let contentStart = header + 8 + 2 * cellCount
    guard contentStart <= pageSize else { throw corrupt(number, "has too many cells") }
    let end = page + pageSize
    let maxLocal = pageSize - 35
    let last = min(cellCount, cell + PageSource.capacity - count)
    var pointer = page + header + 8 + 2 * cell
    var n = count
    for _ in cell..<last {
      let offset = pointer.bigEndian16(0)
      pointer += 2
      guard offset >= contentStart, offset < pageSize else { throw corrupt(number, "has a cell outside the page") }
      var p = page + offset
      // the next page's cells lie much as these do, and come from the farther cache, where the kernel has copied them
      mp_prefetch(p + pageSize)
      mp_prefetch(p + pageSize + 64)
      let payload = RecordDecoder.varint(&p)
      let row = Int64(RecordDecoder.varint(&p))
      if payload >= 0 && payload <= maxLocal {
        guard payload <= end - p else { throw corrupt(number, "has a cell that runs past its end") }
        cells[n] = RecordDecoder.Cell(start: p, end: p + payload, row: row)
      } else {
        cells[n] = try overflowing(p, payload, row, end, number)
      }
      n &+= 1
    }
    count = n
    cell = last
    return cell == cellCount
  }

  /// A record that goes on in a chain of overflow pages (u32 next page │ bytes), as much of it as the columns need.
  private func overflowing(_ p: UnsafePointer<UInt8>, _ payload: Int, _ row: Int64, _ end: UnsafePointer<UInt8>, _ number: UInt32) throws
    -> RecordDecoder.Cell
  {
    // https://www.sqlite.org/fileformat2.html §1.6: how much stays on the leaf
    guard payload > 0, payload <= min(scan.geometry.count * pageSize, 0x7FFF_FFFF) else {
      throw corrupt(number, "has a record of \(payload) bytes")
    }
    let minLocal = (pageSize - 12) * 32 / 255 - 23
    let fitted = minLocal + (payload - minLocal) % (pageSize - 4)
    let local = fitted <= pageSize - 35 ? fitted : minLocal
    guard local + 4 <= end - p else { throw corrupt(number, "has a cell that runs past its end") }
    let decoders = narrowed.map { [$0.keys, $0.rest] } ?? [whole]
    let needed = decoders.reduce(Optional(0)) { most, decoder in
      most.flatMap { most in decoder.bytesNeeded(p, available: local).map { max(most, $0) } }
    }
    if let needed, needed <= local { return RecordDecoder.Cell(start: p, end: p + local, row: row) }
    let length = min(needed ?? payload, payload)
    // before memory is taken on the word of a corrupt record
    overflowLeft -= max(0, length - local + pageSize - 5) / (pageSize - 4)
    guard overflowLeft >= 0 else { throw corrupt(number, "row \(row): overflow chains are longer than the file") }
    let joined = Buffer(byteCount: length)
    joined.base.copyMemory(from: p, byteCount: min(local, length))
    var done = min(local, length), next = UInt32(truncatingIfNeeded: p.bigEndian32(local))
    while done < length {
      guard next >= 1, Int(next) <= scan.geometry.count else {
        throw corrupt(number, "row \(row): its overflow chain leads to page \(next)")
      }
      try scan.snapshot.read(next, count: 1, into: overflowPage.base)
      let part = min(pageSize - 4, length - done)
      (joined.base + done).copyMemory(from: overflowPage.base + 4, byteCount: part)
      done += part
      next = UInt32(truncatingIfNeeded: UnsafePointer(overflowPage.pointer(as: UInt8.self)).bigEndian32(0))
    }
    heap.append(joined)
    let start = UnsafePointer(joined.pointer(as: UInt8.self))
    return RecordDecoder.Cell(start: start, end: start + length, row: row)
  }

  /// Rows of the next run, when nothing but their number is asked for.
  private func countRows() throws -> Int {
    var rows = 0
    while rows == 0 {
      if runLeft.isEmpty, try !readRun() { break }
      guard let run else { break }
      for page in runLeft {
        let base = UnsafePointer(run.pointer(as: UInt8.self) + Int(page - runFirst) * pageSize)
        let header = page == 1 ? 100 : 0
        guard base[header] == 0x0D else { throw corrupt(page, "is of kind \(base[header]), not a leaf of a table") }
        rows += base.bigEndian16(header + 3)
      }
      runLeft = []
      heap = []
    }
    metrics.add(rows: rows, bytes: bytesRead)
    bytesRead = 0
    return rows
  }

  private func corrupt(_ page: UInt32, _ what: String) -> PrestoError { scan.snapshot.corrupt("page \(page) \(what)") }

  // Keys first

  /// Decoders of the key columns and of all others.
  private struct Narrowed {
    var filters: [(column: RemoteColumn, filter: KeyFilter)]
    var keyColumns: [RemoteColumn]
    var keys: RecordDecoder
    var restColumns: [RemoteColumn]
    var rest: RecordDecoder
    var seen = 0
    var kept = 0
  }

  private func prepareNarrowing() throws {
    let current = filter.current.filter { entry in
      entry.filter.type == entry.column.type && scan.table.columns.contains { $0.name == entry.column.name }
    }
    if current.isEmpty { return }
    if current.count == narrowed?.filters.count {
      narrowed?.filters = current
      return
    }
    var keyColumns: [RemoteColumn] = []
    for entry in current where !keyColumns.contains(entry.column) { keyColumns.append(entry.column) }
    let restColumns = columns.filter { !keyColumns.contains($0) }
    func decoder(_ columns: [RemoteColumn]) throws -> RecordDecoder {
      RecordDecoder(
        try columns.map { try scan.target($0, capacity: PageSource.capacity) }, policy: scan.policy, table: scan.table.name,
        path: scan.snapshot.connection.path)
    }
    narrowed = Narrowed(
      filters: current, keyColumns: keyColumns, keys: try decoder(keyColumns), restColumns: restColumns, rest: try decoder(restColumns))
  }

  /// nil: no row of the batch can match.
  private func narrow(_ narrowed: Narrowed) throws -> Batch? {
    let total = count
    try narrowed.keys.decode(cells, count: total, first: 0)
    var keys = narrowed.keys.targets.map { $0.sink.finish(total, heap: heap) }
    for entry in narrowed.filters {
      guard let place = narrowed.keyColumns.firstIndex(of: entry.column), let alive = entry.filter.select(keys[place]) else { continue }
      if alive.isAll(of: count) { continue }
      keys = keys.map { $0.gathered(alive) }
      let rows = alive.pointer
      // ascending, so a cell is never overwritten before it is moved
      for i in 0..<alive.count { cells[i] = cells[Int(rows[i])] }
      count = alive.count
      if count == 0 { break }
    }
    self.narrowed?.seen += total
    self.narrowed?.kept += count
    if let now = self.narrowed, now.seen >= 32_768, now.kept * 10 > now.seen * 7 {
      // too few rows fall away to pay for decoding twice
      self.narrowed = nil
      isNarrowing = false
    }
    if count == 0 { return nil }
    try narrowed.rest.decode(cells, count: count, first: 0)
    let rest = narrowed.rest.targets.map { $0.sink.finish(count, heap: heap) }
    let vectors = columns.map { column in
      narrowed.keyColumns.firstIndex(of: column).map { keys[$0] } ?? rest[narrowed.restColumns.firstIndex(of: column) ?? 0]
    }
    return Batch(vectors, count: count)
  }
}
