import Values

/// Any value of any type as text, as Presto's command line shows it: arrays `[1, 2]`, maps `{a=1}`, rows `{x=1, y=2}`.
public enum TextForm {
  /// Row `row` of a vector of any encoding. Writes nothing for a null at the top; `null` inside others.
  public static func write(_ vector: Vector, row: Int, _ out: inout TextWriter) {
    switch vector.encoding {
    case .constant(let value): return write(value, row: 0, &out)
    case .dictionary(let indices, let values): return write(values, row: Int(indices.pointer(as: UInt32.self)[row]), &out)
    case .list(let offsets, let elements, let validity):
      if validity.map({ !$0[row] }) ?? false { return }
      out.write(0x5B)
      var isFirst = true
      for i in Vector.range(offsets, row) {
        if !isFirst { out.write(", ") }
        isFirst = false
        writeInside(elements, i, &out)
      }
      out.write(0x5D)
    case .map(let offsets, let keys, let values, let validity):
      if validity.map({ !$0[row] }) ?? false { return }
      out.write(0x7B)
      var isFirst = true
      for i in Vector.range(offsets, row) {
        if !isFirst { out.write(", ") }
        isFirst = false
        writeInside(keys, i, &out)
        out.write(0x3D)
        writeInside(values, i, &out)
      }
      out.write(0x7D)
    case .row(let fields, let validity):
      if validity.map({ !$0[row] }) ?? false { return }
      var names: [DataType.Field] = []
      if case .row(let declared) = vector.type { names = declared }
      out.write(0x7B)
      for (index, field) in fields.enumerated() {
        if index > 0 { out.write(", ") }
        if index < names.count, let name = names[index].name {
          out.write(name)
        } else {
          out.write("field")
          out.write(number: index)
        }
        out.write(0x3D)
        writeInside(field, row, &out)
      }
      out.write(0x7D)
    case .flat(let values, _, let validity):
      if validity.map({ !$0[row] }) ?? false { return }
      writeFlat(values, row, vector.type, &out)
    }
  }

  private static func writeInside(_ vector: Vector, _ row: Int, _ out: inout TextWriter) {
    if vector.isNull(at: row) { out.write("null") } else { write(vector, row: row, &out) }
  }

  private static func writeFlat(_ values: Buffer, _ row: Int, _ type: DataType, _ out: inout TextWriter) {
    switch type {
    case .unknown: break
    case .boolean: if values.pointer(as: UInt8.self)[row] != 0 { out.write("true") } else { out.write("false") }
    case .tinyint: out.write(number: Int(values.pointer(as: Int8.self)[row]))
    case .smallint: out.write(number: Int(values.pointer(as: Int16.self)[row]))
    case .integer: out.write(number: Int(values.pointer(as: Int32.self)[row]))
    case .bigint: out.write(number: Int(values.pointer(as: Int64.self)[row]))
    case .real: NumberText.write(shown: values.pointer(as: Float.self)[row], &out)
    case .double: NumberText.write(shown: values.pointer(as: Double.self)[row], &out)
    case .decimal(let precision, let scale):
      let value = precision <= 18 ? Int128(values.pointer(as: Int64.self)[row]) : values.pointer(as: Int128.self)[row]
      NumberText.write(decimal: value, scale: scale, &out)
    case .varchar, .json: out.write(values.pointer(as: Bytes.self)[row])
    case .char(let length):
      let value = values.pointer(as: Bytes.self)[row]
      out.write(value)
      out.write(repeating: 0x20, count: length - CodePoints.count(value))
    case .varbinary, .hyperLogLog, .tdigest, .qdigest, .setDigest, .kllSketch, .function:
      values.pointer(as: Bytes.self)[row].withBytes { raw in
        for (i, byte) in raw.enumerated() {
          if i > 0 { out.write(0x20) }
          IdentifierText.writeHex(byte, &out)
        }
      }
    case .uuid: IdentifierText.write(uuid: values.pointer(as: Bytes.self)[row], &out)
    case .ipprefix: NetworkText.write(network: values.pointer(as: Bytes.self)[row], &out)
    case .ipaddress: IdentifierText.write(address: values.pointer(as: Bytes.self)[row], &out)
    case .date: CalendarText.write(date: Int(values.pointer(as: Int32.self)[row]), &out)
    case .time(let precision): CalendarText.write(time: values.pointer(as: Int64.self)[row], precision: precision, &out)
    case .timeWithTimeZone(let precision):
      CalendarText.write(ZonedTime(bits: values.pointer(as: Int128.self)[row]), precision: precision, &out)
    case .timestamp(let precision):
      let value = precision <= 6 ? Int128(values.pointer(as: Int64.self)[row]) * 1_000_000 : values.pointer(as: Int128.self)[row]
      CalendarText.write(timestamp: value, precision: precision, &out)
    case .timestampWithTimeZone(let precision):
      CalendarText.write(ZonedTimestamp(bits: values.pointer(as: Int128.self)[row]), precision: precision, &out)
    case .intervalDayToSecond: CalendarText.write(interval: values.pointer(as: Int64.self)[row], &out)
    case .intervalYearToMonth: CalendarText.write(months: values.pointer(as: Int32.self)[row], &out)
    case .array, .map, .row: break
    }
  }
}

extension Vector {
  /// Row `row` as Presto's command line shows it; nil for a null. For edges: see `TextForm.write` for many rows.
  public func text(at row: Int) -> String? {
    if isNull(at: row) { return nil }
    var writer = TextWriter(capacity: 64)
    TextForm.write(self, row: row, &writer)
    return String(decoding: writer.written, as: UTF8.self)
  }
}

extension Constant {
  /// The value as Presto's command line shows it; nil for null.
  public func text(as type: DataType) -> String? { Vector.constant(self, type, count: 1).text(at: 0) }
}

/// Lengths and places in UTF-8, counted in code points.
public enum CodePoints {
  /// Bytes that are no continuation bytes.
  public static func count(_ view: Bytes) -> Int {
    view.withBytes { raw in
      var count = 0
      for byte in raw { count &+= (byte & 0xC0 != 0x80).bit }
      return count
    }
  }

  /// The first `limit` code points. Values past 12 bytes are pointed at, not copied.
  public static func prefix(_ view: Bytes, _ limit: Int) -> Bytes {
    if view.count <= limit { return view }
    return view.withBytes { raw in
      var count = 0
      for (place, byte) in raw.enumerated() where byte & 0xC0 != 0x80 {
        if count == limit { return raw.baseAddress.map { Bytes($0, count: place) } ?? .empty }
        count += 1
      }
      return view
    }
  }

  /// Without blanks at the end.
  public static func trimmedRight(_ view: Bytes) -> Bytes {
    view.withBytes { raw in
      var end = raw.count
      while end > 0 && raw[end - 1] == 0x20 { end -= 1 }
      if end == raw.count { return view }
      return raw.baseAddress.map { Bytes($0, count: end) } ?? .empty
    }
  }
}
