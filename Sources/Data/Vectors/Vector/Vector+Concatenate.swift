import Glibc
import Values

extension Vector {
  /// All rows of the vectors, one after the other, flat or nested. Text is not copied: the result keeps the parts' heaps alive.
  public static func concatenated(_ parts: [Vector], type: DataType) -> Vector {
    if parts.count == 1 { return parts[0].flattened() }
    let total = parts.reduce(0) { $0 + $1.count }
    let validity = concatenatedValidity(parts, total)
    switch type.layout {
    case .list:
      let flat = parts.map { $0.flattened() }
      let (offsets, children) = concatenatedOffsets(flat, total)
      return Vector(
        type, count: total,
        .list(offsets: offsets, elements: concatenated(children.map { $0[0] }, type: type.components[0]), validity: validity))
    case .map:
      let flat = parts.map { $0.flattened() }
      let (offsets, children) = concatenatedOffsets(flat, total)
      return Vector(
        type, count: total,
        .map(
          offsets: offsets, keys: concatenated(children.map { $0[0] }, type: type.components[0]),
          values: concatenated(children.map { $0[1] }, type: type.components[1]), validity: validity))
    case .row:
      let flat = parts.map { $0.flattened() }
      let fields = type.components.indices.map { index in
        concatenated(
          flat.map { part -> Vector in
            if case .row(let fields, _) = part.encoding { return fields[index] }
            return part
          }, type: type.components[index])
      }
      return Vector(type, count: total, .row(fields: fields, validity: validity))
    case .bool, .int8, .int16, .int32, .int64, .int128, .float, .double, .bytes:
      let width = type.layout.width
      let values = Buffer(byteCount: total * width)
      var heap: [Buffer] = []
      var seen = Set<ObjectIdentifier>()
      var last: UnsafePointer<Buffer>?
      var at = 0
      for part in parts {
        let flat = part.flattened()
        if case .flat(let from, let owners, _) = flat.encoding {
          (values.base + at * width).copyMemory(from: from.base, byteCount: flat.count * width)
          // parts of one vector share the list itself
          let list = owners.withUnsafeBufferPointer { $0.baseAddress }
          if list != last { for owner in owners where seen.insert(ObjectIdentifier(owner)).inserted { heap.append(owner) } }
          last = list
        }
        at += part.count
      }
      return Vector(type, count: total, .flat(values: values, heap: heap, validity: validity))
    }
  }

  private static func concatenatedValidity(_ parts: [Vector], _ total: Int) -> Bitmap? {
    if !parts.contains(where: { $0.mayHaveNulls }) { return nil }
    let words = Buffer(byteCount: Bitmap.wordCount(total) * 8)
    memset(words.base, 0xFF, words.byteCount)
    let bits = words.pointer(as: UInt64.self)
    var at = 0
    for part in parts {
      if part.mayHaveNulls { for i in 0..<part.count where part.isNull(at: i) { bits.clearBit(at + i) } }
      at += part.count
    }
    return Bitmap(words: words, count: total)
  }

  /// Offsets of all parts over the children cut to what the offsets cover.
  private static func concatenatedOffsets(_ parts: [Vector], _ total: Int) -> (Buffer, [[Vector]]) {
    let offsets = Buffer(byteCount: (total + 1) * 4)
    let out = offsets.pointer(as: Int32.self)
    out[0] = 0
    var row = 0
    var children: [[Vector]] = []
    for part in parts {
      let inner: (Buffer, [Vector])
      switch part.encoding {
      case .list(let offsets, let elements, _): inner = (offsets, [elements])
      case .map(let offsets, let keys, let values, _): inner = (offsets, [keys, values])
      case .flat, .row, .constant, .dictionary: continue
      }
      let from = inner.0.pointer(as: Int32.self)
      let first = from[0], last = from[part.count]
      for i in 0..<part.count { out[row + i + 1] = out[row] &+ (from[i + 1] &- first) }
      children.append(inner.1.map { $0.slice(Int(first)..<Int(last)) })
      row += part.count
    }
    return (offsets, children)
  }
}

extension Batch {
  /// One batch of all rows. `types` are the columns' types (there may be no batch at all).
  public static func concatenated(_ batches: [Batch], types: [DataType]) -> Batch {
    let count = batches.reduce(0) { $0 + $1.count }
    if batches.count == 1 { return batches[0] }
    return Batch(types.indices.map { column in Vector.concatenated(batches.map { $0.columns[column] }, type: types[column]) }, count: count)
  }
}
