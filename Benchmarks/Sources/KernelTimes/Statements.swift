import Values

/// Operators whose structures the engine keeps to itself.
extension Bench {
  func grouping() -> [Kernel] {
    [
      counting("group by bigint, 8 groups", "few", \.few), counting("group by bigint, 10,000 groups", "some", \.some),
      counting("group by bigint, up to 1,000,000 groups", "many", \.many),
      counting("group by sparse bigint, up to 1,000,000 groups", "sparse", \.sparse),
      counting("group by varchar, up to 1,000,000 groups", "name", \.name),
    ]
  }

  /// Rows by key; what is added up is the square of their counts, which is another for other groups of the same rows.
  private func counting<T: Hashable>(_ name: String, _ column: String, _ keys: @escaping (Sample.Part) -> [T]) -> Kernel {
    statement(name, "SELECT sum(c * c) FROM (SELECT \(column), count(*) AS c FROM t GROUP BY \(column)) AS grouped") { parts, digest in
      var counts: [T: Int] = [:]
      for part in parts { for key in keys(part) { counts[key, default: 0] += 1 } }
      digest.take(Double(counts.values.reduce(0) { $0 + $1 * $1 }))
    }
  }

  /// Building the table of 1,000,000 keys is in the time, which is shared out over the rows that probe it.
  func joins() -> [Kernel] {
    [
      joining("join 1,000,000 dense bigint keys", "many", \.many) { $0 },
      joining("join 1,000,000 sparse bigint keys", "sparse", \.sparse, Sample.sparse),
      joining("join 1,000,000 varchar keys", "name", \.name, Sample.name),
    ]
  }

  private func joining<T: Hashable>(
    _ name: String, _ column: String, _ keys: @escaping (Sample.Part) -> [T], _ key: @escaping (Int64) -> T
  ) -> Kernel {
    let pairs = (0..<Sample.manyCount).map { (key: key(Int64($0 * 7919 % Sample.manyCount)), bonus: $0 * 7919 % Sample.manyCount % 100) }
    return statement(name, "SELECT sum(bonus + few) FROM t JOIN keys ON t.\(column) = keys.\(column)") { parts, digest in
      var bonuses: [T: [Int]] = [:]
      for pair in pairs { bonuses[pair.key, default: []].append(pair.bonus) }
      var sum = 0
      for part in parts {
        for (row, key) in keys(part).enumerated() { for bonus in bonuses[key] ?? [] { sum += bonus + Int(part.few[row]) } }
      }
      digest.take(Double(sum))
    }
  }

  func orders() -> [Kernel] {
    [
      ordering("sort by bigint", "many", \.many), ordering("sort by double", "ratio", \.ratio), ordering("sort by varchar", "name", \.name),
      statement("the first 100 by double", "SELECT price FROM t ORDER BY ratio, many LIMIT 100") { parts, digest in
        let rows = parts.flatMap { Array(zip($0.ratio, $0.price)) }.sorted { $0.0 < $1.0 }
        digest.take(rows.prefix(100).map { Int64?.some($0.1) })
      },
    ]
  }

  /// The rows' prices in the order of a key.
  private func ordering<T: Comparable>(_ name: String, _ column: String, _ keys: @escaping (Sample.Part) -> [T]) -> Kernel {
    statement(name, "SELECT price FROM t ORDER BY \(column)") { parts, digest in
      let rows = parts.flatMap { Array(zip(keys($0), $0.price)) }.sorted { $0.0 < $1.0 }
      digest.take(rows.map { Int64?.some($0.1) })
    }
  }
}
