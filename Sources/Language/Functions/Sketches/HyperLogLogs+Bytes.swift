import Values

extension HyperLogLogs {
  /// The sketch in the form that Presto stores.
  ///
  ///     sparse   2 | p | number of entries, 16 bits | entries ascending, 32 bits each
  ///     dense    3 | p | baseline | 4 bits above the baseline a register | number of overflows, 16 bits | their registers | what is above 15
  func bytes(_ group: Int) -> [UInt8] {
    let counter = self[group]
    settle(counter)
    guard let registers = counter.pointee.registers else {
      let entries = counter.pointee.entries.sorted()
      var out: [UInt8] = [2, UInt8(precision), UInt8(truncatingIfNeeded: entries.count), UInt8(truncatingIfNeeded: entries.count >> 8)]
      for entry in entries { for shift in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: entry >> UInt32(shift))) } }
      return out
    }
    let m = 1 << precision
    let baseline = (0..<m).reduce(UInt8.max) { min($0, registers[$1]) }
    var out: [UInt8] = [3, UInt8(precision), baseline]
    var overflow: [(Int, UInt8)] = []
    for i in stride(from: 0, to: m, by: 2) {
      var packed: UInt8 = 0
      for (half, shift) in [(i, UInt8(4)), (i + 1, UInt8(0))] {
        let delta = registers[half] - baseline
        if delta > 15 { overflow.append((half, delta - 15)) }
        packed |= min(delta, 15) << shift
      }
      out.append(packed)
    }
    out += [UInt8(truncatingIfNeeded: overflow.count), UInt8(truncatingIfNeeded: overflow.count >> 8)]
    for (register, _) in overflow { out += [UInt8(truncatingIfNeeded: register), UInt8(truncatingIfNeeded: register >> 8)] }
    for (_, value) in overflow { out.append(value) }
    return out
  }

  /// The precision a stored sketch has; nil: these bytes are no sketch.
  static func precision(of bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 4, bytes[0] == 2 || bytes[0] == 3, (1...16).contains(bytes[1]) else { return nil }
    return Int(bytes[1])
  }

  /// Adds a stored sketch of the same precision. Throws `INVALID_FUNCTION_ARGUMENT` for bytes that are no sketch.
  func merge(bytes: UnsafeRawBufferPointer, into group: Int) throws {
    let broken = PrestoError(.invalidFunctionArgument, "Cannot deserialize HyperLogLog")
    guard let stored = HyperLogLogs.precision(of: bytes) else { throw broken }
    if stored != precision {
      throw PrestoError(
        .invalidFunctionArgument, "Cannot merge HLLs with different number of buckets: \(1 << precision) vs \(1 << stored)")
    }
    if bytes[0] == 2 {
      let n = Int(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      if bytes.count != 4 + 4 * n { throw broken }
      mark(group)
      for i in 0..<n { add(entry: bytes.loadUnaligned(fromByteOffset: 4 + 4 * i, as: UInt32.self), to: self[group]) }
      return
    }
    let m = 1 << precision
    if bytes.count < 3 + m / 2 + 2 { throw broken }
    let baseline = bytes[2]
    var registers = [UInt8](repeating: 0, count: m)
    for i in 0..<m {
      let packed: UInt8 = bytes[3 + i / 2]
      registers[i] = baseline &+ (i & 1 == 0 ? packed >> 4 : packed & 15)
    }
    let n = Int(bytes.loadUnaligned(fromByteOffset: 3 + m / 2, as: UInt16.self)), first = 5 + m / 2
    if bytes.count != first + 3 * n { throw broken }
    for i in 0..<n {
      let register = Int(bytes.loadUnaligned(fromByteOffset: first + 2 * i, as: UInt16.self))
      if register >= m { throw broken }
      registers[register] = registers[register] &+ bytes[first + 2 * n + i]
    }
    registers.withUnsafeBufferPointer { if let base = $0.baseAddress { merge(registers: base, into: self[group]) } }
  }
}
