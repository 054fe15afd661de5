import CVectors
import Values

extension LikePattern {
  /// One bit a row, set where the text matches; clear for nulls and past the end. The vector is dense (flat or constant).
  public func bits(_ vector: Vector, _ rows: Int) -> Buffer {
    // bytes of `_` are at least one each, so a shorter text cannot match (folding may shorten)
    let shortest = ignoresCase ? 0 : segments.reduce(0) { $0 + $1.bytes.count }
    return isSearch
      ? TextPredicate.bits(vector, rows, shortest: shortest) { finds($0, $1) }
      : TextPredicate.bits(vector, rows, shortest: shortest) { matches($0, count: $1) }
  }

  @inline(__always)
  private func finds(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    mp_find(text, count, segments[0].needle.pointer(as: UInt8.self), segments[0].bytes.count) >= 0
  }

  /// Whether each text matches; null for null texts.
  public func vector(_ texts: Vector, _ rows: Int) -> Vector {
    TextPredicate.vector(texts, rows) { bits($0, rows) }
  }
}

/// Loops over texts that ask one question of each.
enum TextPredicate {
  /// One bit a row, set where `holds`; clear for nulls, for texts of fewer bytes than `shortest`, and past the end.
  @inline(__always)
  static func bits(_ vector: Vector, _ rows: Int, shortest: Int, _ holds: (UnsafePointer<UInt8>, Int) -> Bool) -> Buffer {
    bits(vector, rows) { texts in
      var bits: UInt64 = 0
      for j in 0..<texts.count where texts.known &>> UInt64(truncatingIfNeeded: j) & 1 != 0 {
        let slot = texts.slot(j), count = slot.pointee.count
        if count < shortest { continue }
        bits |= UInt64(truncatingIfNeeded: holds(Bytes.address(of: slot), count).bit) &<< UInt64(truncatingIfNeeded: j)
      }
      return bits
    }
  }

  /// The same for a question that is asked of 64 texts at once; of those that are known.
  @inline(__always)
  static func bits(_ vector: Vector, _ rows: Int, ofWord holds: (TextWord) throws -> UInt64) rethrows -> Buffer {
    let words = Bitmap.wordCount(rows)
    let buffer = Buffer(byteCount: words * 8)
    let out = buffer.pointer(as: UInt64.self)
    let dense = vector.dense()
    let reader = dense.reader(as: Bytes.self)
    let p = reader.base, valid = reader.validity, mask = reader.mask
    for w in 0..<words {
      let known = mask == 0 ? (valid.map { $0[0] & 1 == 1 } ?? true ? ~0 : 0) : valid?[w] ?? ~0
      let texts = TextWord(slots: p + (w &* 64 & mask), step: mask & 1, count: ScalarLoop.wordLength(w, rows), known: known)
      out[w] = known == 0 ? 0 : try holds(texts)
    }
    return withExtendedLifetime(dense) { buffer }
  }

  /// What `bits` says of each text; null for null texts.
  static func vector(_ texts: Vector, _ rows: Int, _ bits: (Vector) -> Buffer) -> Vector {
    if texts.nullConstant != nil { return Vector.nulls(.boolean, count: rows) }
    let dense = texts.dense()
    return BooleanVectors.vector(bits(dense), rows, validity: dense.validity)
  }
}

/// Up to 64 texts.
struct TextWord {
  let slots: UnsafePointer<Bytes>
  /// From one slot to the next; 0: all texts are the first.
  let step: Int
  let count: Int
  /// One bit each; clear for nulls, whose slots hold anything.
  let known: UInt64

  @inline(__always)
  func slot(_ index: Int) -> UnsafePointer<Bytes> { slots + index &* step }
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
