import Expressions
import Functions
import Values
import Vectors

/// The library, a session, and short ways to say things with them.
enum Scenario {
  static let functions = FunctionRegistry.standard
  /// 2024-03-10 01:02:03 UTC.
  static let context = EvaluationContext(user: "someone", timeZone: "UTC", startMicros: 1_710_032_523_000_000)

  /// A call resolved as the analyzer does it: arguments are cast to what the function takes.
  static func call(_ name: String, _ arguments: Expr<Int>...) throws -> Expr<Int> {
    let resolved = try functions.resolve(name, .scalar, arguments.map { .value($0.type) })
    let cast = zip(arguments, resolved.id.arguments).map { $0.type == $1 ? $0 : .cast($0, to: $1, safe: false) }
    return .call(resolved.id, cast, resolved.result)
  }

  static func evaluate(_ expression: Expr<Int>, _ columns: [Vector] = [], count: Int = 1) throws -> Vector {
    try Evaluator(expression, functions: functions, context: context).evaluate(Batch(columns, count: count))
  }

  static func value(_ expression: Expr<Int>) throws -> Constant { try evaluate(expression).constant(at: 0) }

  static func select(_ expression: Expr<Int>, _ columns: [Vector], count: Int) throws -> [Int] {
    let selection = try Evaluator(expression, functions: functions, context: context).select(Batch(columns, count: count))
    return (0..<selection.count).map { Int(selection.pointer[$0]) }
  }

  /// A cast of a text, shown as the command line would.
  static func cast(_ text: String, from: DataType = .varchar, to: DataType, safe: Bool = false) throws -> String? {
    let source: Expr<Int> =
      from == .varchar ? .constant(.text(text), .varchar) : .cast(.constant(.text(text), .varchar), to: from, safe: false)
    return try evaluate(.cast(source, to: to, safe: safe)).text(at: 0)
  }

  static func failure(_ body: () throws -> Void) -> PrestoError? {
    do { try body() } catch { return error as? PrestoError }
    return nil
  }
}

/// A small generator: the same numbers every time.
struct Randomness {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }

  /// A value of a type, from few enough that equal ones meet; sometimes an extreme.
  mutating func constant(_ type: DataType) -> Constant {
    let small = Int64(below(9)) - 4
    let isExtreme = below(12) == 0
    switch type {
    case .boolean: return .boolean(small > 0)
    case .tinyint: return .integer(isExtreme ? Int64(Int8.max) : small)
    case .smallint: return .integer(isExtreme ? Int64(Int16.min) : small)
    case .integer, .date: return .integer(isExtreme ? Int64(Int32.max) : small)
    case .bigint, .timestamp(6): return .integer(isExtreme ? Int64.min : small)
    case .real: return .real(isExtreme ? .nan : Float(small) / 2)
    case .double: return .double(isExtreme ? .nan : small == 0 ? -0.0 : Double(small) / 2)
    case .decimal(let precision, _):
      return precision <= 18 ? .integer(small * 7) : .wide(isExtreme ? Decimal.powers[precision] - 1 : Int128(small) * 7)
    case .timestampWithTimeZone: return .wide(Int128(small) << 16 | Int128(below(2)))
    default:
      let texts = [
        "", "a", "ab", "abc", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyy", "ä€😀", "%_",
      ]
      return .text(texts[below(texts.count)])
    }
  }

  enum Shape: CaseIterable { case flat, nullable, dictionary, constant, nullConstant }

  mutating func vector(_ type: DataType, _ count: Int, _ shape: Shape) -> Vector {
    switch shape {
    case .flat, .nullable:
      let builder = VectorBuilder(type, capacity: max(count, 1))
      for _ in 0..<count { if shape == .nullable && below(4) == 0 { builder.appendNull() } else { builder.append(constant(type)) } }
      return builder.finish()
    case .dictionary:
      let entries = vector(type, 7, .nullable)
      let indices = Buffer(byteCount: count * 4)
      for i in 0..<count { indices.pointer(as: UInt32.self)[i] = UInt32(below(7)) }
      return .dictionary(entries, indices: indices, count: count)
    case .constant: return .constant(constant(type), type, count: count)
    case .nullConstant: return .nulls(type, count: count)
    }
  }
}
