import Values
import Vectors

/// An aggregate of one argument whose state is a few machine words: about ten lines each. Nulls never reach it.
///
/// Static methods only, so that the loops over rows (`FlatKernels`) are specialised at the concrete type; the states of all groups lie in one
/// array, travel as bytes, and need no `deinit`. `add` never throws: what can go wrong (overflow) is remembered in the state and thrown by
/// `result`.
protocol Accumulator: SendableMetatype {
  /// The argument's layout as Swift sees it.
  associatedtype Input: BitwiseCopyable
  associatedtype State: BitwiseCopyable
  /// The result's layout as Swift sees it.
  associatedtype Output: BitwiseCopyable

  static var initial: State { get }
  static func add(_ input: Input, to state: inout State)
  static func merge(_ other: State, into state: inout State)
  /// nil is SQL's null.
  static func result(_ state: State) throws -> Output?

  /// All of a dense run into one state: where a vectorised loop with several accumulators beats `add`.
  static func add(_ inputs: UnsafePointer<Input>, count: Int, to state: inout State)
  /// Those of 64 inputs whose bits are set; the others hold anything.
  static func add(_ inputs: UnsafePointer<Input>, where word: UInt64, to state: inout State)
  /// A constant vector.
  static func add(_ input: Input, times: Int, to state: inout State)
}

extension Accumulator {
  @inline(__always)
  static func add(_ inputs: UnsafePointer<Input>, count: Int, to state: inout State) {
    var local = state
    var i = 0
    while i < count {
      add(inputs[i], to: &local)
      i &+= 1
    }
    state = local
  }

  @inline(__always)
  static func add(_ inputs: UnsafePointer<Input>, where word: UInt64, to state: inout State) {
    var word = word
    while word != 0 {
      add(inputs[word.trailingZeroBitCount], to: &state)
      word &= word &- 1
    }
  }

  @inline(__always)
  static func add(_ input: Input, times: Int, to state: inout State) { for _ in 0..<times { add(input, to: &state) } }
}

/// The same with two arguments; rows where either is null are skipped.
protocol PairAccumulator: SendableMetatype {
  associatedtype First: BitwiseCopyable
  associatedtype Second: BitwiseCopyable
  associatedtype State: BitwiseCopyable
  associatedtype Output: BitwiseCopyable

  static var initial: State { get }
  static func add(_ first: First, _ second: Second, to state: inout State)
  static func merge(_ other: State, into state: inout State)
  static func result(_ state: State) throws -> Output?
}
