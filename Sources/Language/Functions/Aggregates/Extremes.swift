import Expressions
import Values
import Vectors

extension Function {
  static let extremes: [Function] = [
    .aggregate("min", [.T], .T, "Smallest value", where: ["T": .orderable]) { arguments, result in
      extreme(arguments[0], result, Smallest.self)
    },
    .aggregate("max", [.T], .T, "Largest value", where: ["T": .orderable]) { arguments, result in
      extreme(arguments[0], result, Largest.self)
    },
    .aggregate("any_value", [.T], .T, "Some non-null value") { arguments, result in anyValue(arguments[0], result) },
    .aggregate("arbitrary", [.T], .T, "Some non-null value") { arguments, result in anyValue(arguments[0], result) },
  ]
}

/// Which of two values `min` and `max` keep.
protocol Direction: SendableMetatype {
  static func isBetter<T: Comparable>(_ a: T, than b: T) -> Bool
  /// What every value is at least as good as.
  static func worst<T: FixedWidthInteger>(_: T.Type) -> T
  static func worst<T: BinaryFloatingPoint>(_: T.Type) -> T
  /// What three-way comparisons are multiplied with so that negative means better.
  static var sign: Int { get }
}

enum Smallest: Direction {
  @inline(__always) static func isBetter<T: Comparable>(_ a: T, than b: T) -> Bool { a < b }
  @inline(__always) static func worst<T: FixedWidthInteger>(_: T.Type) -> T { T.max }
  @inline(__always) static func worst<T: BinaryFloatingPoint>(_: T.Type) -> T { T.infinity }
  static var sign: Int { 1 }
}

enum Largest: Direction {
  @inline(__always) static func isBetter<T: Comparable>(_ a: T, than b: T) -> Bool { a > b }
  @inline(__always) static func worst<T: FixedWidthInteger>(_: T.Type) -> T { T.min }
  @inline(__always) static func worst<T: BinaryFloatingPoint>(_: T.Type) -> T { -T.infinity }
  static var sign: Int { -1 }
}

@inline(__always)
private func extreme<D: Direction>(_ type: DataType, _ result: DataType, _: D.Type) -> AggregateMaker {
  switch type.layout {
  case .bool: flat(ExtremeInteger<UInt8, D>.self, result)
  case .int8: flat(ExtremeInteger<Int8, D>.self, result)
  case .int16: flat(ExtremeInteger<Int16, D>.self, result)
  case .int32: flat(ExtremeInteger<Int32, D>.self, result)
  case .int64: flat(ExtremeInteger<Int64, D>.self, result)
  case .int128: flat(ExtremeInteger<Int128, D>.self, result)
  case .float: flat(ExtremeFloat<Float, D>.self, result)
  case .double: flat(ExtremeFloat<Double, D>.self, result)
  case .bytes: { TextExtremes(result, sign: D.sign) }
  case .list, .map, .row: { RowExtremes(result, sign: D.sign) }
  }
}

struct Kept<T: BitwiseCopyable>: BitwiseCopyable {
  var value: T
  var isSet = false
}

enum ExtremeInteger<T: FixedWidthInteger & BitwiseCopyable, D: Direction>: Accumulator {
  static var initial: Kept<T> { Kept(value: D.worst(T.self)) }
  @inline(__always) static func add(_ x: T, to state: inout Kept<T>) {
    state.value = D.isBetter(x, than: state.value) ? x : state.value
    state.isSet = true
  }
  @inline(__always) static func merge(_ other: Kept<T>, into state: inout Kept<T>) {
    if other.isSet { add(other.value, to: &state) }
  }
  static func result(_ state: Kept<T>) -> T? { state.isSet ? state.value : nil }

  @inline(__always) static func add(_ inputs: UnsafePointer<T>, count: Int, to state: inout Kept<T>) {
    if count == 0 { return }
    var best = state.value
    var i = 0
    while i < count {
      let x = inputs[i]
      best = D.isBetter(x, than: best) ? x : best
      i &+= 1
    }
    state = Kept(value: best, isSet: true)
  }
  @inline(__always) static func add(_ x: T, times: Int, to state: inout Kept<T>) { if times > 0 { add(x, to: &state) } }
}

/// NaN loses against every number, for `min` and `max` alike.
enum ExtremeFloat<T: BinaryFloatingPoint & BitwiseCopyable, D: Direction>: Accumulator {
  struct State: BitwiseCopyable {
    var value: T
    /// 0: nothing seen; 1: only NaN; 2: a number.
    var rank: UInt8 = 0
  }
  static var initial: State { State(value: D.worst(T.self)) }
  @inline(__always) static func add(_ x: T, to state: inout State) {
    state.value = D.isBetter(x, than: state.value) ? x : state.value
    state.rank = max(state.rank, x.isNaN ? 1 : 2)
  }
  @inline(__always) static func merge(_ other: State, into state: inout State) {
    if other.rank == 2 { add(other.value, to: &state) } else { state.rank = max(state.rank, other.rank) }
  }
  static func result(_ state: State) -> T? { state.rank == 0 ? nil : state.rank == 1 ? .nan : state.value }

  @inline(__always) static func add(_ inputs: UnsafePointer<T>, count: Int, to state: inout State) {
    if count == 0 { return }
    // four lanes hide the latency of comparisons, which may not be reordered
    var a = state.value, b = a, c = a, d = a
    var i = 0
    while i &+ 4 <= count {
      a = D.isBetter(inputs[i], than: a) ? inputs[i] : a
      b = D.isBetter(inputs[i &+ 1], than: b) ? inputs[i &+ 1] : b
      c = D.isBetter(inputs[i &+ 2], than: c) ? inputs[i &+ 2] : c
      d = D.isBetter(inputs[i &+ 3], than: d) ? inputs[i &+ 3] : d
      i &+= 4
    }
    while i < count {
      a = D.isBetter(inputs[i], than: a) ? inputs[i] : a
      i &+= 1
    }
    a = D.isBetter(b, than: a) ? b : a
    c = D.isBetter(d, than: c) ? d : c
    state.value = D.isBetter(c, than: a) ? c : a
    if state.rank < 2 {
      // still at the worst value: a run of NaN, or of the worst value itself?
      var isNumber = state.value != D.worst(T.self)
      i = 0
      while i < count && !isNumber {
        isNumber = !inputs[i].isNaN
        i &+= 1
      }
      state.rank = isNumber ? 2 : 1
    }
  }
  @inline(__always) static func add(_ x: T, times: Int, to state: inout State) { if times > 0 { add(x, to: &state) } }
}

private func anyValue(_ type: DataType, _ result: DataType) -> AggregateMaker {
  switch type.layout {
  case .bool: flat(FirstValue<UInt8>.self, result)
  case .int8: flat(FirstValue<Int8>.self, result)
  case .int16: flat(FirstValue<Int16>.self, result)
  case .int32: flat(FirstValue<Int32>.self, result)
  case .int64: flat(FirstValue<Int64>.self, result)
  case .int128: flat(FirstValue<Int128>.self, result)
  case .float: flat(FirstValue<Float>.self, result)
  case .double: flat(FirstValue<Double>.self, result)
  case .bytes, .list, .map, .row: { FirstRows(result) }
  }
}

protocol Zeroed: BitwiseCopyable { static var zero: Self { get } }
extension UInt8: Zeroed {}
extension Int8: Zeroed {}
extension Int16: Zeroed {}
extension Int32: Zeroed {}
extension Int64: Zeroed {}
extension Int128: Zeroed {}
extension Float: Zeroed {}
extension Double: Zeroed {}

enum FirstValue<T: Zeroed>: Accumulator {
  static var initial: Kept<T> { Kept(value: .zero) }
  @inline(__always) static func add(_ x: T, to state: inout Kept<T>) { if !state.isSet { state = Kept(value: x, isSet: true) } }
  @inline(__always) static func merge(_ other: Kept<T>, into state: inout Kept<T>) { if !state.isSet { state = other } }
  static func result(_ state: Kept<T>) -> T? { state.isSet ? state.value : nil }
  @inline(__always) static func add(_ inputs: UnsafePointer<T>, count: Int, to state: inout Kept<T>) {
    if count > 0 { add(inputs[0], to: &state) }
  }
  @inline(__always) static func add(_ x: T, times: Int, to state: inout Kept<T>) { if times > 0 { add(x, to: &state) } }
}
