import Values
import Vectors

/// One value for all rows.
final class RepeatedCells: CellWriter {
  private let value: CellWriter
  init(_ value: CellWriter) { self.value = value }
  override func write(_ row: Int, _ out: inout TextWriter) { value.write(0, &out) }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { value.writeKey(0, &out) }
}

/// A dictionary of nested values.
final class IndexedCells: CellWriter {
  private let values: CellWriter
  private let indices: Buffer
  init(_ values: CellWriter, _ indices: Buffer) {
    self.values = values
    self.indices = indices
  }
  override func write(_ row: Int, _ out: inout TextWriter) { values.write(Int(indices.pointer(as: UInt32.self)[row]), &out) }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { values.writeKey(Int(indices.pointer(as: UInt32.self)[row]), &out) }
}

/// Arrays: JSON arrays. As the key of a map, any nested value is the text that Presto's command line shows.
final class ListCells: CellWriter {
  private let vector: Vector
  private let offsets: Buffer
  private let elements: CellWriter
  private let validity: Bitmap?

  init(_ vector: Vector, _ offsets: Buffer, _ elements: CellWriter, _ validity: Bitmap?) {
    self.vector = vector
    self.offsets = offsets
    self.elements = elements
    self.validity = validity
  }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if let validity, !validity[row] { return out.write("null") }
    let bounds = offsets.pointer(as: Int32.self)
    out.write(0x5B)
    for i in Int(bounds[row])..<Int(bounds[row + 1]) {
      if i > Int(bounds[row]) { out.write(0x2C) }
      elements.write(i, &out)
    }
    out.write(0x5D)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { TextForm.write(vector, row: row, &out) }
}

/// Maps: JSON objects, the keys as texts.
final class MapCells: CellWriter {
  private let vector: Vector
  private let offsets: Buffer
  private let keys: CellWriter
  private let values: CellWriter
  private let validity: Bitmap?

  init(_ vector: Vector, _ offsets: Buffer, _ keys: CellWriter, _ values: CellWriter, _ validity: Bitmap?) {
    self.vector = vector
    self.offsets = offsets
    self.keys = keys
    self.values = values
    self.validity = validity
  }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if let validity, !validity[row] { return out.write("null") }
    let bounds = offsets.pointer(as: Int32.self)
    out.write(0x7B)
    var key = TextWriter(capacity: 64)
    for i in Int(bounds[row])..<Int(bounds[row + 1]) {
      if i > Int(bounds[row]) { out.write(0x2C) }
      keys.writeKey(i, &key)
      out.writeJSON(string: UnsafeRawBufferPointer(key.written))
      key.rewind()
      out.write(0x3A)
      values.write(i, &out)
    }
    out.write(0x7D)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { TextForm.write(vector, row: row, &out) }
}

/// Rows: JSON arrays by position.
final class RowCells: CellWriter {
  private let vector: Vector
  private let fields: [CellWriter]
  private let validity: Bitmap?

  init(_ vector: Vector, _ fields: [CellWriter], _ validity: Bitmap?) {
    self.vector = vector
    self.fields = fields
    self.validity = validity
  }

  override func write(_ row: Int, _ out: inout TextWriter) {
    if let validity, !validity[row] { return out.write("null") }
    out.write(0x5B)
    for (index, field) in fields.enumerated() {
      if index > 0 { out.write(0x2C) }
      field.write(row, &out)
    }
    out.write(0x5D)
  }
  override func writeKey(_ row: Int, _ out: inout TextWriter) { TextForm.write(vector, row: row, &out) }
}
