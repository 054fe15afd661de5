import Values
import Vectors

/// Columns without nesting: an entry is a row, and a definition level is a validity bit.
extension LeafReader {
  /// The next `count` rows.
  func read(_ count: Int) throws -> Vector {
    try passSkipped()
    if let whole = try borrowed(count) { return whole }
    let isOptional = leaf.maximumDefinition > 0
    var sink = ValueSink(capacity: count, width: leaf.conversion.width)
    var validity: Buffer?
    var nulls = 0
    var filled = 0
    while filled < count {
      if entriesLeft == 0 { try loadNextPage() }
      let rows = min(count - filled, entriesLeft)
      var valid = rows
      if isOptional {
        if try check({ () throws(Malformed) in try definition.takeOnes(rows) }) {
          validity?.pointer(as: UInt64.self).fillBits(filled, rows, with: true)
        } else {
          let words = validity ?? Buffer(zeroed: Bitmap.wordCount(count) * 8)
          if validity == nil { words.pointer(as: UInt64.self).fillBits(0, filled, with: true) }
          validity = words
          valid = try check { () throws(Malformed) in
            try definition.readBits(into: words.pointer(as: UInt64.self), at: filled, count: rows)
          }
        }
      }
      nulls += rows - valid
      try take(valid, of: rows, validity?.pointer(as: UInt64.self), at: filled, into: &sink)
      filled += rows
      entriesLeft -= rows
    }
    if nulls == count { return .nulls(leaf.type, count: count) }
    let bits = nulls == 0 ? nil : validity.map { Bitmap(words: $0, count: count) }
    return finish(sink, count, bits)
  }

  /// The chosen ones of the next `count` rows: `rows` ascends below `count`.
  func read(_ count: Int, rows: UnsafePointer<UInt32>, _ chosen: Int) throws -> Vector {
    let first = Int(rows[0]), last = Int(rows[chosen - 1])
    skip(first)
    let dense = try read(last + 1 - first)
    skip(count - last - 1)
    if first == 0 { return dense.gathered(rows, count: chosen) }
    let shifted = context.indices.reserve(chosen * 4).assumingMemoryBound(to: UInt32.self)
    let offset = rows[0]
    for i in 0..<chosen { shifted[i] = rows[i] &- offset }
    return dense.gathered(UnsafePointer(shifted), count: chosen)
  }

  /// Passes rows; nothing happens until somebody reads on.
  func skip(_ count: Int) { pendingSkip += count }

  /// A slice of the page itself, where it is one.
  private func borrowed(_ count: Int) throws -> Vector? {
    if entriesLeft == 0 { try loadNextPage() }
    let width = leaf.conversion.width
    guard mode == .slots, entriesLeft >= count, slotCount - slotPosition >= count else { return nil }
    let start = slotBase + slotPosition * width
    guard UInt(bitPattern: start) & UInt(width - 1) == 0 else { return nil }
    if leaf.maximumDefinition > 0 {
      guard try check({ () throws(Malformed) in try definition.takeOnes(count) }) else { return nil }
    }
    slotPosition += count
    entriesLeft -= count
    let slice = Buffer(borrowing: start, byteCount: count * width, owner: slotOwner)
    return .flat(leaf.type, count: count, values: slice, heap: pageHeap)
  }

  private func passSkipped() throws {
    guard pendingSkip > 0 else { return }
    while pendingSkip > 0 {
      if entriesLeft > 0 {
        let rows = min(pendingSkip, entriesLeft)
        if rows < entriesLeft {
          let valid = leaf.maximumDefinition > 0 ? try check { () throws(Malformed) in try definition.skipBits(rows) } : rows
          try skipValues(valid)
        }
        entriesLeft -= rows
        pendingSkip -= rows
        continue
      }
      if let places = try pagePlaces() {
        // rows are entries: the page that holds the first row wanted
        let target = entriesSeen + pendingSkip
        var low = 0, high = places.count
        while low + 1 < high {
          let middle = (low + high) / 2
          if places[middle].firstRow <= target { low = middle } else { high = middle }
        }
        if places[low].firstRow > entriesSeen {
          pendingSkip = target - places[low].firstRow
          entriesSeen = places[low].firstRow
          try pages.jump(to: places[low].offset)
        }
      }
      guard let page = try nextDataPage() else { throw pages.malformed(Malformed("the column has fewer values than its \(rowCount) rows")) }
      if page.header.valueCount <= pendingSkip {
        entriesSeen += page.header.valueCount
        pendingSkip -= page.header.valueCount
      } else {
        try load(page)
      }
    }
  }
}
