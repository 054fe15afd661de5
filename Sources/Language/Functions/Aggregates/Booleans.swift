import Expressions
import Values
import Vectors

extension Function {
  static let logicalAggregates: [Function] = [
    .aggregate("bool_and", [.boolean], .boolean, "TRUE if every value is TRUE") { _, result in flat(Every.self, result) },
    .aggregate("every", [.boolean], .boolean, "TRUE if every value is TRUE") { _, result in flat(Every.self, result) },
    .aggregate("bool_or", [.boolean], .boolean, "TRUE if any value is TRUE") { _, result in flat(AnyTrue.self, result) },
    .aggregate("bitwise_and_agg", [.bigint], .bigint, "Bitwise AND of all values") { _, result in flat(BitwiseAnd.self, result) },
    .aggregate("bitwise_or_agg", [.bigint], .bigint, "Bitwise OR of all values") { _, result in flat(BitwiseOr.self, result) },
    .aggregate("bitwise_xor_agg", [.bigint], .bigint, "Bitwise XOR of all values") { _, result in flat(BitwiseXor.self, result) },
    .aggregate("bit_and", [.bigint], .bigint, "Bitwise AND of all values") { _, result in flat(BitwiseAnd.self, result) },
    .aggregate("bit_or", [.bigint], .bigint, "Bitwise OR of all values") { _, result in flat(BitwiseOr.self, result) },
    .aggregate("bit_xor", [.bigint], .bigint, "Bitwise XOR of all values") { _, result in flat(BitwiseXor.self, result) },
  ]
}

/// Bit 0: a TRUE was seen; bit 1: a FALSE was seen.
protocol SeenBooleans: Accumulator where Input == Bool, State == UInt8, Output == Bool {}

extension SeenBooleans {
  static var initial: UInt8 { 0 }
  @inline(__always) static func add(_ x: Bool, to state: inout UInt8) { state |= 2 &- UInt8(truncatingIfNeeded: x.bit) }
  @inline(__always) static func merge(_ other: UInt8, into state: inout UInt8) { state |= other }
  @inline(__always) static func add(_ x: Bool, times: Int, to state: inout UInt8) { if times > 0 { add(x, to: &state) } }
}

enum Every: SeenBooleans {
  static func result(_ state: UInt8) -> Bool? { state == 0 ? nil : state & 2 == 0 }
}

enum AnyTrue: SeenBooleans {
  static func result(_ state: UInt8) -> Bool? { state == 0 ? nil : state & 1 != 0 }
}

struct BitwiseState: BitwiseCopyable {
  var bits: Int64
  var isSet = false
}

protocol BitwiseFold: Accumulator where Input == Int64, State == BitwiseState, Output == Int64 {
  static var identity: Int64 { get }
  static func combine(_ a: Int64, _ b: Int64) -> Int64
}

extension BitwiseFold {
  static var initial: BitwiseState { BitwiseState(bits: identity) }
  @inline(__always) static func add(_ x: Int64, to state: inout BitwiseState) {
    state.bits = combine(state.bits, x)
    state.isSet = true
  }
  @inline(__always) static func merge(_ other: BitwiseState, into state: inout BitwiseState) {
    state.bits = combine(state.bits, other.bits)
    state.isSet = state.isSet || other.isSet
  }
  static func result(_ state: BitwiseState) -> Int64? { state.isSet ? state.bits : nil }
}

enum BitwiseAnd: BitwiseFold {
  static var identity: Int64 { -1 }
  @inline(__always) static func combine(_ a: Int64, _ b: Int64) -> Int64 { a & b }
}

enum BitwiseOr: BitwiseFold {
  static var identity: Int64 { 0 }
  @inline(__always) static func combine(_ a: Int64, _ b: Int64) -> Int64 { a | b }
}

enum BitwiseXor: BitwiseFold {
  static var identity: Int64 { 0 }
  @inline(__always) static func combine(_ a: Int64, _ b: Int64) -> Int64 { a ^ b }
}
