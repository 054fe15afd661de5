import Values
import Vectors

/// Takes values of the current page in segments.
extension LeafReader {
  func skipValues(_ count: Int) throws {
    switch mode {
    case .indices: try check { () throws(Malformed) in try indices.skip(count) }
    case .slots: slotPosition += count
    case .texts: try check { () throws(Malformed) in try texts.skip(count) }
    }
  }

  /// Moves the next `valid` values into rows `at ..< at + rows` of the sink: side by side if every row is valid, else to the rows whose bit of
  /// `words` is set.
  func take(_ valid: Int, of rows: Int, _ words: UnsafeMutablePointer<UInt64>?, at: Int, into sink: inout ValueSink) throws {
    let width = leaf.conversion.width
    switch mode {
    case .indices:
      guard let dictionary else { throw pages.malformed(Malformed("dictionary indices without a dictionary")) }
      if let out = sink.indexTarget() {
        if valid == rows {
          try readIndices(valid, into: out + at, dictionary)
        } else if let words {
          let packed = context.indices.reserve((valid + 16) * 4).assumingMemoryBound(to: UInt32.self)
          try readIndices(valid, into: packed, dictionary)
          spreadIndices(packed, null: UInt32(truncatingIfNeeded: dictionary.count), into: out + at, words, at: at, count: rows)
        }
      } else {
        let out = sink.slotTarget(filled: at, dictionary) + at * width
        let packed = context.indices.reserve((valid + 16) * 4).assumingMemoryBound(to: UInt32.self)
        try readIndices(valid, into: packed, dictionary)
        sink.keep(dictionary.heapBuffers)
        if valid == rows {
          dictionary.slots.gather(packed, width, valid, into: out)
        } else if let words {
          let values = context.values.reserve((valid + 1) * width)
          dictionary.slots.gather(packed, width, valid, into: values)
          spreadSlots(values, width, isText: leaf.conversion.isText, into: out, words, at: at, count: rows)
        }
      }
    case .slots:
      guard slotCount - slotPosition >= valid else {
        throw pages.malformed(Malformed("the page holds \(slotCount) values, too few for its levels"))
      }
      let out = sink.slotTarget(filled: at, dictionary) + at * width
      let from = slotBase + slotPosition * width
      if valid == rows {
        out.copyMemory(from: from, byteCount: valid * width)
      } else if let words {
        // rows behind the last value read one slot more: where the page may end there, or lies askew, it is copied first
        let values = context.values.reserve((valid + 1) * width)
        values.copyMemory(from: from, byteCount: valid * width)
        spreadSlots(values, width, isText: leaf.conversion.isText, into: out, words, at: at, count: rows)
      }
      slotPosition += valid
      sink.keep(pageHeap)
    case .texts:
      let out = (sink.slotTarget(filled: at, dictionary) + at * width).assumingMemoryBound(to: Bytes.self)
      if valid == rows {
        try check { () throws(Malformed) in try texts.read(into: out, count: valid) }
      } else if let words {
        let values = context.values.reserve((valid + 1) * width).assumingMemoryBound(to: Bytes.self)
        try check { () throws(Malformed) in try texts.read(into: values, count: valid) }
        spreadSlots(values, width, isText: true, into: out, words, at: at, count: rows)
      }
      sink.keep(pageHeap)
    }
  }

  /// Every index is below the dictionary's count, or the page is broken.
  private func readIndices(_ count: Int, into out: UnsafeMutablePointer<UInt32>, _ dictionary: ChunkDictionary) throws {
    if count == 0 { return }
    try check { () throws(Malformed) in
      try indices.read(into: out, count: count)
      if indexWidth >= 32 || 1 << indexWidth > dictionary.count {
        let highest = maximum(out, count)
        guard Int(highest) < dictionary.count else { throw Malformed("index \(highest) into a dictionary of \(dictionary.count)") }
      }
    }
  }

  /// The vector of `count` rows that a sink has gathered; not all rows are null.
  func finish(_ sink: ValueSink, _ count: Int, _ validity: Bitmap?) -> Vector {
    if let indices = sink.indices, let dictionary {
      if validity == nil && dictionary.count == 1 { return .constant(dictionary.vector(hasNulls: false).slice(0..<1), count: count) }
      if keepsDictionary { return .dictionary(dictionary.vector(hasNulls: validity != nil), indices: indices, count: count) }
      var flat = sink
      let slots = flat.slotTarget(filled: count, dictionary)
      return withExtendedLifetime(slots) {
        .flat(leaf.type, count: count, values: flat.slots ?? context.nothing, heap: flat.heap, validity: validity)
      }
    }
    return .flat(leaf.type, count: count, values: sink.slots ?? context.nothing, heap: sink.heap, validity: validity)
  }
}
