import Glibc
import Values
import Vectors

/// Where one column of a batch is collected: flat slots and validity bits, filled row by row.
///
/// The pointers in `slot` are what the record decoder's loop works on; everything unusual (a value of another kind than the column declares)
/// goes through `store`, which both readers share, so that direct and statement reading give equal results.
final class ColumnSink {
  /// What a slot holds and how stored values become it.
  enum Kind: UInt8 {
    case bigint, boolean, double, decimal64, decimal128, date, timestamp, text, binary
  }

  /// The part the loop over rows touches.
  struct Slot {
    var kind: Kind
    var scale: Int32
    /// 10^scale, where it fits.
    var factor: Int64
    /// 10^precision of a short decimal: magnitudes are below it.
    var limit: Int64
    var nulls: Int
    var values: UnsafeMutableRawPointer
    var validity: UnsafeMutablePointer<UInt64>
  }

  let type: DataType
  let capacity: Int
  private(set) var values: Buffer
  private(set) var validity: Buffer
  var slot: Slot
  /// Copies of texts that would not outlive their row.
  private var arena = Arena()
  private lazy var reals = RealWriter()

  init(_ type: DataType, capacity: Int) {
    self.type = type
    self.capacity = capacity
    values = Buffer(byteCount: capacity * type.layout.width)
    validity = Buffer(byteCount: Bitmap.wordCount(capacity) * 8)
    let kind = ColumnSink.kind(of: type)
    var scale = 0, precision = 18
    if case .decimal(let p, let s) = type { (precision, scale) = (p, s) }
    slot = Slot(
      kind: kind, scale: Int32(scale), factor: ColumnSink.power(min(scale, 18)), limit: ColumnSink.power(min(precision, 18)), nulls: 0,
      values: values.base, validity: validity.pointer(as: UInt64.self))
    memset(validity.base, 0xFF, validity.byteCount)
  }

  static func kind(of type: DataType) -> Kind {
    switch type {
    case .boolean: .boolean
    case .double: .double
    case .decimal(let precision, _): precision <= 18 ? .decimal64 : .decimal128
    case .date: .date
    case .timestamp: .timestamp
    case .varbinary: .binary
    case .varchar, .char: .text
    default: .bigint
    }
  }

  private static func power(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { value, _ in value * 10 } }

  /// What was collected; the sink starts again with fresh memory. `heap` keeps alive what texts point into beside the sink's own copies.
  func finish(_ count: Int, heap: [Buffer]) -> Vector {
    let bits = slot.nulls == 0 ? nil : Bitmap(words: validity, count: count)
    let isText = slot.kind == .text || slot.kind == .binary
    let vector = Vector.flat(type, count: count, values: values, heap: isText ? heap + arena.buffers : [], validity: bits)
    values = Buffer(byteCount: capacity * type.layout.width)
    slot.values = values.base
    if slot.nulls > 0 {
      validity = Buffer(byteCount: Bitmap.wordCount(capacity) * 8)
      memset(validity.base, 0xFF, validity.byteCount)
      slot.validity = validity.pointer(as: UInt64.self)
    }
    slot.nulls = 0
    arena = Arena()
    return vector
  }

  func storeNull(at row: Int) {
    slot.validity[row >> 6] &= ~(1 << UInt64(row & 63))
    slot.nulls += 1
    let width = type.layout.width
    memset(slot.values + row * width, 0, width)
  }

  /// Any stored value. Throws `UnfitValue` for one that the type cannot represent; nothing is stored then.
  ///
  ///     bigint      integers; reals and texts that are whole numbers
  ///     boolean     0 and everything else; true/false, yes/no, on/off, t/f, y/n in any case
  ///     double      numbers; texts that are numbers
  ///     decimal     numbers, rounded to the scale as other databases do on assignment; texts that are numbers
  ///     date, timestamp    ISO 8601 texts; numbers as SQLite's `auto` modifier takes them: Julian days below 5373484.5, else seconds since 1970
  ///     varchar     texts; numbers as SQLite writes them
  ///     varbinary   blobs; texts as their UTF-8
  func store(_ value: StoredValue, at row: Int) throws {
    switch slot.kind {
    case .bigint: try storeInteger(value, at: row)
    case .boolean: try storeBoolean(value, at: row)
    case .double: try storeDouble(value, at: row)
    case .decimal64, .decimal128: try storeDecimal(value, at: row)
    case .date, .timestamp: try storeInstant(value, at: row)
    case .text: try storeText(value, at: row)
    case .binary: try storeBinary(value, at: row)
    }
  }

  @inline(__always) private func put<T: BitwiseCopyable>(_ value: T, at row: Int) {
    slot.values.assumingMemoryBound(to: T.self)[row] = value
  }

  private func storeInteger(_ value: StoredValue, at row: Int) throws {
    switch value {
    case .null: storeNull(at: row)
    case .integer(let number): put(number, at: row)
    case .real(let number):
      guard let exact = Int64(exactly: number) else { throw UnfitValue(found: value.description) }
      put(exact, at: row)
    case .text(let text):
      guard let number = TextForm.integer(text) ?? TextForm.double(text).flatMap({ Int64(exactly: $0) }) else {
        throw UnfitValue(found: value.description)
      }
      put(number, at: row)
    case .blob: throw UnfitValue(found: value.description)
    }
  }

  private func storeBoolean(_ value: StoredValue, at row: Int) throws {
    switch value {
    case .null: storeNull(at: row)
    case .integer(let number): put(number != 0, at: row)
    case .real(let number): put(number != 0, at: row)
    case .text(let text):
      switch String(decoding: TextForm.trimmed(text), as: UTF8.self).lowercased() {
      case "true", "t", "yes", "y", "on", "1": put(true, at: row)
      case "false", "f", "no", "n", "off", "0": put(false, at: row)
      default: throw UnfitValue(found: value.description)
      }
    case .blob: throw UnfitValue(found: value.description)
    }
  }

  private func storeDouble(_ value: StoredValue, at row: Int) throws {
    switch value {
    case .null: storeNull(at: row)
    case .integer(let number): put(Double(number), at: row)
    case .real(let number): put(number, at: row)
    case .text(let text):
      guard let number = TextForm.double(text) else { throw UnfitValue(found: value.description) }
      put(number, at: row)
    case .blob: throw UnfitValue(found: value.description)
    }
  }

  private func storeDecimal(_ value: StoredValue, at row: Int) throws {
    guard case .decimal(let precision, let scale) = type else { return }
    let scaled: Int128?
    switch value {
    case .null: return storeNull(at: row)
    case .integer(let number): scaled = (0..<scale).reduce(Int128(number)) { value, _ in value.flatMap { times10($0) } }
    case .real(let number): scaled = TextForm.decimal(number, scale: scale)
    case .text(let text): scaled = TextForm.decimal(text, scale: scale)
    case .blob: scaled = nil
    }
    let limit = (0..<precision).reduce(Int128(1)) { number, _ in number * 10 }
    guard let scaled, scaled < limit, scaled > -limit else { throw UnfitValue(found: value.description) }
    if slot.kind == .decimal64 { put(Int64(truncatingIfNeeded: scaled), at: row) } else { put(scaled, at: row) }
  }

  private func times10(_ value: Int128) -> Int128? {
    let (result, overflow) = value.multipliedReportingOverflow(by: 10)
    return overflow ? nil : result
  }

  private func storeInstant(_ value: StoredValue, at row: Int) throws {
    let micros: Int64?
    switch value {
    case .null: return storeNull(at: row)
    case .integer(let number): micros = ColumnSink.micros(Double(number))
    case .real(let number): micros = ColumnSink.micros(number)
    case .text(let text):
      // not trimmed: what is pushed down as a comparison of texts relies on where they begin
      micros = text.baseAddress.flatMap { TextForm.micros($0.assumingMemoryBound(to: UInt8.self), text.count) }
    case .blob: micros = nil
    }
    guard let micros else { throw UnfitValue(found: value.description) }
    if slot.kind == .date {
      put(Int32(truncatingIfNeeded: micros >= 0 ? micros / 86_400_000_000 : (micros + 1) / 86_400_000_000 - 1), at: row)
    } else {
      put(cut(micros), at: row)
    }
  }

  /// To the column's precision.
  private func cut(_ micros: Int64) -> Int64 {
    guard case .timestamp(let precision) = type, precision < 6 else { return micros }
    let unit = ColumnSink.power(6 - precision)
    return (micros >= 0 ? micros / unit : (micros + 1) / unit - 1) * unit
  }

  /// https://www.sqlite.org/lang_datefunc.html, the `auto` modifier. nil: outside the years 0…9999.
  private static func micros(_ number: Double) -> Int64? {
    if number >= 0 && number < 5_373_484.5 { return Int64(((number - 2_440_587.5) * 86_400_000).rounded()) * 1000 }
    guard number >= -210_866_760_000, number <= 253_402_300_799 else { return nil }
    return Int64((number * 1_000_000).rounded())
  }

  private func storeText(_ value: StoredValue, at row: Int) throws {
    switch value {
    case .null: storeNull(at: row)
    case .integer(let number): storeCopy(String(number), at: row)
    case .real(let number): storeCopy(reals.text(number), at: row)
    case .text(let text): put(arena.store(text), at: row)
    case .blob: throw UnfitValue(found: value.description)
    }
  }

  private func storeBinary(_ value: StoredValue, at row: Int) throws {
    switch value {
    case .null: storeNull(at: row)
    case .blob(let bytes), .text(let bytes): put(arena.store(bytes), at: row)
    case .integer, .real: throw UnfitValue(found: value.description)
    }
  }

  private func storeCopy(_ text: String, at row: Int) {
    var copy = text
    copy.withUTF8 { put(arena.store(UnsafeRawBufferPointer($0)), at: row) }
  }

  @inline(__always)
  func storeView(_ view: Bytes, at row: Int) { put(view, at: row) }
}
