import Vectors

extension RowOrder {
  /// A value of a sort key that later rows are measured by, by the first word of its normalised form: rows that tie there are let through.
  struct Bound: Sendable {
    let key: SortKey
    private let isNull: Bool
    private let word: UInt64

    init(_ vector: Vector, row: Int, _ key: SortKey) {
      self.key = key
      isNull = vector.isNull(at: row)
      let one = vector.slice(row..<row + 1)
      // before the words of a vector that may have nulls stands one that tells these apart
      let words = RowOrder.words(one, key)
      word = withExtendedLifetime(words) { words[one.mayHaveNulls ? 1 : 0].values[0] }
    }

    /// Whether fewer rows survive it than another.
    func precedes(_ other: Bound) -> Bool { isNull ? key.nullsFirst && !other.isNull : other.isNull ? !key.nullsFirst : word < other.word }

    /// Rows that do not lie behind the bound; nil: all of them.
    func survivors(of vector: Vector) -> Selection? {
      let n = vector.count
      // behind a null that comes last lies nothing
      if isNull && !key.nullsFirst { return nil }
      let nulls = vector.mayHaveNulls
      let words = RowOrder.words(vector, key)
      let values = words[nulls ? 1 : 0].values
      let buffer = Buffer(byteCount: n * 4)
      let rows = buffer.pointer(as: UInt32.self)
      var count = 0
      for row in 0..<n {
        rows[count] = UInt32(truncatingIfNeeded: row)
        let survives = nulls && vector.isNull(at: row) ? key.nullsFirst : !isNull && values[row] <= word
        count &+= survives ? 1 : 0
      }
      withExtendedLifetime(words) {}
      return count == n ? nil : Selection(rows: buffer, count: count)
    }
  }
}
