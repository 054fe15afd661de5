import Glibc
import Values
import Vectors

/// HyperLogLog counters for many groups at once: Flajolet et al. (2007), with the sparse form of Heule, Nunkesser and Hall (2013).
///
/// A counter of 2^p registers begins sparse, as a small open-addressing table of 32-bit entries (26 bits of hash, 6 bits of leading zeros), and
/// becomes dense, one byte a register, when it has grown past four bits a register. All counters lie in slabs by size class:
///
///     counter   slot in its slab | entries used | size class | form        8 bytes a group
///     sparse    class c: tables of 4 << c entries, at most three quarters full
///     dense     one slab of 2^p registers each
struct HyperLogLogs {
  /// log2 of the number of registers.
  let precision: Int
  private var counters: [Counter] = []
  private var slabs: [Slab]
  private var dense: Slab

  static let prefixBits = 26

  private struct Counter: BitwiseCopyable {
    var slot: UInt32 = 0
    var used: UInt16 = 0
    var sizeClass: UInt8 = 0
    /// 0: nothing added yet; 1: sparse; 2: dense.
    var form: UInt8 = 0
  }

  /// Equal pieces of memory with a free list.
  private struct Slab {
    let pieceBytes: Int
    var memory: Buffer
    var used = 0
    var capacity = 0
    var free: [UInt32] = []

    init(pieceBytes: Int) {
      self.pieceBytes = pieceBytes
      memory = Buffer(byteCount: 0)
    }

    /// A zeroed piece.
    mutating func take() -> UInt32 {
      if let slot = free.popLast() {
        memset(memory.base + Int(slot) * pieceBytes, 0, pieceBytes)
        return slot
      }
      if used == capacity {
        capacity = max(4, capacity * 2)
        let larger = Buffer(byteCount: capacity * pieceBytes)
        larger.base.copyMemory(from: memory.base, byteCount: used * pieceBytes)
        memset(larger.base + used * pieceBytes, 0, (capacity - used) * pieceBytes)
        memory = larger
      }
      used += 1
      return UInt32(truncatingIfNeeded: used - 1)
    }

    func piece(_ slot: UInt32) -> UnsafeMutableRawPointer { memory.base + Int(slot) * pieceBytes }
  }

  init(precision: Int) {
    self.precision = precision
    slabs = (0..<HyperLogLogs.classCount(precision)).map { Slab(pieceBytes: 16 << $0) }
    dense = Slab(pieceBytes: 1 << precision)
  }

  /// Tables up to twice the bytes of half the registers at half load: the point at which dense is smaller.
  private static func classCount(_ precision: Int) -> Int { max(precision - 3, 1) }

  /// More entries than this take more room than four bits a register do: where Presto, too, gives up the sparse form.
  private var sparseLimit: Int { (1 << precision) / 8 + 16 }

  var count: Int { counters.count }
  var byteCount: Int { counters.count * 8 + slabs.reduce(dense.memory.byteCount) { $0 + $1.memory.byteCount } }

  mutating func resize(to count: Int) {
    if count > counters.count { counters.append(contentsOf: repeatElement(Counter(), count: count - counters.count)) }
  }

  // MARK: adding

  mutating func add(_ hashes: UnsafePointer<UInt64>, validity: UnsafePointer<UInt64>?, groups: UnsafePointer<UInt32>, count: Int) {
    forEachRow(count, validity) { row in add(hashes[row], to: Int(groups[row])) }
  }

  /// All into one counter: once it is dense, a loop without branches but the maximum's.
  mutating func add(_ hashes: UnsafePointer<UInt64>, validity: UnsafePointer<UInt64>?, group: Int, count: Int) {
    var row = addWhileSparse(hashes, validity, group, count)
    if row == count { return }
    let registers = dense.piece(counters[group].slot).assumingMemoryBound(to: UInt8.self)
    let shift = UInt64(64 - precision), bits = UInt64(precision)
    while row < count {
      if validity?.bit(row) ?? true {
        let hash = hashes[row], index = Int(truncatingIfNeeded: hash &>> shift)
        let value = UInt8(truncatingIfNeeded: (hash &<< bits | 1 &<< (bits &- 1)).leadingZeroBitCount &+ 1)
        let old = registers[index]
        registers[index] = value > old ? value : old
      }
      row += 1
    }
  }

  /// Adds rows until the counter is dense; returns how many. Of few values most have just been seen: hashes that were added lately are remembered, each
  /// in a place that its low bits say.
  private mutating func addWhileSparse(
    _ hashes: UnsafePointer<UInt64>, _ validity: UnsafePointer<UInt64>?, _ group: Int, _ count: Int
  ) -> Int {
    if counters[group].form == 2 { return 0 }
    let places = 1024
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: places) { seen in
      // no hash with these low bits belongs there
      for place in 0..<places { seen[place] = UInt64(truncatingIfNeeded: place ^ 1) }
      var row = 0
      while row < count {
        let hash = hashes[row], place = Int(truncatingIfNeeded: hash & 1023)
        if seen[place] != hash, validity?.bit(row) ?? true {
          if counters[group].form == 2 { break }
          add(hash, to: group)
          seen[place] = hash
        }
        row += 1
      }
      return row
    }
  }

  @inline(__always)
  mutating func add(_ hash: UInt64, to group: Int) {
    if counters[group].form == 2 {
      let registers = dense.piece(counters[group].slot).assumingMemoryBound(to: UInt8.self)
      let bits = UInt64(precision), index = Int(truncatingIfNeeded: hash &>> (64 &- bits))
      let value = UInt8(truncatingIfNeeded: (hash &<< bits | 1 &<< (bits &- 1)).leadingZeroBitCount &+ 1)
      if value > registers[index] { registers[index] = value }
    } else {
      let prefix = UInt32(truncatingIfNeeded: hash &>> UInt64(64 - HyperLogLogs.prefixBits))
      let zeros = (hash &<< 26 | 1 &<< 25).leadingZeroBitCount
      addSparse(prefix &<< 6 | UInt32(truncatingIfNeeded: zeros), to: group)
    }
  }

  /// An entry: 26 bits of hash, then the number of zero bits that follow them.
  private mutating func addSparse(_ entry: UInt32, to group: Int) {
    var counter = counters[group]
    if counter.form == 0 {
      counter.slot = slabs[0].take()
      counter.form = 1
      counter.sizeClass = 0
    }
    let capacity = 4 << Int(counter.sizeClass)
    let table = slabs[Int(counter.sizeClass)].piece(counter.slot).assumingMemoryBound(to: UInt32.self)
    // stored plus one: zero is an empty place
    var at = HyperLogLogs.place(of: entry) & (capacity - 1)
    while table[at] != 0 {
      let known = table[at] &- 1
      if known &>> 6 == entry &>> 6 {
        if entry > known { table[at] = entry &+ 1 }
        counters[group] = counter
        return
      }
      at = (at + 1) & (capacity - 1)
    }
    table[at] = entry &+ 1
    counter.used += 1
    counters[group] = counter
    if Int(counter.used) * 4 > capacity * 3 || Int(counter.used) > sparseLimit { grow(group) }
  }

  private mutating func grow(_ group: Int) {
    let counter = counters[group], size = Int(counter.sizeClass)
    let table = slabs[size].piece(counter.slot).assumingMemoryBound(to: UInt32.self)
    if size + 1 < slabs.count && Int(counter.used) <= sparseLimit {
      // four times as large: most counters that outgrow one size outgrow the next
      let larger = min(size + 2, slabs.count - 1), mask = (4 << larger) - 1
      let slot = slabs[larger].take()
      let to = slabs[larger].piece(slot).assumingMemoryBound(to: UInt32.self)
      for place in 0..<4 << size where table[place] != 0 {
        var at = HyperLogLogs.place(of: table[place] &- 1) & mask
        while to[at] != 0 { at = (at + 1) & mask }
        to[at] = table[place]
      }
      counters[group] = Counter(slot: slot, used: counter.used, sizeClass: UInt8(larger), form: 1)
    } else {
      let slot = dense.take()
      let registers = dense.piece(slot).assumingMemoryBound(to: UInt8.self)
      for place in 0..<4 << size where table[place] != 0 {
        let (index, value) = register(of: table[place] &- 1)
        registers[index] = max(registers[index], value)
      }
      counters[group] = Counter(slot: slot, used: 0, sizeClass: 0, form: 2)
    }
    slabs[size].free.append(counter.slot)
  }

  /// Where the search for an entry begins.
  @inline(__always)
  private static func place(of entry: UInt32) -> Int { Int(truncatingIfNeeded: (entry &>> 6) &* 0x9E37_79B1 &>> 8) }

  /// The register an entry falls into, and its value there.
  private func register(of entry: UInt32) -> (Int, UInt8) {
    let prefix = entry &>> 6, below = HyperLogLogs.prefixBits - precision
    let rest = prefix & ((1 << UInt32(below)) - 1)
    let zeros = rest == 0 ? below + Int(entry & 63) : rest.leadingZeroBitCount - (32 - below)
    return (Int(prefix >> UInt32(below)), UInt8(truncatingIfNeeded: zeros + 1))
  }

  private func sparseEntries(_ group: Int) -> [UInt32] {
    let counter = counters[group]
    if counter.form != 1 { return [] }
    let table = slabs[Int(counter.sizeClass)].piece(counter.slot).assumingMemoryBound(to: UInt32.self)
    return (0..<4 << Int(counter.sizeClass)).compactMap { table[$0] == 0 ? nil : table[$0] &- 1 }
  }

  mutating func merge(_ other: HyperLogLogs, _ from: Int, into group: Int) {
    switch other.counters[from].form {
    case 0: break
    case 1:
      for entry in other.sparseEntries(from) { addEntry(entry, to: group) }
    default:
      let registers = other.dense.piece(other.counters[from].slot).assumingMemoryBound(to: UInt8.self)
      mergeRegisters(UnsafePointer(registers), into: group)
    }
    if counters[group].form == 0 && other.counters[from].form != 0 { counters[group] = Counter(slot: slabs[0].take(), form: 1) }
  }

  private mutating func addEntry(_ entry: UInt32, to group: Int) {
    if counters[group].form == 2 {
      let registers = dense.piece(counters[group].slot).assumingMemoryBound(to: UInt8.self)
      let (index, value) = register(of: entry)
      registers[index] = max(registers[index], value)
    } else {
      addSparse(entry, to: group)
    }
  }

  private mutating func mergeRegisters(_ registers: UnsafePointer<UInt8>, into group: Int) {
    if counters[group].form != 2 {
      let entries = sparseEntries(group), old = counters[group]
      if old.form == 1 { slabs[Int(old.sizeClass)].free.append(old.slot) }
      counters[group] = Counter(slot: dense.take(), form: 2)
      for entry in entries { addEntry(entry, to: group) }
    }
    let mine = dense.piece(counters[group].slot).assumingMemoryBound(to: UInt8.self)
    for i in 0..<(1 << precision) { mine[i] = max(mine[i], registers[i]) }
  }

  // MARK: reading

  /// Whether anything, even an empty sketch, was ever put into the counter.
  func isSet(_ group: Int) -> Bool { counters[group].form != 0 }

  /// The estimated number of distinct hashes.
  ///
  /// Sparse: linear counting over the 2^26 prefixes. Dense: linear counting while more than 40 % of the registers are empty, as Presto has it;
  /// above five times the number of registers the classic estimate; between them Ertl's ("New cardinality estimation algorithms for
  /// HyperLogLog sketches", 2017), which needs no tables of bias.
  func estimate(_ group: Int) -> Int64 {
    let counter = counters[group]
    switch counter.form {
    case 0: return 0
    case 1: return HyperLogLogs.linear(empty: Double(1 << 26) - Double(counter.used), of: Double(1 << 26))
    default:
      let registers = dense.piece(counter.slot).assumingMemoryBound(to: UInt8.self)
      return HyperLogLogs.estimate(registers, precision)
    }
  }

  private static func linear(empty: Double, of total: Double) -> Int64 { count(total * log(total / empty)) }

  /// Registers that came as bytes may stand for any number.
  private static func count(_ estimate: Double) -> Int64 { estimate < 9.2e18 ? Int64(estimate.rounded()) : .max }

  static func estimate(_ registers: UnsafePointer<UInt8>, _ precision: Int) -> Int64 {
    let m = 1 << precision, size = Double(m)
    var histogram = [Int](repeating: 0, count: 66)
    for i in 0..<m { histogram[Int(min(registers[i], 65))] += 1 }
    if Double(histogram[0]) > 0.4 * size { return linear(empty: Double(histogram[0]), of: size) }
    let sum = (0..<66).reduce(0.0) { $0 + Double(histogram[$1]) * scalbn(1, Int32(-$1)) }
    let alpha: Double =
      switch precision {
      case ...4: 0.673
      case 5: 0.697
      case 6: 0.709
      default: 0.7213 / (1 + 1.079 / size)
      }
    let classic = alpha * size * size / sum
    if classic > 5 * size { return count(classic) }
    let top = 64 - precision
    var z = size * tau(1 - Double(histogram[min(top + 1, 65)]) / size)
    for k in stride(from: top, through: 1, by: -1) { z = 0.5 * (z + Double(histogram[k])) }
    z += size * sigma(Double(histogram[0]) / size)
    return count(size * size / (2 * log(2)) / z)
  }

  private static func sigma(_ start: Double) -> Double {
    if start == 1 { return .infinity }
    var x = start, y = 1.0, z = start, before = -1.0
    while z != before {
      x *= x
      before = z
      z += x * y
      y += y
    }
    return z
  }

  private static func tau(_ start: Double) -> Double {
    if start == 0 || start == 1 { return 0 }
    var x = start, y = 1.0, z = 1 - start, before = -1.0
    while z != before {
      x = x.squareRoot()
      before = z
      y *= 0.5
      z -= (1 - x) * (1 - x) * y
    }
    return z / 3
  }

  // MARK: as bytes

  /// The sketch in the form that Presto stores.
  ///
  ///     sparse   2 | p | number of entries, 16 bits | entries ascending, 32 bits each
  ///     dense    3 | p | baseline | 4 bits above the baseline a register | number of overflows, 16 bits | their registers | what is above 15
  func bytes(_ group: Int) -> [UInt8] {
    let counter = counters[group]
    if counter.form < 2 {
      let entries = sparseEntries(group).sorted()
      var out: [UInt8] = [2, UInt8(precision), UInt8(truncatingIfNeeded: entries.count), UInt8(truncatingIfNeeded: entries.count >> 8)]
      for entry in entries { for shift in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: entry >> UInt32(shift))) } }
      return out
    }
    let registers = dense.piece(counter.slot).assumingMemoryBound(to: UInt8.self), m = 1 << precision
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
  mutating func merge(bytes: UnsafeRawBufferPointer, into group: Int) throws {
    let broken = PrestoError(.invalidFunctionArgument, "Cannot deserialize HyperLogLog")
    guard let stored = HyperLogLogs.precision(of: bytes) else { throw broken }
    if stored != precision {
      throw PrestoError(
        .invalidFunctionArgument, "Cannot merge HLLs with different number of buckets: \(1 << precision) vs \(1 << stored)")
    }
    if bytes[0] == 2 {
      let n = Int(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
      if bytes.count != 4 + 4 * n { throw broken }
      if n == 0 && counters[group].form == 0 { counters[group] = Counter(slot: slabs[0].take(), form: 1) }
      for i in 0..<n { addEntry(bytes.loadUnaligned(fromByteOffset: 4 + 4 * i, as: UInt32.self), to: group) }
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
    registers.withUnsafeBufferPointer { if let base = $0.baseAddress { mergeRegisters(base, into: group) } }
  }

  /// Buckets for a standard error of 1.04 / sqrt(buckets), as a power of two.
  static func precision(standardError: Double) throws -> Int {
    guard standardError >= 0.0040625, standardError <= 0.26 else {
      throw PrestoError(
        .invalidFunctionArgument, "Max standard error must be in [0.0040625, 0.26]: \(standardError)")
    }
    return Int(log2(1.0816 / (standardError * standardError)).rounded(.up))
  }

  /// 2,048 buckets: 2.3 %.
  static let standardPrecision = 11
  /// What `approx_set` has without an argument: 4,096 buckets, 1.6 %.
  static let standardSetPrecision = 12
}
