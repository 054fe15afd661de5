import Expressions
import Testing
import Values
import Vectors

@testable import Functions

/// Every scalar function of the library over whole batches in every encoding, held against the same function over one row at a time.
///
/// Rows that fail alone are taken out first, and stay behind as entries of dictionaries that no row uses: they must do no harm there, and must
/// fail when they are back.
@Suite struct KernelPropertyTests {
  private static let rows = 20
  private static let families = Dictionary(grouping: StandardFunctions.all.filter { $0.kind == .scalar && !isPlanned($0) }) {
    $0.name.first ?? " "
  }

  /// Some of their arguments are constants that the planner writes.
  private static func isPlanned(_ function: Function) -> Bool { function.name.hasPrefix("$json") }

  @Test("Kernels agree with themselves row by row", arguments: families.keys.sorted())
  func kernels(_ initial: Character) throws {
    var checked = 0
    for function in KernelPropertyTests.families[initial] ?? [] where function.isDeterministic {
      for types in KernelPropertyTests.argumentTypes(function.signature) {
        guard let call = try KernelPropertyTests.call(function, types) else { continue }
        checked += 1
        var randomness = Randomness(UInt64(checked))
        for _ in 0..<2 { try check(call, &randomness) }
      }
    }
    #expect(checked > 0)
  }

  private struct Call {
    var name: String
    var types: [DataType]
    var expression: Expr<Int>
  }

  // MARK: Which calls

  /// Types to try: the variables of a signature one way, then another.
  private static func argumentTypes(_ signature: Signature) -> [[DataType?]] {
    var found: [[DataType?]] = []
    for variable in [DataType.bigint, .varchar, .double] {
      var types = signature.arguments.map { type($0, variable) }
      if signature.isVariadic, let last = types.last { types.append(last) }
      if !found.contains(types) { found.append(types) }
    }
    return found
  }

  /// nil for a lambda.
  private static func type(_ pattern: Signature.Pattern, _ variable: DataType) -> DataType? {
    switch pattern {
    case .exact(let type): return type
    case .variable: return variable
    case .family(let family):
      let word = family.text.prefix { $0 != "(" }
      let isZoned = family.text.hasSuffix("with time zone")
      switch word {
      case "decimal": return .decimal(precision: variable == .bigint ? 10 : 30, scale: 2)
      case "varchar": return .varchar(length: variable == .bigint ? 30 : nil)
      case "char": return .char(length: 30)
      case "time": return isZoned ? .timeWithTimeZone(precision: 3) : .time(precision: variable == .bigint ? 3 : 9)
      case "timestamp":
        return isZoned ? .timestampWithTimeZone(precision: 3) : .timestamp(precision: variable == .bigint ? 3 : 9)
      default: return nil
      }
    case .array(let element): return type(element, variable).map { .array($0) }
    case .map(let key, let value):
      guard let key = type(key, variable), let value = type(value, variable) else { return nil }
      return .map(key: key, value: value)
    case .row(let fields): return .row(fields.map { DataType.Field(nil, type($0, variable) ?? variable) })
    case .function: return nil
    }
  }

  /// nil where the types are not for this function, which the resolver has the last word about.
  private static func call(_ function: Function, _ types: [DataType?]) throws -> Call? {
    var ids: Int32 = 0
    func body(_ inputs: [DataType], _ wanted: DataType?) -> Expr<Int> {
      let parameters = inputs.map { type -> LambdaParameter in
        ids += 1
        return LambdaParameter(id: ids, name: "p\(ids)", type: type)
      }
      let known = parameters.first { wanted == nil || $0.type == wanted }
      let value: Expr<Int> =
        known.map { .parameter($0) } ?? (wanted == .boolean ? parameters.first.map { .isNull(.parameter($0)) } : nil)
        ?? .constant(.null, wanted ?? .bigint)
      return .lambda(parameters, value)
    }
    let patterns = types.indices.map { function.signature.arguments[min($0, function.signature.arguments.count - 1)] }
    let asked = zip(types, patterns).map { type, pattern -> CallArgument in
      if let type { return .value(type) }
      guard case .function(let parameters, let result) = pattern else { return .value(.unknown) }
      return .lambda(parameterCount: parameters.count) { inputs in
        if case .exact(let exact) = result { return exact }
        return inputs.first ?? .unknown
      }
    }
    guard let resolved = try? Scenario.functions.resolve(function.name, .scalar, asked), resolved.id.arguments.count == types.count else {
      return nil
    }
    var columns: [DataType] = []
    let arguments = resolved.id.arguments.map { type -> Expr<Int> in
      if case .function(let inputs, let result) = type { return body(inputs, result) }
      columns.append(type)
      return .reference(columns.count - 1, type)
    }
    let shown = "\(function.name)(\(resolved.id.arguments.map(\.description).joined(separator: ", ")))"
    return Call(name: shown, types: columns, expression: .call(resolved.id, arguments, resolved.result))
  }

  // MARK: Evaluation

  private func check(_ call: Call, _ randomness: inout Randomness) throws {
    let count = KernelPropertyTests.rows
    let columns = call.types.map { type -> Vector in
      switch randomness.below(4) {
      case 0: Vector.constant(randomness.deep(type), type, count: count)
      case 1: randomness.entries(type, count)
      default: randomness.column(type, count)
      }
    }
    let evaluator = try Evaluator(call.expression, functions: Scenario.functions, context: Scenario.context)
    func value(_ row: Int) throws -> String? {
      let alone = columns.map { Vector.constant($0.constant(at: row), $0.type, count: 1).flattened() }
      return try evaluator.evaluate(Batch(alone, count: 1)).text(at: 0)
    }
    var good: [UInt32] = [], expected: [String?] = []
    for row in 0..<count {
      do {
        expected.append(try value(row))
        good.append(UInt32(row))
      } catch let error as PrestoError { #expect(error.code != .genericInternalError, "\(call.name): \(error)") }
    }
    func compare(_ shape: String, _ given: [Vector]) {
      do {
        let answer = try evaluator.evaluate(Batch(given, count: good.count))
        #expect(answer.count == good.count, "\(call.name), \(shape)")
        for (index, text) in expected.enumerated() where index < answer.count {
          guard answer.text(at: index) != text else { continue }
          let arguments = given.map { $0.text(at: index) ?? "NULL" }
          Issue.record("\(call.name), \(shape), of \(arguments): \(answer.text(at: index) ?? "NULL"), alone \(text ?? "NULL")")
          return
        }
      } catch { Issue.record("\(call.name), \(shape): \(error), where no row fails alone") }
    }
    if good.count < count, !columns.isEmpty {
      #expect(throws: PrestoError.self, "\(call.name): a row fails alone, but not among others") {
        try evaluator.evaluate(Batch(columns, count: count))
      }
    }
    if good.isEmpty || columns.isEmpty { return }
    if good.count == count { compare("as made", columns) }
    let indices = Buffer(byteCount: good.count * 4)
    for (index, row) in good.enumerated() { indices.pointer(as: UInt32.self)[index] = row }
    let selected = columns.map { Vector.dictionary($0.flattened(), indices: indices, count: good.count) }
    compare("dictionaries", selected)
    compare("flat", selected.map { $0.flattened() })
    if let first = selected.first { compare("one dictionary", [first] + selected.dropFirst().map { $0.flattened() }) }
  }
}

extension Randomness {
  /// As `constant`, of nested types and those of few bytes as well.
  mutating func deep(_ type: DataType) -> Constant {
    if below(6) == 0 { return .null }
    switch type {
    case .array(let element): return .sequence((0..<below(4)).map { _ in deep(element) })
    case .row(let fields): return .sequence(fields.map { deep($0.type) })
    case .map(let key, let value):
      var seen: [Constant] = []
      for _ in 0..<below(4) {
        let key = deep(key)
        if !key.isNull && !seen.contains(key) { seen.append(key) }
      }
      return .sequence(seen.map { .sequence([$0, deep(value)]) })
    case .json: return .text(["null", "1", "\"a\"", "[1,2]", "{\"a\":1}", "true", "1.5", "[]"][below(8)])
    case .uuid, .ipaddress: return .bytes((0..<16).map { $0 < 12 ? 0 : UInt8(below(3)) })
    case .ipprefix: return .bytes((0..<16).map { $0 < 12 ? 0 : UInt8(below(3)) << 6 } + [128])
    case .time: return .integer(Int64(below(86_400)) * 1_000_000_000_000)
    case .timeWithTimeZone: return .wide(Int128(below(86_400)) * 1_000_000_000_000 << 16 | Int128(1 << 15 + below(60)))
    case .timestamp(let precision):
      return precision <= 6 ? .integer(Int64(below(9)) * 86_399_000_000) : .wide(Int128(below(9)) * 86_399_000_000_000_000)
    case .intervalDayToSecond: return .integer(Int64(below(9)) * 3_600_000)
    case .intervalYearToMonth: return .integer(Int64(below(30)))
    case .varchar(let length):
      let text = constant(type)
      return length.map { ($0 >= (text.text ?? "").unicodeScalars.count) } ?? true ? text : .text("a")
    default: return constant(type)
    }
  }

  mutating func column(_ type: DataType, _ count: Int) -> Vector {
    let builder = VectorBuilder(type, capacity: count)
    for _ in 0..<count {
      let value = deep(type)
      if value.isNull { builder.appendNull() } else { builder.append(value) }
    }
    return builder.finish()
  }

  /// A dictionary of few entries.
  mutating func entries(_ type: DataType, _ count: Int) -> Vector {
    let indices = Buffer(byteCount: count * 4)
    for i in 0..<count { indices.pointer(as: UInt32.self)[i] = UInt32(below(5)) }
    return .dictionary(column(type, 5), indices: indices, count: count)
  }
}
