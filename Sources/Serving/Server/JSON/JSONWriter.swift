import Hummingbird
import Vectors

/// Writes a JSON document from front to back: keys and values in the order they come, commas where they belong.
struct JSONWriter {
  var out: TextWriter
  /// Nothing stands before the next value in its object or array.
  private var isFirst = true

  init(capacity: Int = 2048) { out = TextWriter(capacity: capacity) }

  private mutating func separate() {
    if !isFirst { out.write(0x2C) }
    isFirst = false
  }

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    out.write(0x7B)
    isFirst = true
    body(&self)
    out.write(0x7D)
    isFirst = false
  }

  mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    out.write(0x5B)
    isFirst = true
    body(&self)
    out.write(0x5D)
    isFirst = false
  }

  mutating func key(_ name: String) {
    separate()
    out.writeJSON(string: name)
    out.write(0x3A)
    isFirst = true
  }

  mutating func string(_ value: String) {
    separate()
    out.writeJSON(string: value)
  }

  mutating func number(_ value: Int) {
    separate()
    out.write(number: value)
  }

  mutating func number(_ value: Double) {
    separate()
    out.writeJSON(number: value)
  }

  mutating func bool(_ value: Bool) {
    separate()
    if value { out.write("true") } else { out.write("false") }
  }

  mutating func null() {
    separate()
    out.write("null")
  }

  /// A value whose JSON is written by `body`.
  mutating func raw(_ body: (inout TextWriter) -> Void) {
    separate()
    body(&out)
  }

  mutating func field(_ name: String, _ value: String) {
    key(name)
    string(value)
  }
  mutating func field(_ name: String, _ value: Int) {
    key(name)
    number(value)
  }
  mutating func field(_ name: String, _ value: Double) {
    key(name)
    number(value)
  }
  mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }
  /// Left out when there is none.
  mutating func field(_ name: String, _ value: String?) { if let value { field(name, value) } }

  mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }
  mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    array(body)
  }

  /// What was written so far.
  var buffer: ByteBuffer { ByteBuffer(bytes: UnsafeRawBufferPointer(out.written)) }
}
