import CVectors
import Values

/// A boolean column as two bitmaps, which is what three-valued logic works on: a row in neither is unknown. Bits past `count` are clear.
public struct TruthWords {
  public let isTrue: Buffer
  public let isFalse: Buffer
  public let count: Int

  public init(isTrue: Buffer, isFalse: Buffer, count: Int) {
    self.isTrue = isTrue
    self.isFalse = isFalse
    self.count = count
  }

  /// Reads a boolean vector of any encoding.
  public init(_ vector: Vector) {
    let count = vector.count, words = Bitmap.wordCount(count)
    isTrue = Buffer(byteCount: words * 8)
    isFalse = Buffer(byteCount: words * 8)
    self.count = count
    let t = isTrue.pointer(as: UInt64.self), f = isFalse.pointer(as: UInt64.self)
    let dense = vector.dense()
    if let value = dense.constantValue {
      let isNull = value.isNull(at: 0), holds = !isNull && value.reader(as: UInt8.self).base[0] != 0
      for w in 0..<words {
        let all = ScalarLoop.low(ScalarLoop.wordLength(w, count))
        t[w] = holds ? all : 0
        f[w] = holds || isNull ? 0 : all
      }
      return
    }
    let bytes = dense.reader(as: UInt8.self)
    let p = bytes.base, valid = bytes.validity
    for w in 0..<words {
      let base = w &* 64, n = ScalarLoop.wordLength(w, count)
      var bits: UInt64 = 0
      for j in 0..<n { bits |= UInt64(p[base &+ j] & 1) &<< UInt64(truncatingIfNeeded: j) }
      let known = (valid?[w] ?? ~0) & ScalarLoop.low(n)
      t[w] = bits & known
      f[w] = ~bits & known
    }
    withExtendedLifetime(dense) {}
  }

  public var trueCount: Int { Bitmap(words: isTrue, count: count).population }
  public var falseCount: Int { Bitmap(words: isFalse, count: count).population }

  /// As a boolean vector.
  public func vector() -> Vector {
    let values = Buffer(byteCount: count), words = Bitmap.wordCount(count)
    let t = isTrue.pointer(as: UInt64.self), f = isFalse.pointer(as: UInt64.self), out = values.pointer(as: UInt8.self)
    var known = 0
    for w in 0..<words {
      let base = w &* 64, bits = t[w]
      for j in 0..<ScalarLoop.wordLength(w, count) {
        out[base &+ j] = UInt8(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: j)) & 1
      }
      known += (bits | f[w]).nonzeroBitCount
    }
    if known == count { return .flat(.boolean, count: count, values: values) }
    let validity = Buffer(byteCount: words * 8)
    let v = validity.pointer(as: UInt64.self)
    for w in 0..<words { v[w] = t[w] | f[w] }
    return .flat(.boolean, count: count, values: values, validity: Bitmap(words: validity, count: count))
  }
}

extension Selection {
  /// Rows whose bit is set, ascending.
  public init(of words: UnsafePointer<UInt64>, count: Int) {
    let rows = Buffer(byteCount: (count + 8) * 4)
    let found = mp_indices(words, count, rows.pointer(as: UInt32.self))
    self.init(rows: rows, count: found)
  }

  /// Rows 0..<count.
  public static func all(_ count: Int) -> Selection {
    let rows = Buffer(byteCount: count * 4)
    let p = rows.pointer(as: UInt32.self)
    for i in 0..<count { p[i] = UInt32(truncatingIfNeeded: i) }
    return Selection(rows: rows, count: count)
  }

  public static let none = Selection(rows: Buffer(byteCount: 0), count: 0)

  /// Rows of this selection that `inner` names by place: rows of rows.
  public func composed(_ inner: Selection) -> Selection {
    let rows = Buffer(byteCount: inner.count * 4)
    let a = pointer, b = inner.pointer, c = rows.pointer(as: UInt32.self)
    for i in 0..<inner.count { c[i] = a[Int(b[i])] }
    return Selection(rows: rows, count: inner.count)
  }
}
