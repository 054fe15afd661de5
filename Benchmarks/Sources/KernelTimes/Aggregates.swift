import Values

extension Bench {
  /// Aggregates without groups, and the hashing of keys, which `checksum` does and sums up.
  func aggregates() throws -> [Kernel] {
    [
      try aggregate("sum of bigint, with nulls", "sum", "number") { parts in
        var sum: Int64 = 0
        for part in parts { for case let number? in part.number { sum += number } }
        return Double(sum)
      },
      try aggregate("sum of decimal(15,2)", "sum", "price") { parts in
        var sum: Int128 = 0
        for part in parts { for price in part.price { sum += Int128(price) } }
        return Double(sum)
      },
      try aggregate("min of bigint, with nulls", "min", "number") { parts in
        var least: Int64?
        for part in parts { for case let number? in part.number { least = min(least ?? number, number) } }
        return Double(least ?? 0)
      },
      try aggregate("max of double", "max", "ratio") { parts in
        var most: Double?
        for part in parts { for ratio in part.ratio { most = max(most ?? ratio, ratio) } }
        return most ?? 0
      },
      try aggregate("avg of bigint, with nulls", "avg", "number") { parts in
        var sum: Int64 = 0, count = 0
        for part in parts {
          for case let number? in part.number {
            sum += number
            count += 1
          }
        }
        return Double(sum) / Double(count)
      },
      try hashing("hash bigint keys", "many", \.many), try hashing("hash varchar keys", "name", \.name),
      try distinct("approx_distinct of bigint", "many", \.many), try distinct("approx_distinct of varchar", "name", \.name),
    ]
  }

  /// Swift's hashes are others than the engine's, and new in each process: there is nothing to compare.
  private func hashing<T: Hashable>(_ name: String, _ column: String, _ values: @escaping (Sample.Part) -> [T]) throws -> Kernel {
    var kernel = try aggregate(name, "checksum", column) { parts in
      var sum = 0
      for part in parts { for value in values(part) { sum &+= value.hashValue } }
      blackHole(sum)
      return 0
    }
    kernel.tolerance = .infinity
    return kernel
  }

  /// Beside a HyperLogLog of a dozen lines, with as many registers as the engine's.
  private func distinct<T: Hashable>(_ name: String, _ column: String, _ values: @escaping (Sample.Part) -> [T]) throws -> Kernel {
    try aggregate(name, "approx_distinct", column, tolerance: 0.2) { parts in
      var registers = [UInt8](repeating: 0, count: 2048)
      for part in parts {
        for value in values(part) {
          let hash = UInt(bitPattern: value.hashValue), index = Int(hash & 2047)
          registers[index] = max(registers[index], UInt8((hash >> 11 | 1 << 53).trailingZeroBitCount + 1))
        }
      }
      var sum = 0.0
      for register in registers { sum += 1 / Double(UInt64(1) << UInt64(register)) }
      return 0.7213 / (1 + 1.079 / 2048) * 2048 * 2048 / sum
    }
  }
}
