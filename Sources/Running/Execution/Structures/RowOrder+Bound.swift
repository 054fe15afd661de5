import Vectors

extension RowOrder {
  /// A value of a sort key that later rows are measured by. Rows that tie with it are let through; so are some behind it, where a value is wider
  /// than its first word and no text.
  struct Bound: Sendable {
    let key: SortKey
    /// One row.
    private let value: SortWords.Key
    private let isNull: Bool
    private let word: UInt64

    init(_ vector: Vector, row: Int, _ key: SortKey) {
      self.key = key
      value = SortWords.Key(vector.slice(row..<row + 1), key)
      isNull = vector.isNull(at: row)
      word = value.reading(value.start) { $0(0) }
    }

    /// Whether fewer rows survive it than another.
    func precedes(_ other: Bound) -> Bool {
      if isNull || other.isNull { return isNull ? key.nullsFirst && !other.isNull : !key.nullsFirst }
      if word != other.word { return word < other.word }
      guard case .text = value.start else { return false }
      let order = ValueOrder.compare(value.vector, 0, other.value.vector, 0)
      return key.isAscending ? order < 0 : order > 0
    }

    /// Rows that do not lie behind the bound; nil: all of them.
    func survivors(of vector: Vector) -> Selection? {
      let n = vector.count
      // behind a null that comes last lies nothing
      if isNull && !key.nullsFirst { return nil }
      let nulls = vector.mayHaveNulls, nullsSurvive = key.nullsFirst, valuesSurvive = !isNull, word = word
      let buffer = Buffer(byteCount: n * 4)
      let rows = buffer.pointer(as: UInt32.self)
      @inline(__always) func select(_ survives: (Int) -> Bool) -> Int {
        var count = 0
        for row in 0..<n {
          rows[count] = UInt32(truncatingIfNeeded: row)
          count &+= (nulls && vector.isNull(at: row) ? nullsSurvive : valuesSurvive && survives(row)).bit
        }
        return count
      }
      let candidate = SortWords.Key(vector, key), count: Int
      if case .text = candidate.start {
        let reader = vector.reader(as: Bytes.self), bound = value.vector.reader(as: Bytes.self)[0], isAscending = key.isAscending
        count = candidate.reading(candidate.start) { words in
          select { row in
            let other = words(row)
            if other != word { return other < word }
            let order = Bytes.compare(reader[row], bound)
            return isAscending ? order <= 0 : order >= 0
          }
        }
        withExtendedLifetime((vector, value)) {}
      } else {
        count = candidate.reading(candidate.start) { words in select { words($0) <= word } }
      }
      return count == n ? nil : Selection(rows: buffer, count: count)
    }
  }
}
