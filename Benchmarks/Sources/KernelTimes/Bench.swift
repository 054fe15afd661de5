import Expressions
import Federation
import Memory
import MiniPresto
import Settings
import Values
import Vectors

/// The sample, and an engine of one thread that has it as a table `t`, and `keys` to join it with.
struct Bench {
  let sample: Sample
  private let engine: Engine
  private let context = EvaluationContext(user: "kernels", timeZone: "UTC", startMicros: 0)

  init(_ sample: Sample) throws {
    self.sample = sample
    engine = try Engine(configuration: EngineConfiguration(threads: 1))
    let keys = sample.keys()
    let tables = try [
      MemoryRows("t", Sample.fields, batches: sample.parts.map(\.batch)), MemoryRows("keys", keys.fields, batches: keys.batches),
    ]
    engine.add(Catalog("memory", try MemoryConnector(tables: tables)))
  }

  func column(_ name: String) -> Expr<Int> { .reference(Sample.column(name), Sample.type(name)) }

  func call(_ name: String, _ arguments: Expr<Int>...) throws -> Expr<Int> {
    let resolved = try engine.functions.resolve(name, .scalar, arguments.map { .value($0.type) })
    let cast = zip(arguments, resolved.id.arguments).map { $0.type == $1 ? $0 : .cast($0, to: $1, safe: false) }
    return .call(resolved.id, cast, resolved.result)
  }

  /// An expression's value for all rows.
  func value(_ name: String, _ expression: Expr<Int>, _ loop: @escaping (Sample.Part, inout Digest) -> Void) throws -> Kernel {
    let evaluator = try Evaluator(expression, functions: engine.functions, context: context)
    return kernel(name, { try $1.take(evaluator.evaluate($0.batch)) }, loop)
  }

  /// The rows where a predicate is true, which the digest adds up.
  func selection(_ name: String, _ predicate: Expr<Int>, _ loop: @escaping (Sample.Part) -> [Int]) throws -> Kernel {
    let evaluator = try Evaluator(predicate, functions: engine.functions, context: context)
    return kernel(
      name,
      { part, digest in
        let selection = try evaluator.select(part.batch)
        if digest.isOn { for i in 0..<selection.count { digest.take(Double(selection.pointer[i])) } } else { blackHole(selection.count) }
      }, { $1.take(loop($0)) })
  }

  /// Something done batch by batch.
  func kernel(
    _ name: String, _ engine: @escaping (Sample.Part, inout Digest) throws -> Void, _ loop: @escaping (Sample.Part, inout Digest) -> Void
  ) -> Kernel {
    let parts = sample.parts
    return Kernel(
      name: name, engine: { digest in for part in parts { try engine(part, &digest) } },
      loop: { digest in for part in parts { loop(part, &digest) } })
  }

  /// An aggregate without groups, and the loop that answers its value.
  func aggregate(
    _ name: String, _ function: String, _ column: String, tolerance: Double = 1e-9, _ loop: @escaping ([Sample.Part]) -> Double
  ) throws -> Kernel {
    let resolved = try engine.functions.resolve(function, .aggregate, [.value(Sample.type(column))])
    let make = try engine.functions.aggregateMaker(resolved.id, result: resolved.result)
    let parts = sample.parts, channel = Sample.column(column)
    return Kernel(
      name: name, tolerance: tolerance,
      engine: { digest in
        let state = make()
        state.resize(to: 1)
        for part in parts { try state.updateSingle([part.batch.columns[channel]], count: part.batch.count) }
        digest.take(try state.results(0..<1))
      }, loop: { $0.take(loop(parts)) })
  }

  /// A statement whose first column the digest adds up.
  func statement(_ name: String, _ sql: String, _ loop: @escaping ([Sample.Part], inout Digest) -> Void) -> Kernel {
    let parts = sample.parts, engine = engine, session = Session(user: "kernels", catalog: "memory", schema: "default")
    return Kernel(
      name: name, engine: { digest in for try await batch in try await engine.query(sql, session) { digest.take(batch.columns[0]) } },
      loop: { loop(parts, &$0) })
  }
}
