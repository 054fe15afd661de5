import Values
import Vectors

/// Writes the values of one vector as JSON, row by row. One subclass per shape; the choice is made once per vector.
class CellWriter {
  func write(_ row: Int, _ out: inout TextWriter) {}
  /// The value as the text inside the quotes of an object's key; never asked of a null.
  func writeKey(_ row: Int, _ out: inout TextWriter) {}

  /// - Parameter isParametric: whether the client knows times with other precisions than milliseconds.
  static func make(_ vector: Vector, isParametric: Bool) -> CellWriter {
    switch vector.encoding {
    case .constant(let value):
      switch value.encoding {
      case .list, .map, .row: return RepeatedCells(make(value, isParametric: isParametric))
      case .flat, .constant, .dictionary: break
      }
    case .dictionary(let indices, let values):
      switch values.encoding {
      case .list, .map, .row: return IndexedCells(make(values, isParametric: isParametric), indices)
      case .flat, .constant, .dictionary: break
      }
    case .list(let offsets, let elements, let validity):
      return ListCells(vector, offsets, make(elements, isParametric: isParametric), validity)
    case .map(let offsets, let keys, let values, let validity):
      return MapCells(vector, offsets, make(keys, isParametric: isParametric), make(values, isParametric: isParametric), validity)
    case .row(let fields, let validity): return RowCells(vector, fields.map { make($0, isParametric: isParametric) }, validity)
    case .flat: break
    }
    switch vector.type {
    case .unknown: return NullCells()
    case .boolean: return BooleanCells(vector)
    case .tinyint: return IntegerCells<Int8>(vector)
    case .smallint: return IntegerCells<Int16>(vector)
    case .integer: return IntegerCells<Int32>(vector)
    case .bigint: return IntegerCells<Int64>(vector)
    case .real: return RealCells(vector)
    case .double: return DoubleCells(vector)
    case .decimal(let precision, let scale): return precision <= 18 ? ShortDecimalCells(vector, scale) : QuotedCells(vector)
    case .varchar, .json: return TextCells(vector)
    case .varbinary, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function: return BinaryCells(vector)
    case .time, .timeWithTimeZone, .timestamp, .timestampWithTimeZone: return isParametric ? QuotedCells(vector) : MillisecondCells(vector)
    case .char, .uuid, .ipaddress, .ipprefix, .date, .intervalDayToSecond, .intervalYearToMonth, .array, .map, .row:
      return QuotedCells(vector)
    }
  }
}

/// A vector with flat slots.
class SlotCells<Value: BitwiseCopyable>: CellWriter {
  final let vector: Vector
  final let reader: Reader<Value>

  init(_ vector: Vector) {
    self.vector = vector
    reader = vector.reader(as: Value.self)
  }
}

final class NullCells: CellWriter {
  override func write(_ row: Int, _ out: inout TextWriter) { out.write("null") }
}

final class BooleanCells: SlotCells<UInt8> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    writeKey(row, &out)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { if reader[row] != 0 { out.write("true") } else { out.write("false") } }
}

final class IntegerCells<Value: FixedWidthInteger & BitwiseCopyable>: SlotCells<Value> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    out.write(number: Int(truncatingIfNeeded: reader[row]))
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { out.write(number: Int(truncatingIfNeeded: reader[row])) }
}

final class DoubleCells: SlotCells<Double> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    out.writeJSON(number: reader[row])
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { NumberText.write(shown: reader[row], &out) }
}

final class RealCells: SlotCells<Float> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    out.writeJSON(number: reader[row])
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { NumberText.write(shown: reader[row], &out) }
}

final class ShortDecimalCells: SlotCells<Int64> {
  private let scale: Int
  private let unit: UInt64

  init(_ vector: Vector, _ scale: Int) {
    self.scale = scale
    unit = (0..<scale).reduce(1) { value, _ in value * 10 }
    super.init(vector)
  }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    out.write(0x22)
    writeKey(row, &out)
    out.write(0x22)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) {
    let value = reader[row]
    if value < 0 { out.write(0x2D) }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: unit)
    out.write(number: Int(whole))
    if scale > 0 {
      out.write(0x2E)
      out.write(number: Int(fraction), width: scale)
    }
  }
}

final class TextCells: SlotCells<Bytes> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    out.writeJSON(string: reader[row])
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { out.write(reader[row]) }
}

final class BinaryCells: SlotCells<Bytes> {
  override func write(_ row: Int, _ out: inout TextWriter) {
    if !reader.isValid(row) { return out.write("null") }
    reader[row].withBytes { out.writeBase64($0) }
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { TextForm.write(vector, row: row, &out) }
}

/// Types whose JSON is their text in quotes; none of these texts needs escaping but `char`'s.
final class QuotedCells: CellWriter {
  private let vector: Vector
  private let mayNeedEscape: Bool

  init(_ vector: Vector) {
    self.vector = vector
    mayNeedEscape = vector.type.isText
  }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if vector.isNull(at: row) { return out.write("null") }
    if mayNeedEscape { return out.writeJSON(string: vector.text(at: row) ?? "") }
    out.write(0x22)
    TextForm.write(vector, row: row, &out)
    out.write(0x22)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { TextForm.write(vector, row: row, &out) }
}

/// Times for clients that know milliseconds only: rounded, always three digits.
final class MillisecondCells: CellWriter {
  private let vector: Vector

  init(_ vector: Vector) { self.vector = vector }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if vector.isNull(at: row) { return out.write("null") }
    out.write(0x22)
    writeKey(row, &out)
    out.write(0x22)
  }

  override func writeKey(_ row: Int, _ out: inout TextWriter) {
    let unit = Int128(CalendarText.unit(3))
    switch vector.type {
    case .time:
      let rounded = CalendarText.rounded(Int128(vector.reader(as: Int64.self)[row]), to: unit) % Int128(CalendarText.picosecondsPerDay)
      CalendarText.write(time: Int64(rounded), precision: 3, &out)
    case .timeWithTimeZone:
      let value = ZonedTime(bits: vector.reader(as: Int128.self)[row])
      let rounded = CalendarText.rounded(Int128(value.picoseconds), to: unit) % Int128(CalendarText.picosecondsPerDay)
      CalendarText.write(ZonedTime(picoseconds: Int64(rounded), offsetMinutes: value.offsetMinutes), precision: 3, &out)
    case .timestamp(let precision):
      let value = precision <= 6 ? Int128(vector.reader(as: Int64.self)[row]) * 1_000_000 : vector.reader(as: Int128.self)[row]
      CalendarText.write(timestamp: CalendarText.rounded(value, to: unit), precision: 3, &out)
    case .timestampWithTimeZone:
      let value = ZonedTimestamp(bits: vector.reader(as: Int128.self)[row])
      CalendarText.write(
        ZonedTimestamp(picoseconds: CalendarText.rounded(value.picoseconds, to: unit), zone: value.zone), precision: 3, &out)
    default: TextForm.write(vector, row: row, &out)
    }
  }
}
