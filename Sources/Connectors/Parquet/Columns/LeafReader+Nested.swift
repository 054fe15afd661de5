import Values
import Vectors

/// What one leaf contributes to some rows of a nested column: levels of every entry, and the values of those that have one, side by side.
struct LeafEntries {
  var definitions: [UInt8] = []
  var repetitions: [UInt8] = []
  var valueCount = 0
  var sink: ValueSink
}

/// Columns inside lists, maps and rows: entries carry levels, and a row is as many entries as it takes until repetition level 0 comes again.
extension LeafReader {
  private static let levelsAtOnce = 1024

  /// The entries of the next `count` rows.
  func readEntries(rows count: Int) throws -> LeafEntries {
    var result = LeafEntries(sink: ValueSink(capacity: max(count, 16), width: leaf.conversion.width))
    result.definitions.reserveCapacity(count)
    result.repetitions.reserveCapacity(count)
    try walk(rows: count) { range, values in
      result.definitions.append(contentsOf: pendingDefinitions[range])
      result.repetitions.append(contentsOf: pendingRepetitions[range])
      guard result.definitions.count <= 1 << 28 else {
        throw PrestoError(.parquetBadData, "\(pages.input.name): column \(leaf.path): one batch of rows has more than 268 million elements")
      }
      result.sink.grow(to: result.valueCount + values, filled: result.valueCount)
      try take(values, of: values, nil, at: result.valueCount, into: &result.sink)
      result.valueCount += values
    }
    return result
  }

  /// Passes rows.
  func skipEntries(rows count: Int) throws {
    var left = count
    while left > 0 {
      if pendingNext == pendingDefinitions.count && entriesLeft == 0 {
        if try passPages(&left) { continue }
        if left == 0 { break }
      }
      // a page's worth at a time, so that whole pages are met
      let step = min(left, 4096)
      try walk(rows: step) { _, values in try skipValues(values) }
      left -= step
    }
  }

  /// At a page's start: passes whole pages if rows cannot straddle them and their number is known. False if there is nothing to pass.
  private func passPages(_ left: inout Int) throws -> Bool {
    if let places = try pagePlaces() {
      let target = rowsSeen + left
      var low = 0, high = places.count
      while low + 1 < high {
        let middle = (low + high) / 2
        if places[middle].firstRow <= target { low = middle } else { high = middle }
      }
      if places[low].firstRow > rowsSeen {
        left = target - places[low].firstRow
        rowsSeen = places[low].firstRow
        try pages.jump(to: places[low].offset)
        // how many entries were passed is not known, nor needed: with an offset index rows end where pages do
        hasJumped = true
        if leaf.maximumRepetition == 0 { entriesSeen = rowsSeen }
        return left > 0
      }
    }
    guard let page = try nextDataPage() else { throw pages.malformed(Malformed("the column has too few values for its \(rowCount) rows")) }
    let rows = leaf.maximumRepetition == 0 ? page.header.valueCount : page.header.kind == .dataV2 ? page.header.rowCount : Int.max
    if rows <= left {
      entriesSeen += page.header.valueCount
      rowsSeen += rows
      left -= rows
      return true
    }
    try load(page)
    return false
  }

  /// Calls for each segment of the entries of the next `count` rows: where its levels lie in the pending ones, and how many values it has.
  private func walk(rows count: Int, _ body: (Range<Int>, Int) throws -> Void) throws {
    var started = 0
    let maximum = UInt8(truncatingIfNeeded: leaf.maximumDefinition)
    while true {
      if pendingNext == pendingDefinitions.count {
        if entriesLeft == 0, try !loadFollowingPage() {
          guard started == count else { throw pages.malformed(Malformed("the column has too few values for its \(rowCount) rows")) }
          rowsSeen += count
          return
        }
        try decodeLevels()
      }
      var next = pendingNext
      let end = pendingDefinitions.count
      var values = 0
      var isComplete = false
      pendingRepetitions.withUnsafeBufferPointer { repetitions in
        pendingDefinitions.withUnsafeBufferPointer { definitions in
          while next < end {
            if repetitions[next] == 0 {
              if started == count {
                isComplete = true
                break
              }
              started += 1
            }
            values += (definitions[next] == maximum).bit
            next += 1
          }
        }
      }
      if started == 0 && next > pendingNext { throw pages.malformed(Malformed("the column starts in the middle of a row")) }
      if next > pendingNext { try body(pendingNext..<next, values) }
      pendingNext = next
      // an old page may end in the middle of a row: only the next one tells
      let isAtEnd = started == count && next == end && entriesLeft == 0 && (rowsAreWhole || entriesSeen >= chunk.valueCount)
      if isComplete || isAtEnd {
        rowsSeen += count
        return
      }
    }
  }

  /// Rows end where pages end.
  private var rowsAreWhole: Bool { pageIsV2 || leaf.maximumRepetition == 0 || hasJumped }

  /// Loads the next page if there is one.
  private func loadFollowingPage() throws -> Bool {
    guard let page = try nextDataPage() else { return false }
    try load(page)
    return true
  }

  private func decodeLevels() throws {
    let count = min(entriesLeft, LeafReader.levelsAtOnce)
    entriesLeft -= count
    pendingNext = 0
    let raw = context.indices.reserve((count + 16) * 4).assumingMemoryBound(to: UInt32.self)
    try check { () throws(Malformed) in
      pendingRepetitions.removeAll(keepingCapacity: true)
      if leaf.maximumRepetition > 0 {
        try repetition.read(into: raw, count: count)
        guard maximum(raw, count) <= UInt32(leaf.maximumRepetition) else { throw Malformed("a repetition level is too high") }
        for i in 0..<count { pendingRepetitions.append(UInt8(truncatingIfNeeded: raw[i])) }
      } else {
        pendingRepetitions.append(contentsOf: repeatElement(0, count: count))
      }
      pendingDefinitions.removeAll(keepingCapacity: true)
      if leaf.maximumDefinition > 0 {
        try definition.read(into: raw, count: count)
        guard maximum(raw, count) <= UInt32(leaf.maximumDefinition) else { throw Malformed("a definition level is too high") }
        for i in 0..<count { pendingDefinitions.append(UInt8(truncatingIfNeeded: raw[i])) }
      } else {
        pendingDefinitions.append(contentsOf: repeatElement(0, count: count))
      }
    }
  }
}
