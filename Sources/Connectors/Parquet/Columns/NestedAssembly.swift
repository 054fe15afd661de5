import Values
import Vectors

/// Puts lists, maps and rows together from their leaves' levels, as the Dremel paper describes it.
///
///     entry                  reaches a slot of a node if   definition ≥ the node's containerDefinition
///                                                          and repetition ≤ its containerRepetition
///     slot                   is not null if                definition ≥ the node's definition
///     entry below a list     adds an element if            definition > the list's definition and repetition ≤ containerRepetition + 1
struct NestedAssembly {
  private let entries: [LeafEntries]
  private let readers: [LeafReader]
  private let firstLeaf: Int

  init(_ entries: [LeafEntries], _ readers: [LeafReader], firstLeaf: Int) {
    self.entries = entries
    self.readers = readers
    self.firstLeaf = firstLeaf
  }

  func vector(of node: SchemaNode) throws -> Vector {
    switch node.shape {
    case .leaf(let leaf): return leafVector(node, leaf)
    case .row(let fields):
      let (count, validity) = slots(of: node)
      let vectors = try fields.map { try vector(of: $0) }
      guard vectors.allSatisfy({ $0.count == count }) else { throw malformed(node, "fields of a row have different counts") }
      return Vector(node.type, count: count, .row(fields: vectors, validity: validity))
    case .list(let element):
      let (count, offsets, validity) = try ranges(of: node)
      let elements = try vector(of: element)
      guard Int(offsets.pointer(as: Int32.self)[count]) == elements.count else { throw malformed(node, "a list and its elements disagree") }
      return Vector(node.type, count: count, .list(offsets: offsets, elements: elements, validity: validity))
    case .map(let key, let value):
      let (count, offsets, validity) = try ranges(of: node)
      let keys = try vector(of: key), values = try vector(of: value)
      guard Int(offsets.pointer(as: Int32.self)[count]) == keys.count, keys.count == values.count else {
        throw malformed(node, "the keys and values of a map disagree")
      }
      return Vector(node.type, count: count, .map(offsets: offsets, keys: keys, values: values, validity: validity))
    }
  }

  private func malformed(_ node: SchemaNode, _ message: String) -> PrestoError {
    readers[node.leaves.lowerBound - firstLeaf].pages.malformed(Malformed(message))
  }

  /// How many slots the node has, and which are not null; nil if all are.
  private func slots(of node: SchemaNode) -> (Int, Bitmap?) {
    let levels = entries[node.leaves.lowerBound - firstLeaf]
    let words = Buffer(zeroed: Bitmap.wordCount(levels.definitions.count) * 8)
    let bits = words.pointer(as: UInt64.self)
    let container = node.containerDefinition, repetition = node.containerRepetition, own = node.definition
    var count = 0
    var valid = 0
    levels.definitions.withUnsafeBufferPointer { definitions in
      levels.repetitions.withUnsafeBufferPointer { repetitions in
        for i in 0..<definitions.count where Int(definitions[i]) >= container && Int(repetitions[i]) <= repetition {
          let isValid = (Int(definitions[i]) >= own).bit
          bits[count >> 6] |= UInt64(isValid) << UInt64(count & 63)
          valid += isValid
          count += 1
        }
      }
    }
    return (count, valid == count ? nil : Bitmap(words: words, count: count))
  }

  /// Slots of a list or map, and where each one's elements begin and end.
  private func ranges(of node: SchemaNode) throws -> (Int, Buffer, Bitmap?) {
    let (count, validity) = slots(of: node)
    let levels = entries[node.leaves.lowerBound - firstLeaf]
    let offsets = Buffer(byteCount: (count + 1) * 4)
    let out = offsets.pointer(as: Int32.self)
    let container = node.containerDefinition, repetition = node.containerRepetition, own = node.definition
    var slot = 0
    var elements: Int32 = 0
    var isAstray = false
    levels.definitions.withUnsafeBufferPointer { definitions in
      levels.repetitions.withUnsafeBufferPointer { repetitions in
        for i in 0..<definitions.count {
          let definition = Int(definitions[i]), repeated = Int(repetitions[i])
          if repeated <= repetition && definition >= container {
            out[slot] = elements
            slot += 1
          }
          if definition > own && repeated <= repetition + 1 {
            isAstray = isAstray || slot == 0
            elements += 1
          }
        }
      }
    }
    out[count] = elements
    if isAstray { throw malformed(node, "an element without its list") }
    return (count, offsets, validity)
  }

  private func leafVector(_ node: SchemaNode, _ leaf: LeafColumn) -> Vector {
    let index = leaf.index - firstLeaf
    let reader = readers[index]
    let (count, validity) = slots(of: node)
    let part = entries[index]
    if part.valueCount == 0 { return count == 0 ? VectorBuilder(leaf.type, capacity: 1).finish() : .nulls(leaf.type, count: count) }
    guard let validity else { return reader.finish(part.sink, count, nil) }
    let words = UnsafePointer(validity.pointer)
    if let indices = part.sink.indices, let dictionary = reader.dictionary, reader.keepsDictionary {
      let out = Buffer(byteCount: (count + 8) * 4)
      spreadIndices(
        indices.pointer(as: UInt32.self), null: UInt32(truncatingIfNeeded: dictionary.count), into: out.pointer(as: UInt32.self), words,
        at: 0,
        count: count)
      return .dictionary(dictionary.vector(hasNulls: true), indices: out, count: count)
    }
    var sink = part.sink
    let width = sink.width
    let packed = sink.slotTarget(filled: part.valueCount, reader.dictionary)
    let out = Buffer(byteCount: (count + 1) * width)
    spreadSlots(packed, width, isText: leaf.conversion.isText, into: out.base, words, at: 0, count: count)
    return withExtendedLifetime(sink) { .flat(leaf.type, count: count, values: out, heap: sink.heap, validity: validity) }
  }
}
