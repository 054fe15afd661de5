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

  let targets: [Target]
  /// For every field up to the last wanted: its target, or -1.
  private let targetOfField: UnsafeMutablePointer<Int32>
  private let fieldCount: Int
  private let policy: UnfitPolicy
  private let table: String
  private let path: String
  private let slots: UnsafeMutablePointer<ColumnSink.Slot>
  private let targetCount: Int
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
    targetCount = targets.count
    fieldOfTarget = .allocate(capacity: targets.count + 1)
    for (index, target) in targets.enumerated() { (fieldOfTarget + index).initialize(to: Int32(target.field ?? -1)) }
    slots = .allocate(capacity: targets.count + 1)
    for (index, target) in targets.enumerated() { (slots + index).initialize(to: target.sink.slot) }
  }

  deinit {
    targetOfField.deallocate()
    fieldOfTarget.deallocate()
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

  /// Decodes `count` cells into rows from `first` on.
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
    let slots = slots, targetOfField = targetOfField, fieldCount = fieldCount, fieldOfTarget = fieldOfTarget, offsets = offsets
    for i in 0..<count {
      let row = first &+ i, cell = cells[i]
      let start = cell.start, end = cell.end
      let placed = fieldCount <= FieldOffsets.most ? offsets.place(start, end, fieldCount) : nil
      var header = start, headerEnd = end, body = start
      if placed == nil {
        let headerLength = RecordDecoder.varint(&header)
        guard headerLength >= 1, headerLength <= end - start else {
          throw corrupt(cell.row, "the record's header is longer than the record")
        }
        headerEnd = start + headerLength
        body = headerEnd
      }
      // by targets where the offsets are known, else by fields
      var step = 0, index = 0, serial = 0, length = 0
      let steps = placed == nil ? fieldCount : targetCount
      while step < steps {
        if let placed {
          index = step
          let field = Int(fieldOfTarget[step])
          if field < 0 {
            index = -1
          } else {
            serial = Int(start[1 &+ field])
            body = placed + offsets[field]
            length = RecordDecoder.length(of: serial)
          }
        } else {
          if header >= headerEnd {
            try storeDefaults(from: step, row, cell.row)
            break
          }
          serial = Int(header.pointee)
          if serial < 0x80 { header += 1 } else { serial = RecordDecoder.longVarint(&header) }
          length = RecordDecoder.length(of: serial)
          // one unsigned comparison for too long and for negative
          guard UInt(bitPattern: length) <= UInt(bitPattern: end - body) else {
            throw corrupt(cell.row, "a field is longer than the record")
          }
          index = Int(targetOfField[step])
        }
        if index >= 0 {
          let slot = slots + index
          switch slot.pointee.kind {
          case .bigint:
            if RecordDecoder.isInteger(serial) {
              slot.pointee.values.assumingMemoryBound(to: Int64.self)[row] = RecordDecoder.integer(serial, body)
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .double:
            if serial == 7, !Double(bitPattern: RecordDecoder.word(body)).isNaN {
              slot.pointee.values.assumingMemoryBound(to: UInt64.self)[row] = RecordDecoder.word(body)
            } else if RecordDecoder.isInteger(serial) {
              slot.pointee.values.assumingMemoryBound(to: Double.self)[row] = Double(RecordDecoder.integer(serial, body))
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .text:
            if serial >= 13 && serial & 1 == 1 && length <= 0x7FFF_FFFF {
              slot.pointee.values.assumingMemoryBound(to: Bytes.self)[row] = RecordDecoder.view(body, length)
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .decimal64:
            if serial == 7, let scaled = RecordDecoder.decimal(RecordDecoder.word(body), slot.pointee.factor, slot.pointee.limit) {
              slot.pointee.values.assumingMemoryBound(to: Int64.self)[row] = scaled
            } else if RecordDecoder.isInteger(serial),
              let scaled = RecordDecoder.decimal(RecordDecoder.integer(serial, body), slot.pointee.factor, slot.pointee.limit)
            {
              slot.pointee.values.assumingMemoryBound(to: Int64.self)[row] = scaled
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .date:
            if serial == 33, let days = TextForm.days(body, 10) {
              slot.pointee.values.assumingMemoryBound(to: Int32.self)[row] = Int32(truncatingIfNeeded: days)
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .boolean:
            if serial == 8 || serial == 9 {
              slot.pointee.values.assumingMemoryBound(to: UInt8.self)[row] = UInt8(truncatingIfNeeded: serial &- 8)
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .binary:
            if serial >= 12 && length <= 0x7FFF_FFFF {
              slot.pointee.values.assumingMemoryBound(to: Bytes.self)[row] = RecordDecoder.view(body, length)
            } else {
              try storeOther(serial, body, length, index, row, cell.row)
            }
          case .timestamp, .decimal128: try storeOther(serial, body, length, index, row, cell.row)
          }
        }
        body += length
        step &+= 1
      }
    }
  }

  /// Nulls, constants and whatever the loop has no short way for.
  @inline(never)
  private func storeOther(_ serial: Int, _ body: UnsafePointer<UInt8>, _ length: Int, _ index: Int, _ row: Int, _ rowID: Int64) throws {
    let value: StoredValue
    switch serial {
    case 0: value = .null
    case 1...6: value = .integer(RecordDecoder.integer(serial, body))
    case 7:
      // SQLite never stores a NaN; a file that does reads as null there
      let number = Double(bitPattern: RecordDecoder.word(body))
      value = number.isNaN ? .null : .real(number)
    case 8, 9: value = .integer(Int64(serial - 8))
    case 10, 11: throw corrupt(rowID, "a field is of serial type \(serial)")
    default:
      let bytes = UnsafeRawBufferPointer(start: body, count: length)
      value = serial & 1 == 1 ? .text(bytes) : .blob(bytes)
    }
    try store(value, index, row, rowID)
  }

  private func storeDefaults(from field: Int, _ row: Int, _ rowID: Int64) throws {
    for (index, target) in targets.enumerated() where (target.field ?? -1) >= field {
      try target.standard.with { try store($0, index, row, rowID) }
    }
  }

  private func store(_ value: StoredValue, _ index: Int, _ row: Int, _ rowID: Int64) throws {
    let target = targets[index]
    target.sink.slot.nulls = slots[index].nulls
    defer { slots[index].nulls = target.sink.slot.nulls }
    do { try target.sink.store(value, at: row) } catch let unfit as UnfitValue {
      if policy == .null { return target.sink.storeNull(at: row) }
      throw PrestoError.unfit(unfit, column: target.name, type: target.sink.type, table: table, row: "rowid \(rowID)", path: path)
    }
  }

  private func corrupt(_ row: Int64, _ what: String) -> PrestoError {
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
