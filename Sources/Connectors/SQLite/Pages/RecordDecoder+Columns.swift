import Values
import Vectors

/// From fields to columns.
extension RecordDecoder {
  /// Stores one target's fields of `count` rows from `first` on.
  func store(_ index: Int, _ cells: UnsafePointer<Cell>, _ count: Int, _ first: Int) throws {
    let slot = slots[index]
    let fields = fields + index * RecordDecoder.rowsAtOnce
    switch slot.kind {
    case .bigint:
      let values = slot.values.assumingMemoryBound(to: Int64.self) + first
      for i in 0..<count {
        let (type, bytes) = (fields[i].type, fields[i].bytes)
        if RecordDecoder.isInteger(type) {
          values[i] = RecordDecoder.integer(type, bytes)
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .double:
      let values = slot.values.assumingMemoryBound(to: Double.self) + first
      for i in 0..<count {
        let (type, bytes) = (fields[i].type, fields[i].bytes)
        if type == 7, case let number = Double(bitPattern: RecordDecoder.word(bytes)), !number.isNaN {
          values[i] = number
        } else if RecordDecoder.isInteger(type) {
          values[i] = Double(RecordDecoder.integer(type, bytes))
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .decimal64:
      let values = slot.values.assumingMemoryBound(to: Int64.self) + first
      for i in 0..<count {
        let (type, bytes) = (fields[i].type, fields[i].bytes)
        if type == 7, let scaled = RecordDecoder.decimal(RecordDecoder.word(bytes), slot.factor, slot.limit) {
          values[i] = scaled
        } else if RecordDecoder.isInteger(type),
          let scaled = RecordDecoder.decimal(RecordDecoder.integer(type, bytes), slot.factor, slot.limit)
        {
          values[i] = scaled
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .text, .binary:
      let values = slot.values.assumingMemoryBound(to: Bytes.self) + first
      let isText = slot.kind == .text
      for i in 0..<count {
        let (type, bytes) = (fields[i].type, fields[i].bytes)
        let length = RecordDecoder.length(of: type)
        if type >= 12 && (type & 1 == 1 || !isText) && length <= 0x7FFF_FFFF {
          values[i] = RecordDecoder.view(bytes, length)
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .date:
      let values = slot.values.assumingMemoryBound(to: Int32.self) + first
      for i in 0..<count {
        // a text of ten bytes
        if fields[i].type == 33, let days = TextForm.days(fields[i].bytes, 10) {
          values[i] = Int32(truncatingIfNeeded: days)
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .boolean:
      let values = slot.values.assumingMemoryBound(to: UInt8.self) + first
      for i in 0..<count {
        let type = fields[i].type
        if type == 8 || type == 9 {
          values[i] = UInt8(truncatingIfNeeded: type &- 8)
        } else {
          try storeOther(fields[i], index, first + i, cells[i].row)
        }
      }
    case .timestamp, .decimal128: for i in 0..<count { try storeOther(fields[i], index, first + i, cells[i].row) }
    }
  }

  /// Nulls, constants and whatever the loop has no short way for.
  @inline(never)
  private func storeOther(_ field: Field, _ index: Int, _ row: Int, _ rowID: Int64) throws {
    let value: StoredValue
    let (serial, body) = (field.type, field.bytes)
    switch serial {
    case -1: return
    case 0: value = .null
    case 1...6: value = .integer(RecordDecoder.integer(serial, body))
    case 7:
      // SQLite never stores a NaN; a file that does reads as null there
      let number = Double(bitPattern: RecordDecoder.word(body))
      value = number.isNaN ? .null : .real(number)
    case 8, 9: value = .integer(Int64(serial - 8))
    case 10, 11: throw corrupt(rowID, "a field is of serial type \(serial)")
    default:
      let bytes = UnsafeRawBufferPointer(start: body, count: RecordDecoder.length(of: serial))
      value = serial & 1 == 1 ? .text(bytes) : .blob(bytes)
    }
    try store(value, index, row, rowID)
  }

  /// For a row that is older than the columns from `field` on.
  func storeDefaults(from field: Int, at place: Int, _ row: Int, _ rowID: Int64) throws {
    for (index, target) in targets.enumerated() where (target.field ?? -1) >= field {
      fields[index * RecordDecoder.rowsAtOnce + place].type = -1
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
}
