import Execution
import Expressions
import Federation
import Functions
import Memory
import Plans
import Values
import Vectors

/// A table made by hand: its rows, and a plan that scans them in batches of odd sizes and mixed encodings.
struct Table {
  let plan: Plan
  let symbols: [Symbol]
  let rows: [[Constant]]

  subscript(_ index: Int) -> Symbol { symbols[index] }
  func expression(_ index: Int) -> Expression { .symbol(symbols[index]) }
}

/// Tables, the plans over them, and what comes out of running those.
final class Scenario {
  let symbols = SymbolAllocator()
  var random: Randomness
  private var catalogs: [String: Catalog] = [:]

  /// Threads for all tests: more drivers than that are just more tasks.
  static let pool = WorkerPool(threadCount: 2)
  static let functions = FunctionRegistry.standard

  init(seed: UInt64 = 1) { random = Randomness(seed) }

  func table(_ types: [DataType], _ rows: [[Constant]], batch: Int = 100) async throws -> Table {
    let fields = types.enumerated().map { DataType.Field("c\($0)", $1) }
    var batches: [Batch] = []
    var start = 0
    while start < rows.count {
      let end = min(start + 1 + random.below(batch), rows.count)
      let columns = types.indices.map { column in random.vector(types[column], rows[start..<end].map { $0[column] }) }
      batches.append(Batch(columns, count: end - start))
      start = end
    }
    return try await table(fields, batches, rows)
  }

  /// Numbers in flat batches of the habitual size, for tables too large to be made value by value.
  func table(integers columns: [[Int64]]) async throws -> Table {
    let count = columns[0].count
    let batches = stride(from: 0, to: count, by: Batch.habitualCount).map { start -> Batch in
      let n = min(Batch.habitualCount, count - start)
      let vectors = columns.map { column in
        Vector.flat(.bigint, count: n, values: column[start..<start + n].withUnsafeBytes { Buffer(copying: $0) })
      }
      return Batch(vectors, count: n)
    }
    return try await table(columns.indices.map { DataType.Field("c\($0)", .bigint) }, batches, [])
  }

  func table(_ fields: [DataType.Field], _ batches: [Batch], _ rows: [[Constant]]) async throws -> Table {
    let name = "t\(catalogs.count)"
    let catalog = Catalog(name, try MemoryConnector(tables: [MemoryRows("t", fields, batches: batches)]))
    catalogs[name] = catalog
    guard let handle = try await catalog.table(TableName(schema: "default", table: "t")) else { throw PrestoError(.tableNotFound, name) }
    let columns = try await catalog.columns(of: handle).map { (symbol: symbols.fresh("\(name).\($0.name)", $0.type), column: $0.column) }
    return Table(plan: Plan(.scan(.init(catalog: name, table: handle, columns: columns))), symbols: columns.map(\.symbol), rows: rows)
  }

  func context(drivers: Int, memory: Int = .max, isTiming: Bool = false) -> ExecutionContext {
    ExecutionContext(
      catalogs: catalogs, functions: Scenario.functions, evaluation: EvaluationContext(user: "test", timeZone: "UTC", startMicros: 0),
      memory: MemoryPool("query", limit: memory), pool: Scenario.pool, metrics: QueryMetrics(isTiming: isTiming), parallelism: drivers)
  }

  /// All rows of `outputs` (the plan's own, unless told), in the order they come.
  func run(_ plan: Plan, _ outputs: [Symbol]? = nil, drivers: Int = 2, memory: Int = .max) async throws -> [[Constant]] {
    var rows: [[Constant]] = []
    try await batches(plan, outputs, drivers: drivers, memory: memory) { batch in
      for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
    }
    return rows
  }

  func batches(_ plan: Plan, _ outputs: [Symbol]? = nil, drivers: Int = 2, memory: Int = .max, _ body: (Batch) -> Void) async throws {
    let chosen = outputs ?? plan.outputs
    let whole = Plan(.output(.init(input: plan, columns: chosen.map { ($0.name, $0) })))
    let context = context(drivers: drivers, memory: memory, isTiming: drivers == 3)
    let running = try RunningPlan(whole, context)
    while let batch = try await running.next() { body(batch) }
    await running.finished()
  }
}

/// A small generator (xorshift64): the same numbers every time for a seed.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func chance(_ one: Int) -> Bool { below(one) == 0 }

  /// Values as a vector, flat or with a dictionary; a constant where all are alike.
  mutating func vector(_ type: DataType, _ values: [Constant]) -> Vector {
    if let first = values.first, chance(2), values.allSatisfy({ $0 == first }) { return .constant(first, type, count: values.count) }
    let builder = VectorBuilder(type, capacity: values.count)
    if chance(2) {
      for value in values { builder.append(value) }
      return builder.finish()
    }
    // entries in another order, some twice, some unused
    var entries: [Constant] = [.null], indices: [UInt32] = []
    for value in values {
      let known = entries.indices.filter { entries[$0] == value }
      if known.isEmpty || (known.count == 1 && chance(5)) {
        entries.append(value)
        indices.append(UInt32(entries.count - 1))
      } else {
        indices.append(UInt32(known[below(known.count)]))
      }
    }
    // a dictionary that has no null must not seem to have one
    if !values.contains(.null) {
      entries.removeFirst()
      indices = indices.map { $0 - 1 }
    }
    for entry in entries { builder.append(entry) }
    return .dictionary(builder.finish(), indices: indices.withUnsafeBytes { Buffer(copying: $0) }, count: values.count)
  }

  /// A value of a small domain, so that equal ones meet; sometimes null.
  mutating func constant(_ type: DataType, nulls: Int = 6, nullsInside: Bool = true) -> Constant {
    if nulls > 0 && chance(nulls) { return .null }
    let small = Int64(below(7)) - 3
    switch type {
    case .array(let element):
      return .sequence((0..<below(4)).map { _ in constant(element, nulls: nullsInside ? 5 : 0, nullsInside: nullsInside) })
    case .map(let key, let value):
      var seen = Set<Constant>()
      let keys = (0..<below(3)).map { _ in constant(key, nulls: 0) }.filter { seen.insert($0).inserted }
      return .sequence(keys.map { .sequence([$0, constant(value, nulls: nullsInside ? 5 : 0, nullsInside: nullsInside)]) })
    case .row(let fields): return .sequence(fields.map { constant($0.type, nulls: nullsInside ? 5 : 0, nullsInside: nullsInside) })
    default: break
    }
    switch type.layout {
    case .bool: return .boolean(small > 0)
    case .int8, .int16, .int32, .int64: return .integer(small)
    case .int128:
      if case .decimal = type { return .wide(Int128(small) << 70) }
      return .wide(Int128(small) << 16 | Int128(below(3)))
    case .float: return .real(chance(8) ? .nan : small == 0 && chance(2) ? -0.0 : Float(small) / 4)
    case .double: return .double(chance(8) ? .nan : small == 0 && chance(2) ? -0.0 : Double(small) / 4)
    case .bytes:
      return .text(
        ["", "a", "b", "abcdefg", "abcdefgh", "abcdefghijkl", "a long text, not inline", "a long text, not inline either"][below(8)])
    case .list, .map, .row: return .null
    }
  }

  mutating func rows(_ types: [DataType], _ count: Int, nulls: Int = 6, nullsInside: Bool = true) -> [[Constant]] {
    (0..<count).map { _ in types.map { constant($0, nulls: nulls, nullsInside: nullsInside) } }
  }
}

/// Values told apart as GROUP BY does: by a text each.
enum Identity {
  static func key(_ value: Constant, _ type: DataType) -> String {
    switch (value, type) {
    case (.null, _): return "∅"
    case (.sequence(let elements), .array(let element)): return "[" + elements.map { key($0, element) }.joined(separator: ",") + "]"
    case (.sequence(let entries), .map(let keyType, let valueType)):
      let texts = entries.map { entry -> String in
        guard case .sequence(let pair) = entry else { return "?" }
        return key(pair[0], keyType) + "→" + key(pair[1], valueType)
      }
      return "{" + texts.sorted().joined(separator: ",") + "}"
    case (.sequence(let values), .row(let fields)): return "(" + zip(values, fields).map { key($0, $1.type) }.joined(separator: ",") + ")"
    case (.double(let x), _): return x.isNaN ? "NaN" : "\(x == 0 ? 0 : x)"
    case (.real(let x), _): return x.isNaN ? "NaN" : "\(x == 0 ? 0 : x)"
    case (.wide(let x), .timestampWithTimeZone): return "\(x >> 16)"
    case (.bytes(let bytes), _): return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    default: return "\(value)"
    }
  }

  static func key(_ row: [Constant], _ types: [DataType]) -> String { zip(row, types).map { key($0, $1) }.joined(separator: " | ") }

  /// How often each row occurs.
  static func bag(_ rows: [[Constant]], _ types: [DataType]) -> [String: Int] {
    rows.reduce(into: [:]) { $0[key($1, types), default: 0] += 1 }
  }

  /// The first rows in which two results differ, whatever their order; nil: they are alike.
  static func difference(_ found: [[Constant]], _ wanted: [[Constant]], _ types: [DataType]) -> String? {
    let a = bag(found, types), b = bag(wanted, types)
    if a == b { return nil }
    let extra = a.filter { $0.value > b[$0.key, default: 0] }.keys.sorted().prefix(3)
    let missing = b.filter { $0.value > a[$0.key, default: 0] }.keys.sorted().prefix(3)
    return
      "\(found.count) rows, not \(wanted.count); too many: \(extra.joined(separator: "; ")); missing: \(missing.joined(separator: "; "))"
  }
}
