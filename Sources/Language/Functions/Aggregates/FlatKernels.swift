import Values
import Vectors

/// The loops of one flat aggregate, specialised where `init(_:)` is called with a concrete accumulator.
struct FlatKernels: Sendable {
  /// Where grouped updates go. With few groups, neighbouring rows often hit the same state and each addition waits for the store before it:
  /// rows then rotate through `extraBanks` further copies of the states, folded in at the end of the batch.
  struct Target {
    let states: UnsafeMutableRawPointer
    let banks: UnsafeMutableRawPointer?
    let groupCount: Int
  }

  static let bankedGroups = 64
  static let extraBanks = 3

  let stride: Int
  let initialize: @Sendable (UnsafeMutableRawPointer, Range<Int>) -> Void
  let update: @Sendable (Target, [Vector], UnsafePointer<UInt32>, Int) throws -> Void
  let updateSingle: @Sendable (UnsafeMutableRawPointer, [Vector], Int) throws -> Void
  let merge: @Sendable (_ into: UnsafeMutableRawPointer, _ from: UnsafeMutableRawPointer, UnsafePointer<UInt32>, Int) -> Void
  let results: @Sendable (UnsafeMutableRawPointer, Range<Int>, DataType) throws -> Vector
}

extension FlatKernels {
  @inline(__always)
  init<A: Accumulator>(_: A.Type) {
    self.init(
      stride: MemoryLayout<A.State>.stride,
      initialize: { states, groups in fill(states, groups, A.initial) },
      update: { target, arguments, groups, count in accumulate(A.self, target, arguments[0], groups, count) },
      updateSingle: { states, arguments, count in accumulateSingle(A.self, states, arguments[0], count) },
      merge: { into, from, groups, count in
        let target = into.assumingMemoryBound(to: A.State.self), source = from.assumingMemoryBound(to: A.State.self)
        for i in 0..<count { A.merge(source[i], into: &target[Int(groups[i])]) }
      },
      results: { states, groups, type in try collect(states, groups, type) { (state: A.State) in try A.result(state) } })
  }

  @inline(__always)
  init<A: PairAccumulator>(pair _: A.Type) {
    self.init(
      stride: MemoryLayout<A.State>.stride,
      initialize: { states, groups in fill(states, groups, A.initial) },
      update: { target, arguments, groups, count in
        let states = target.states.assumingMemoryBound(to: A.State.self)
        let first = arguments[0].reader(as: A.First.self), second = arguments[1].reader(as: A.Second.self)
        let validity = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
        forEachRow(count, validity?.readable) { row in A.add(first[row], second[row], to: &states[Int(groups[row])]) }
        withExtendedLifetime((arguments, validity)) {}
      },
      updateSingle: { states, arguments, count in
        let states = states.assumingMemoryBound(to: A.State.self)
        let first = arguments[0].reader(as: A.First.self), second = arguments[1].reader(as: A.Second.self)
        let validity = Bitmap.both(arguments[0].rowValidity, arguments[1].rowValidity)
        var local = states[0]
        forEachRow(count, validity?.readable) { row in A.add(first[row], second[row], to: &local) }
        states[0] = local
        withExtendedLifetime((arguments, validity)) {}
      },
      merge: { into, from, groups, count in
        let target = into.assumingMemoryBound(to: A.State.self), source = from.assumingMemoryBound(to: A.State.self)
        for i in 0..<count { A.merge(source[i], into: &target[Int(groups[i])]) }
      },
      results: { states, groups, type in try collect(states, groups, type) { (state: A.State) in try A.result(state) } })
  }
}

@inline(__always)
func fill<State: BitwiseCopyable>(_ states: UnsafeMutableRawPointer, _ groups: Range<Int>, _ value: State) {
  let states = states.assumingMemoryBound(to: State.self)
  for group in groups { states[group] = value }
}

/// The results of `groups` as a vector; a nil is a null.
@inline(__always)
func collect<State: BitwiseCopyable, Output: BitwiseCopyable>(
  _ states: UnsafeMutableRawPointer, _ groups: Range<Int>, _ type: DataType, _ result: (State) throws -> Output?
) throws -> Vector {
  assert(type.layout.width == MemoryLayout<Output>.stride)
  let states = states.assumingMemoryBound(to: State.self) + groups.lowerBound
  let count = groups.count
  let values = Buffer(byteCount: count * MemoryLayout<Output>.stride)
  let out = values.pointer(as: Output.self)
  var validity = ValidityWriter(count: count)
  for i in 0..<count {
    if let value = try result(states[i]) {
      out[i] = value
    } else {
      (values.base + i * MemoryLayout<Output>.stride).initializeMemory(as: UInt8.self, repeating: 0, count: MemoryLayout<Output>.stride)
      validity.setNull(i)
    }
  }
  return .flat(type, count: count, values: values, validity: validity.bitmap)
}

/// Grouped: one loop per encoding, the dense one over several banks while groups are few.
@inline(__always)
private func accumulate<A: Accumulator>(
  _: A.Type, _ target: FlatKernels.Target, _ input: Vector, _ groups: UnsafePointer<UInt32>, _ count: Int
) {
  let states = target.states.assumingMemoryBound(to: A.State.self)
  let reader = input.reader(as: A.Input.self)
  if reader.isConstant {
    if reader.isValid(0) {
      let value = reader[0]
      for i in 0..<count { A.add(value, to: &states[Int(groups[i])]) }
    }
  } else if reader.isDense {
    let values = reader.base
    if let validity = reader.validity {
      forEachRow(count, validity) { row in A.add(values[row], to: &states[Int(groups[row])]) }
    } else if let banks = target.banks, target.groupCount <= FlatKernels.bankedGroups, count >= 4 * target.groupCount {
      let n = FlatKernels.bankedGroups
      let a = banks.assumingMemoryBound(to: A.State.self), b = a + n, c = b + n
      var i = 0
      while i &+ 4 <= count {
        A.add(values[i], to: &states[Int(groups[i])])
        A.add(values[i &+ 1], to: &a[Int(groups[i &+ 1])])
        A.add(values[i &+ 2], to: &b[Int(groups[i &+ 2])])
        A.add(values[i &+ 3], to: &c[Int(groups[i &+ 3])])
        i &+= 4
      }
      while i < count {
        A.add(values[i], to: &states[Int(groups[i])])
        i &+= 1
      }
      for group in 0..<target.groupCount {
        A.merge(a[group], into: &states[group])
        A.merge(b[group], into: &states[group])
        A.merge(c[group], into: &states[group])
        a[group] = A.initial
        b[group] = A.initial
        c[group] = A.initial
      }
    } else {
      var i = 0
      while i < count {
        A.add(values[i], to: &states[Int(groups[i])])
        i &+= 1
      }
    }
  } else {
    let validity = input.rowValidity
    forEachRow(count, validity?.readable) { row in A.add(reader[row], to: &states[Int(groups[row])]) }
    withExtendedLifetime(validity) {}
  }
  withExtendedLifetime(input) {}
}

/// All rows into state 0, held in registers.
@inline(__always)
private func accumulateSingle<A: Accumulator>(_: A.Type, _ states: UnsafeMutableRawPointer, _ input: Vector, _ count: Int) {
  let states = states.assumingMemoryBound(to: A.State.self)
  let reader = input.reader(as: A.Input.self)
  var local = states[0]
  if reader.isConstant {
    if reader.isValid(0) { A.add(reader[0], times: count, to: &local) }
  } else if reader.isDense {
    if let validity = reader.validity {
      var base = 0
      while base &+ 64 <= count {
        let word = validity[base >> 6]
        if word == ~0 {
          A.add(reader.base + base, count: 64, to: &local)
        } else if word != 0 {
          A.add(reader.base + base, where: word, to: &local)
        }
        base &+= 64
      }
      while base < count {
        if validity.bit(base) { A.add(reader.base[base], to: &local) }
        base &+= 1
      }
    } else {
      A.add(reader.base, count: count, to: &local)
    }
  } else {
    let validity = input.rowValidity
    forEachRow(count, validity?.readable) { row in A.add(reader[row], to: &local) }
    withExtendedLifetime(validity) {}
  }
  states[0] = local
  withExtendedLifetime(input) {}
}
