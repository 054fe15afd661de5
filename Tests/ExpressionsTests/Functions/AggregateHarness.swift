import Expressions
import Functions
import Testing
import Values
import Vectors

/// Runs an aggregate over rows of constants in every way the engine does, and demands one answer of all of them.
struct AggregateRun {
  let make: AggregateMaker
  let types: [DataType]
  let result: DataType

  /// The declaration for exactly these argument types.
  init(_ name: String, _ types: [DataType]) throws {
    for function in FunctionRegistry.standard.functions[name] ?? [] {
      let patterns = function.signature.arguments
      guard patterns.count == types.count, zip(patterns, types).allSatisfy({ AggregateRun.takes($0, $1) }),
        case .aggregate(let binding) = function.implementation, let result = function.signature.result(types),
        let make = binding(types, result)
      else { continue }
      self.make = make
      self.types = types
      self.result = result
      return
    }
    throw PrestoError(.functionNotFound, "\(name)(\(types))")
  }

  private static func takes(_ pattern: Signature.Pattern, _ type: DataType) -> Bool {
    switch (pattern, type) {
    case (.exact(let exact), _): exact == type
    case (.family(let family), _): type.description.hasPrefix(family.text.prefix(4))
    case (.variable, _): true
    case (.array(let element), .array(let inner)): takes(element, inner)
    case (.map, .map), (.row, .row), (.function, .function): true
    default: false
    }
  }

  /// The result for each group; `groups[i]` is row i's.
  func callAsFunction(_ rows: [[Constant]], groups: [UInt32], count: Int) throws -> [Constant] {
    let columns = types.indices.map { column in vector(rows.map { $0[column] }, types[column]) }
    let whole = make()
    whole.resize(to: count)
    try groups.withUnsafeBufferPointer { groups in
      if let base = groups.baseAddress { try whole.update(columns, groups: base, count: rows.count) }
    }
    let expected = try all(whole, count)

    // rows dealt out to two states, then merged; and through their wire form
    let halves = try [0, 1].map { half -> any AggregateState in
      let state = make()
      state.resize(to: count)
      let chosen = rows.indices.filter { ($0 * 2 < rows.count) == (half == 0) }
      let part = columns.map { column in vector(chosen.map { column.constant(at: $0) }, column.type) }
      let partGroups = chosen.map { groups[$0] }
      try partGroups.withUnsafeBufferPointer { if let base = $0.baseAddress { try state.update(part, groups: base, count: chosen.count) } }
      return state
    }
    let identity = (0..<UInt32(count)).map { $0 }
    let travelled = make()
    travelled.resize(to: count)
    for half in halves {
      let partials = try half.partials(0..<count)
      try identity.withUnsafeBufferPointer {
        if let base = $0.baseAddress { try travelled.mergePartials(partials, groups: base, count: count) }
      }
    }
    #expect("\(try all(travelled, count))" == "\(expected)", "through partials")
    try identity.withUnsafeBufferPointer { if let base = $0.baseAddress { try halves[0].merge(halves[1], groups: base, count: count) } }
    #expect("\(try all(halves[0], count))" == "\(expected)", "merged")

    // each group alone, as a query without GROUP BY runs it
    for group in 0..<count {
      let state = make()
      state.resize(to: 1)
      let chosen = rows.indices.filter { groups[$0] == UInt32(group) }
      try state.updateSingle(columns.map { column in vector(chosen.map { column.constant(at: $0) }, column.type) }, count: chosen.count)
      #expect("\(try all(state, 1)[0])" == "\(expected[group])", "single")
    }

    // and as a dictionary, whose entries are in another order
    let encoded = make()
    encoded.resize(to: count)
    let backwards = Buffer(byteCount: rows.count * 4)
    for row in rows.indices { backwards.pointer(as: UInt32.self)[row] = UInt32(rows.count - 1 - row) }
    let dictionaries = columns.map { column in
      let reversed = column.gathered(UnsafePointer(backwards.pointer(as: UInt32.self)), count: rows.count)
      return Vector.dictionary(reversed, indices: backwards, count: rows.count)
    }
    try groups.withUnsafeBufferPointer {
      if let base = $0.baseAddress { try encoded.update(dictionaries, groups: base, count: rows.count) }
    }
    #expect("\(try all(encoded, count))" == "\(expected)", "dictionary")
    return expected
  }

  /// Without GROUP BY.
  func callAsFunction(_ rows: [[Constant]]) throws -> Constant { try self(rows, groups: rows.map { _ in 0 }, count: 1)[0] }
  func callAsFunction(_ values: [Constant]) throws -> Constant { try self(values.map { [$0] }) }
  func callAsFunction(_ values: [Constant], groups: [UInt32], count: Int) throws -> [Constant] {
    try self(values.map { [$0] }, groups: groups, count: count)
  }

  private func all(_ state: any AggregateState, _ count: Int) throws -> [Constant] {
    let vector = try state.results(0..<count)
    #expect(vector.type == result && vector.count == count)
    return (0..<count).map { vector.constant(at: $0) }
  }
}

func vector(_ values: [Constant], _ type: DataType) -> Vector {
  let builder = VectorBuilder(type, capacity: values.count)
  for value in values { builder.append(value) }
  return builder.finish()
}

func integers(_ values: Int64?...) -> [Constant] { values.map { $0.map { .integer($0) } ?? .null } }
func doubles(_ values: Double?...) -> [Constant] { values.map { $0.map { .double($0) } ?? .null } }
func texts(_ values: String?...) -> [Constant] { values.map { $0.map { .text($0) } ?? .null } }
