import CVectors
import Values

extension LikePattern {
  /// One bit a row, set where the text matches; clear for nulls and past the end. The vector is dense (flat or constant).
  public func bits(_ vector: Vector, _ rows: Int) -> Buffer {
    let words = Bitmap.wordCount(rows)
    let buffer = Buffer(byteCount: words * 8)
    let out = buffer.pointer(as: UInt64.self)
    let dense = vector.dense()
    let reader = dense.reader(as: Bytes.self)
    let p = reader.base, valid = reader.validity, mask = reader.mask
    let isSearch = segments.count == 1 && !startsAtStart && !endsAtEnd && segments[0].isLiteral && !ignoresCase
    let shortest = segments.reduce(0) { $0 + $1.bytes.count }
    for w in 0..<words {
      let base = w &* 64, length = ScalarLoop.wordLength(w, rows)
      let known = mask == 0 ? (valid.map { $0[0] & 1 == 1 } ?? true ? ~0 : 0) : valid?[w] ?? ~0
      var bits: UInt64 = 0
      if known != 0 {
        for j in 0..<length where known &>> UInt64(truncatingIfNeeded: j) & 1 != 0 {
          let slot = p + ((base &+ j) & mask)
          let count = slot.pointee.count
          // bytes of `_` are at least one each, so a shorter text cannot match (folding may shorten)
          if count < shortest && !ignoresCase { continue }
          let holds = isSearch ? finds(Bytes.address(of: slot), count) : matches(Bytes.address(of: slot), count: count)
          bits |= UInt64(truncatingIfNeeded: holds.bit) &<< UInt64(truncatingIfNeeded: j)
        }
      }
      out[w] = bits
    }
    return withExtendedLifetime(dense) { buffer }
  }

  @inline(__always)
  private func finds(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    mp_find(text, count, segments[0].needle.pointer(as: UInt8.self), segments[0].bytes.count) >= 0
  }

  /// Whether each text matches; null for null texts.
  public func vector(_ texts: Vector, _ rows: Int) -> Vector {
    if texts.nullConstant != nil { return Vector.nulls(.boolean, count: rows) }
    let dense = texts.dense()
    return BooleanVectors.vector(bits(dense, rows), rows, validity: dense.validity)
  }
}

/// Bitmaps as boolean vectors.
public enum BooleanVectors {
  public static func vector(_ bits: Buffer, _ rows: Int, validity: Bitmap?) -> Vector {
    let values = Buffer(byteCount: rows)
    let out = values.pointer(as: UInt8.self), words = bits.pointer(as: UInt64.self)
    for w in 0..<Bitmap.wordCount(rows) {
      let base = w &* 64, word = words[w]
      for j in 0..<ScalarLoop.wordLength(w, rows) { out[base &+ j] = UInt8(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: j)) & 1 }
    }
    return withExtendedLifetime(bits) { .flat(.boolean, count: rows, values: values, validity: validity) }
  }
}
