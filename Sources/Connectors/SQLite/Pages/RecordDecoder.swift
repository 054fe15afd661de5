import Glibc
import Values
import Vectors

/// Turns the cells of leaf pages into columns.
///
///     cell     varint payload length │ varint row number │ payload, or its beginning and a u32 overflow page
///     record   varint header length │ one varint serial type per field │ the fields' bytes
///
///     serial type   0 null · 1…6 integers of 1, 2, 3, 4, 6, 8 bytes · 7 real · 8, 9 the constants 0, 1 · 10, 11 never
///                   even from 12: blob of (t − 12) / 2 bytes · odd from 13: text of (t − 13) / 2
///
/// https://www.sqlite.org/fileformat2.html §1.6, §2.1. A record may have fewer fields than the table has columns: rows older than the column
/// hold its default. A column with the row's number stores null. Nothing that the file says is believed before it is checked against the page's
/// or the payload's end; loads may run up to 16 bytes past either, into padding.
final class RecordDecoder {
  /// Where a record lies. `end` bounds what of it is in memory.
  struct Cell {
    var start: UnsafePointer<UInt8>
    var end: UnsafePointer<UInt8>
    var row: Int64
  }

  /// A column to be decoded: which field of the record, and where it goes.
  struct Target {
    /// nil: the row's number.
    var field: Int?
    var sink: ColumnSink
    var standard: KeptValue
    var name: String
  }

  /// Where a field of a row lies, all its bytes in memory. Type -1: the row has no such field, and its default is stored already.
  struct Field {
    var type: Int
    var bytes: UnsafePointer<UInt8>
  }

  /// As many as a page has of rows of some length; what is known of their fields stays in the nearest cache.
  static let rowsAtOnce = 36

  let targets: [Target]
  /// For every field up to the last wanted: its target, or -1.
  private let targetOfField: UnsafeMutablePointer<Int32>
  private let fieldCount: Int
  let policy: UnfitPolicy
  let table: String
  let path: String
  let slots: UnsafeMutablePointer<ColumnSink.Slot>
  /// `rowsAtOnce` of each target.
  let fields: UnsafeMutablePointer<Field>
  /// Of every target; -1: the row's number.
  private let fieldOfTarget: UnsafeMutablePointer<Int32>
  private let offsets = FieldOffsets()

  init(_ targets: [Target], policy: UnfitPolicy, table: String, path: String) {
    self.targets = targets
    self.policy = policy
    self.table = table
    self.path = path
    fieldCount = (targets.compactMap(\.field).max() ?? -1) + 1
    targetOfField = .allocate(capacity: fieldCount + 1)
    targetOfField.initialize(repeating: -1, count: fieldCount + 1)
    for (index, target) in targets.enumerated() { if let field = target.field { targetOfField[field] = Int32(index) } }
    fields = .allocate(capacity: targets.count * RecordDecoder.rowsAtOnce)
    fieldOfTarget = .allocate(capacity: targets.count + 1)
    for (index, target) in targets.enumerated() { (fieldOfTarget + index).initialize(to: Int32(target.field ?? -1)) }
    slots = .allocate(capacity: targets.count + 1)
    for (index, target) in targets.enumerated() { (slots + index).initialize(to: target.sink.slot) }
  }

  deinit {
    targetOfField.deallocate()
    fieldOfTarget.deallocate()
    fields.deallocate()
    slots.deallocate()
  }

  /// How many bytes of a record must be in memory, given its first `available` ones; nil: more than those just to know.
  func bytesNeeded(_ start: UnsafePointer<UInt8>, available: Int) -> Int? {
    if fieldCount == 0 { return 0 }
    var header = start
    let headerLength = RecordDecoder.varint(&header)
    guard headerLength >= 1, headerLength <= available else { return nil }
    let headerEnd = start + headerLength
    var needed = headerLength, field = 0
    while field < fieldCount, header < headerEnd {
      let (sum, overflow) = needed.addingReportingOverflow(RecordDecoder.length(of: RecordDecoder.varint(&header)))
      if overflow || sum < needed { return nil }
      needed = sum
      field += 1
    }
    return needed
  }

  /// Decodes `count` cells into rows from `first` on, some at a time: first where their fields are, then column by column.
  func decode(_ cells: UnsafePointer<Cell>, count: Int, first: Int) throws {
    for (index, target) in targets.enumerated() {
      slots[index] = target.sink.slot
      if target.field == nil {
        let rows = slots[index].values.assumingMemoryBound(to: Int64.self) + first
        for i in 0..<count { rows[i] = cells[i].row }
      }
    }
    defer { for (index, target) in targets.enumerated() { target.sink.slot.nulls = slots[index].nulls } }
    if fieldCount == 0 { return }
    var done = 0
    while done < count {
      let some = min(count - done, RecordDecoder.rowsAtOnce)
      try locate(cells + done, some, first + done)
      for index in 0..<targets.count where fieldOfTarget[index] >= 0 { try store(index, cells + done, some, first + done) }
      done += some
    }
  }

  private func locate(_ cells: UnsafePointer<Cell>, _ count: Int, _ first: Int) throws {
    let targetOfField = targetOfField, fieldCount = fieldCount, fieldOfTarget = fieldOfTarget, offsets = offsets, fields = fields
    let targetCount = targets.count
    for i in 0..<count {
      let start = cells[i].start, end = cells[i].end
      if fieldCount <= FieldOffsets.most, let body = offsets.place(start, end, fieldCount) {
        var place = fields + i
        for target in 0..<targetCount {
          let field = Int(fieldOfTarget[target])
          if field >= 0 { place.pointee = Field(type: Int(start[1 &+ field]), bytes: body + offsets[field]) }
          place += RecordDecoder.rowsAtOnce
        }
        continue
      }
      var header = start
      let headerLength = RecordDecoder.varint(&header)
      guard headerLength >= 1, headerLength <= end - start else {
        throw corrupt(cells[i].row, "the record's header is longer than the record")
      }
      let headerEnd = start + headerLength
      var body = headerEnd
      var field = 0
      while field < fieldCount {
        if header >= headerEnd {
          try storeDefaults(from: field, at: i, first + i, cells[i].row)
          break
        }
        var type = Int(header.pointee)
        if type < 0x80 { header += 1 } else { type = RecordDecoder.longVarint(&header) }
        let length = RecordDecoder.length(of: type)
        // one unsigned comparison for too long and for negative
        guard UInt(bitPattern: length) <= UInt(bitPattern: end - body) else {
          throw corrupt(cells[i].row, "a field is longer than the record")
        }
        let target = Int(targetOfField[field])
        if target >= 0 { fields[target &* RecordDecoder.rowsAtOnce &+ i] = Field(type: type, bytes: body) }
        body += length
        field &+= 1
      }
    }
  }

  func corrupt(_ row: Int64, _ what: String) -> PrestoError {
    PrestoError(.sqliteError, "SQLite database '\(path)' is corrupt: table '\(table)', rowid \(row): \(what)")
  }

  // Pieces of a record

  /// Up to 9 bytes, 7 bits each, the most significant first; all but the last have their top bit set. Reads 4 bytes at least.
  @inline(__always)
  static func varint(_ p: inout UnsafePointer<UInt8>) -> Int {
    let next = UnsafeRawPointer(p).loadUnaligned(as: UInt32.self)
    let ends = ~next & 0x8080_8080
    if ends == 0 { return longVarint(&p) }
    // without a branch on how many there are, which is as good as random where records are about 128 bytes long
    let last = ends.trailingZeroBitCount
    p += last / 8 + 1
    let bits = next.byteSwapped &>> UInt32(truncatingIfNeeded: 31 &- last)
    return Int((bits & 0x7F) | (bits & 0x7F00) >> 1 | (bits & 0x7F_0000) >> 2 | (bits & 0x7F00_0000) >> 3)
  }

  @inline(never)
  static func longVarint(_ p: inout UnsafePointer<UInt8>) -> Int {
    var value: UInt64 = 0
    for _ in 0..<8 {
      let byte = p.pointee
      p += 1
      value = value &<< 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return Int(truncatingIfNeeded: value) }
    }
    value = value &<< 8 | UInt64(p.pointee)
    p += 1
    return Int(truncatingIfNeeded: value)
  }

  /// Negative for a negative (corrupt) type.
  @inline(__always)
  static func length(of serial: Int) -> Int {
    if UInt(bitPattern: serial) >= 12 { return (serial &- 12) >> 1 }
    // one nibble per type: 0 1 2 3 4 6 8 8 0 0
    return Int(truncatingIfNeeded: (0x0000_0000_8864_3210 as UInt64 &>> UInt64(truncatingIfNeeded: serial &* 4)) & 15)
  }

  @inline(__always)
  static func word(_ p: UnsafePointer<UInt8>) -> UInt64 { UInt64(bigEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self)) }

  /// Types 1…6, 8 and 9.
  @inline(__always)
  static func isInteger(_ serial: Int) -> Bool { UInt(bitPattern: serial) < 10 && (0b11_0111_1110 &>> serial) & 1 == 1 }

  /// Types 1…6: the first bytes of a big-endian word, sign-extended by a shift that one byte per type tells.
  @inline(__always)
  static func integer(_ serial: Int, _ p: UnsafePointer<UInt8>) -> Int64 {
    let shift = (0x0000_1020_2830_3800 as UInt64 &>> UInt64(truncatingIfNeeded: serial &* 8)) & 0xFF
    let stored = Int64(bitPattern: word(p)) &>> Int64(truncatingIfNeeded: shift)
    return serial >= 8 ? Int64(serial &- 8) : stored
  }

  @inline(__always)
  static func view(_ p: UnsafePointer<UInt8>, _ count: Int) -> Bytes {
    let raw = UnsafeRawPointer(p)
    let low = raw.loadUnaligned(as: UInt64.self)
    if count > 12 { return Bytes(head: UInt64(count) | low &<< 32, tail: UInt64(UInt(bitPattern: raw))) }
    let high = raw.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
    let kept = count >= 4 ? low & 0xFFFF_FFFF : low & ((1 &<< UInt64(count &* 8)) &- 1)
    let rest = count >= 12 ? high : count <= 4 ? 0 : high & ((1 &<< UInt64((count &- 4) &* 8)) &- 1)
    return Bytes(head: UInt64(count) | kept &<< 32, tail: rest)
  }

  /// Half away from zero. nil: not within the limit, or past what a double holds exactly.
  @inline(__always)
  static func decimal(_ bits: UInt64, _ factor: Int64, _ limit: Int64) -> Int64? {
    let scaled = Double(bitPattern: bits) * Double(factor)
    guard scaled.magnitude < 9_007_199_254_740_992 else { return nil }
    let whole = scaled.rounded(.towardZero), rest = scaled - whole
    let value = Int64(whole) &+ (rest >= 0.5 ? 1 : rest <= -0.5 ? -1 : 0)
    return value < limit && value > -limit ? value : nil
  }

  @inline(__always)
  static func decimal(_ value: Int64, _ factor: Int64, _ limit: Int64) -> Int64? {
    let (scaled, overflow) = value.multipliedReportingOverflow(by: factor)
    return !overflow && scaled < limit && scaled > -limit ? scaled : nil
  }
}

extension PrestoError {
  static func unfit(_ value: UnfitValue, column: String, type: DataType, table: String, row: String, path: String) -> PrestoError {
    PrestoError(
      .sqliteInvalidValue, "SQLite table '\(table)', column '\(column)', \(row): \(value.found) is not a value of type \(type)",
      hint: "SQLite lets any column hold anything. Mend the value in '\(path)', read it through a view with a CAST, or set "
        + "sqlite.invalid-values=null in the catalog's properties.")
  }
}
