import Values
import Vectors

/// What a KLL sketch may hold: how values are ordered, read and written.
protocol KLLItem: Sendable, SendableMetatype {
  associatedtype Stored: Storable
  static var dataType: DataType { get }
  init(_ stored: Stored)
  func append(to builder: VectorBuilder)
  static func precedes(_ a: Self, _ b: Self) -> Bool
  /// nil: the bytes end too early.
  static func read(_ count: Int, _ input: inout SketchBytes) -> [Self]?
  static func write(_ items: [Self], _ out: inout [UInt8])
}

extension Int64: KLLItem {
  static var dataType: DataType { .bigint }
  init(_ stored: Int64) { self = stored }
  func append(to builder: VectorBuilder) { builder.append(self) }
  static func precedes(_ a: Int64, _ b: Int64) -> Bool { a < b }

  static func read(_ count: Int, _ input: inout SketchBytes) -> [Int64]? {
    guard count <= input.left / 8 else { return nil }
    return (0..<count).compactMap { _ in input.number(Int64.self) }
  }

  static func write(_ items: [Int64], _ out: inout [UInt8]) { for item in items { out.put(item) } }
}

extension Double: KLLItem {
  static var dataType: DataType { .double }
  init(_ stored: Double) { self = stored }
  func append(to builder: VectorBuilder) { builder.append(self) }
  /// NaN after all others.
  static func precedes(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }

  static func read(_ count: Int, _ input: inout SketchBytes) -> [Double]? {
    Int64.read(count, &input)?.map { Double(bitPattern: UInt64(bitPattern: $0)) }
  }

  static func write(_ items: [Double], _ out: inout [UInt8]) { for item in items { out.put(item.bitPattern) } }
}

extension Bool: KLLItem {
  static var dataType: DataType { .boolean }
  init(_ stored: Bool) { self = stored }
  func append(to builder: VectorBuilder) { builder.append(self) }
  static func precedes(_ a: Bool, _ b: Bool) -> Bool { !a && b }

  /// Eight in a byte, the first in the lowest bit.
  static func read(_ count: Int, _ input: inout SketchBytes) -> [Bool]? {
    guard let bytes = input.part((count + 7) / 8) else { return nil }
    return (0..<count).map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
  }

  static func write(_ items: [Bool], _ out: inout [UInt8]) {
    for start in stride(from: 0, to: items.count, by: 8) {
      var byte: UInt8 = 0
      for (bit, item) in items[start..<min(start + 8, items.count)].enumerated() where item { byte |= 1 << UInt8(bit) }
      out.append(byte)
    }
  }
}

/// A text in a sketch, ordered by its bytes.
struct KLLText: KLLItem {
  let bytes: [UInt8]

  static var dataType: DataType { .varchar }
  init(_ stored: Bytes) { bytes = stored.array }
  private init(bytes: [UInt8]) { self.bytes = bytes }
  func append(to builder: VectorBuilder) { bytes.withUnsafeBytes { builder.append($0) } }
  static func precedes(_ a: KLLText, _ b: KLLText) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  static func read(_ count: Int, _ input: inout SketchBytes) -> [KLLText]? {
    guard count <= input.left / 4 else { return nil }
    var texts: [KLLText] = []
    for _ in 0..<count {
      guard let length = input.number(Int32.self), let part = input.part(Int(length)) else { return nil }
      texts.append(KLLText(bytes: Array(part)))
    }
    return texts
  }

  static func write(_ items: [KLLText], _ out: inout [UInt8]) {
    for item in items {
      out.put(Int32(truncatingIfNeeded: item.bytes.count))
      out += item.bytes
    }
  }
}
