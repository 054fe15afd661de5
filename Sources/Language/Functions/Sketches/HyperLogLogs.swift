import CVectors
import Vectors

/// HyperLogLog counters for many groups at once: Flajolet et al. (2007), with the sparse form of Heule, Nunkesser and Hall (2013).
///
/// A counter of 2^p registers begins sparse, as a list of 32-bit entries (26 bits of hash, 6 bits of leading zeros) that is only written at its end:
/// repetitions are taken out when it is full, and where fewer than half were, a larger piece is taken. It becomes dense, one byte a register, once it has
/// more different entries than four bits a register would take. A row of many groups so costs one line of the cache, whatever its counter has seen.
///
///     counter   piece | entries | room for | is dense        16 bytes a group
///     sparse    class c: 4 << c entries, the latest as they came
///     dense     2^p registers
final class HyperLogLogs {
  /// log2 of the number of registers.
  let precision: Int
  private(set) var count = 0
  private var counters = Buffer(byteCount: 0)
  private var sparse: [PieceSlab]
  private var dense: PieceSlab
  /// Holds the pieces that counters came with from there, and how many bytes of them are ours.
  private var origin: (counters: HyperLogLogs, bytes: Int)?
  private lazy var scratch = EntrySet(capacity: 4 << (sparse.count - 1))

  static let prefixBits = 26

  struct Counter: BitwiseCopyable {
    /// nil: nothing added yet.
    var piece: UnsafeMutableRawPointer?
    /// Entries written, and room for so many; both 0 if dense.
    var used: UInt16 = 0
    var capacity: UInt16 = 0
    var isDense = false

    /// 2^p of them if the counter is dense.
    var registers: UnsafeMutablePointer<UInt8>? { isDense ? piece?.assumingMemoryBound(to: UInt8.self) : nil }

    var entries: UnsafeMutableBufferPointer<UInt32> {
      UnsafeMutableBufferPointer(start: piece?.assumingMemoryBound(to: UInt32.self), count: Int(used))
    }
  }

  /// `precision` is 1 to 16.
  init(precision: Int) {
    self.precision = precision
    dense = PieceSlab(pieceBytes: 1 << precision)
    // the largest piece holds all entries that a sparse counter may have, and some more
    var classes = 1
    while 4 << (classes - 1) <= HyperLogLogs.sparseLimit(precision) { classes += 1 }
    sparse = (0..<classes).map { PieceSlab(pieceBytes: 16 << $0) }
  }

  /// More entries than this take more room than four bits a register do: where Presto, too, gives up the sparse form.
  private static func sparseLimit(_ precision: Int) -> Int { (1 << precision) / 8 + 16 }

  var byteCount: Int { counters.byteCount + (origin?.bytes ?? 0) + sparse.reduce(dense.byteCount) { $0 + $1.byteCount } }

  func resize(to wanted: Int) {
    if wanted <= count { return }
    let stride = MemoryLayout<Counter>.stride
    if wanted * stride > counters.byteCount {
      let larger = Buffer(zeroed: max(wanted, count * 2) * stride)
      larger.base.copyMemory(from: counters.base, byteCount: count * stride)
      counters = larger
    }
    count = wanted
  }

  /// Counters of some groups alone, `groups[i]` as group i: their pieces stay where they are, and no group is split off twice.
  func split(_ groups: UnsafePointer<UInt32>, count wanted: Int) -> HyperLogLogs {
    let part = HyperLogLogs(precision: precision)
    part.resize(to: wanted)
    for i in 0..<wanted { part[i].pointee = self[Int(groups[i])].pointee }
    part.origin = (self, count == 0 ? 0 : (byteCount - counters.byteCount) / count * wanted)
    return part
  }

  // MARK: adding

  func add(_ hashes: UnsafePointer<UInt64>, validity: UnsafePointer<UInt64>?, groups: UnsafePointer<UInt32>, count: Int) {
    let counters = counters.pointer(as: Counter.self)
    if self.count < HyperLogLogs.manyGroups {
      return forEachRow(count, validity) { row in add(hashes[row], to: counters + Int(groups[row])) }
    }
    let ahead = 16
    forEachRow(count, validity) { row in
      if row &+ ahead < count { prefetch(hashes[row &+ ahead], counters + Int(groups[row &+ ahead])) }
      add(hashes[row], to: counters + Int(groups[row]))
    }
  }

  /// Counters of so many groups are hardly ever in the nearest cache.
  private static let manyGroups = 4096

  @inline(__always)
  private func prefetch(_ hash: UInt64, _ counter: UnsafeMutablePointer<Counter>) {
    guard let piece = counter.pointee.piece else { return }
    mp_prefetch_write(
      piece + (counter.pointee.isDense ? HyperLogLogs.register(of: hash, UInt64(precision)) : Int(counter.pointee.used) &* 4))
  }

  /// All into one counter. Of few values most have just been seen: while it is sparse, hashes that were added lately are remembered, each in a place that
  /// its low bits say.
  func add(_ hashes: UnsafePointer<UInt64>, validity: UnsafePointer<UInt64>?, group: Int, count: Int) {
    let counter = self[group]
    var row = 0
    if !counter.pointee.isDense {
      let places = 1024
      row = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: places) { seen in
        // no hash with these low bits belongs there
        for place in 0..<places { seen[place] = UInt64(truncatingIfNeeded: place ^ 1) }
        var row = 0
        while row < count && !counter.pointee.isDense {
          let hash = hashes[row], place = Int(truncatingIfNeeded: hash & 1023)
          if seen[place] != hash, validity?.bit(row) ?? true {
            add(hash, to: counter)
            seen[place] = hash
          }
          row += 1
        }
        return row
      }
    }
    guard let registers = counter.pointee.registers else { return }
    let bits = UInt64(precision)
    while row < count {
      if validity?.bit(row) ?? true { HyperLogLogs.put(hashes[row], registers, bits) }
      row += 1
    }
  }

  func add(_ hash: UInt64, to group: Int) { add(hash, to: self[group]) }

  subscript(group: Int) -> UnsafeMutablePointer<Counter> { counters.pointer(as: Counter.self) + group }

  @inline(__always)
  private func add(_ hash: UInt64, to counter: UnsafeMutablePointer<Counter>) {
    if let registers = counter.pointee.registers {
      HyperLogLogs.put(hash, registers, UInt64(precision))
    } else {
      let prefix = UInt32(truncatingIfNeeded: hash &>> UInt64(64 - HyperLogLogs.prefixBits))
      let zeros = (hash &<< 26 | 1 &<< 25).leadingZeroBitCount
      add(entry: prefix &<< 6 | UInt32(truncatingIfNeeded: zeros), to: counter)
    }
  }

  /// An entry: 26 bits of hash, then the number of zero bits that follow them.
  @inline(__always)
  func add(entry: UInt32, to counter: UnsafeMutablePointer<Counter>) {
    if counter.pointee.used == counter.pointee.capacity { makeRoom(counter) }
    if let registers = counter.pointee.registers { return HyperLogLogs.put(HyperLogLogs.hash(of: entry), registers, UInt64(precision)) }
    counter.pointee.piece?.assumingMemoryBound(to: UInt32.self)[Int(counter.pointee.used)] = entry
    counter.pointee.used &+= 1
  }

  @inline(__always)
  private static func register(of hash: UInt64, _ bits: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> (64 &- bits)) }

  /// Raises the register of 2^bits that a hash falls into.
  @inline(__always)
  private static func put(_ hash: UInt64, _ registers: UnsafeMutablePointer<UInt8>, _ bits: UInt64) {
    let index = register(of: hash, bits)
    let value = UInt8(truncatingIfNeeded: (hash &<< bits | 1 &<< (bits &- 1)).leadingZeroBitCount &+ 1)
    let old = registers[index]
    registers[index] = value > old ? value : old
  }

  /// A hash with this entry.
  @inline(__always)
  private static func hash(of entry: UInt32) -> UInt64 {
    UInt64(entry &>> 6) &<< 38 | (1 &<< 37) &>> UInt64(min(entry & 63, 38))
  }

  // MARK: forms

  /// A full or new counter gets room for another entry, or becomes dense.
  private func makeRoom(_ counter: UnsafeMutablePointer<Counter>) {
    if counter.pointee.isDense { return }
    settle(counter)
    let capacity = Int(counter.pointee.capacity)
    if counter.pointee.isDense || (capacity > 0 && Int(counter.pointee.used) * 2 <= capacity) { return }
    let size = HyperLogLogs.sizeClass(capacity)
    // four times as large, or the largest: most counters that outgrow one size outgrow the next
    let last = sparse.count - 1, larger = capacity == 0 ? 0 : size + 4 > last ? last : size + 2
    if capacity > 0 && larger == size { return }
    let piece = sparse[larger].take()
    if let old = counter.pointee.piece {
      piece.copyMemory(from: old, byteCount: Int(counter.pointee.used) * 4)
      sparse[size].give(old)
    }
    counter.pointee.piece = piece
    counter.pointee.capacity = UInt16(4 << larger)
  }

  private static func sizeClass(_ capacity: Int) -> Int { capacity.trailingZeroBitCount - 2 }

  /// Takes repetitions out of a sparse counter, and makes it dense if more than a sparse one may have are left.
  func settle(_ counter: UnsafeMutablePointer<Counter>) {
    let entries = counter.pointee.entries, limit = HyperLogLogs.sparseLimit(precision)
    if entries.count < 2 { return }
    if entries.count > limit {
      // more different registers than that are as many different entries: mostly so, and found without looking for repetitions
      let registers = dense.take()
      if fill(registers, entries) > limit { return replace(counter, dense: registers) }
      let different = scratch.unique(entries)
      if different > limit { return replace(counter, dense: registers) }
      dense.give(registers)
      counter.pointee.used = UInt16(different)
    } else {
      counter.pointee.used = UInt16(scratch.unique(entries))
    }
  }

  /// Registers of these entries alone; returns how many of them are not zero.
  private func fill(_ piece: UnsafeMutableRawPointer, _ lists: UnsafeMutableBufferPointer<UInt32>...) -> Int {
    let registers = piece.initializeMemory(as: UInt8.self, repeating: 0, count: 1 << precision)
    let bits = UInt64(precision)
    for entries in lists { for entry in entries { HyperLogLogs.put(HyperLogLogs.hash(of: entry), registers, bits) } }
    return (1 << precision) - HyperLogLogs.emptyRegisters(registers, 1 << precision)
  }

  /// Registers in place of whatever the counter has been.
  private func replace(_ counter: UnsafeMutablePointer<Counter>, dense registers: UnsafeMutableRawPointer) {
    if let piece = counter.pointee.piece, !counter.pointee.isDense {
      sparse[HyperLogLogs.sizeClass(Int(counter.pointee.capacity))].give(piece)
    }
    counter.pointee = Counter(piece: registers, isDense: true)
  }

  // MARK: merging

  func merge(_ other: HyperLogLogs, _ from: Int, into group: Int) {
    let counter = self[group], added = other[from].pointee
    if added.piece == nil { return }
    if let registers = added.registers {
      merge(registers: registers, into: counter)
    } else if !mergeSparse(added.entries, into: counter) {
      mark(group)
      for entry in added.entries { add(entry: entry, to: counter) }
    }
  }

  /// Two sparse counters, if it is seen at once that they make a dense one.
  private func mergeSparse(_ added: UnsafeMutableBufferPointer<UInt32>, into counter: UnsafeMutablePointer<Counter>) -> Bool {
    let mine = counter.pointee.entries, limit = HyperLogLogs.sparseLimit(precision)
    if counter.pointee.isDense || mine.count + added.count <= limit { return false }
    let registers = dense.take()
    let found = fill(registers, mine, added)
    if found > limit { replace(counter, dense: registers) } else { dense.give(registers) }
    return found > limit
  }

  /// 2^p registers.
  func merge(registers: UnsafePointer<UInt8>, into counter: UnsafeMutablePointer<Counter>) {
    let m = 1 << precision
    if let mine = counter.pointee.registers {
      for i in 0..<m { mine[i] = max(mine[i], registers[i]) }
    } else {
      let mine = dense.take().initializeMemory(as: UInt8.self, from: registers, count: m)
      for entry in counter.pointee.entries { HyperLogLogs.put(HyperLogLogs.hash(of: entry), mine, UInt64(precision)) }
      replace(counter, dense: mine)
    }
  }

  /// A sketch of nothing is something too.
  func mark(_ group: Int) { if self[group].pointee.piece == nil { makeRoom(self[group]) } }

  /// Whether anything, even an empty sketch, was ever put into the counter.
  func isSet(_ group: Int) -> Bool { self[group].pointee.piece != nil }
}
