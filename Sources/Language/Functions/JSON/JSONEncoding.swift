import Values
import Vectors

/// SQL values as JSON: rows are objects of their fields' names, maps objects in the order of their keys.
enum JSONEncoding {
  static func write(_ vector: Vector, _ row: Int, _ out: inout TextWriter) {
    if vector.isNull(at: row) { return out.write("null") }
    switch vector.encoding {
    case .constant(let value): write(value, 0, &out)
    case .dictionary(let indices, let values): write(values, Int(indices.pointer(as: UInt32.self)[row]), &out)
    case .list(let offsets, let elements, _):
      let ends = offsets.pointer(as: Int32.self)
      out.write(0x5B)
      for i in ends[row]..<ends[row + 1] {
        if i > ends[row] { out.write(0x2C) }
        write(elements, Int(i), &out)
      }
      out.write(0x5D)
    case .map(let offsets, let keys, let values, _):
      let ends = offsets.pointer(as: Int32.self)
      var entries = (ends[row]..<ends[row + 1]).map { (key: text(keys, Int($0)), index: Int($0)) }
      entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
      out.write(0x7B)
      for (place, entry) in entries.enumerated() {
        if place > 0 { out.write(0x2C) }
        JSONCursor.write(string: entry.key, &out)
        out.write(0x3A)
        write(values, entry.index, &out)
      }
      out.write(0x7D)
    case .row(let fields, _):
      var names: [String] = []
      if case .row(let declared) = vector.type { names = declared.map { $0.name ?? "" } }
      out.write(0x7B)
      for (index, field) in fields.enumerated() {
        if index > 0 { out.write(0x2C) }
        JSONCursor.write(string: Array((index < names.count ? names[index] : "").utf8), &out)
        out.write(0x3A)
        write(field, row, &out)
      }
      out.write(0x7D)
    case .flat(let values, _, _): scalar(vector, values, row, &out)
    }
  }

  private static func scalar(_ vector: Vector, _ values: Buffer, _ row: Int, _ out: inout TextWriter) {
    switch vector.type {
    case .boolean, .tinyint, .smallint, .integer, .bigint, .decimal: TextForm.write(vector, row: row, &out)
    case .real, .double:
      let isFinite = vector.type == .real ? values.pointer(as: Float.self)[row].isFinite : values.pointer(as: Double.self)[row].isFinite
      if !isFinite { out.write(0x22) }
      TextForm.write(vector, row: row, &out)
      if !isFinite { out.write(0x22) }
    case .json: out.write(values.pointer(as: Bytes.self)[row])
    case .varchar: JSONCursor.write(string: values.pointer(as: Bytes.self)[row].array, &out)
    default: JSONCursor.write(string: text(vector, row), &out)
    }
  }

  private static func text(_ vector: Vector, _ row: Int) -> [UInt8] {
    var writer = TextWriter(capacity: 64)
    TextForm.write(vector, row: row, &writer)
    return [UInt8](UnsafeRawBufferPointer(writer.written))
  }
}
