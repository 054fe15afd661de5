import Expressions
import Testing
import Values
import Vectors

@Suite struct ResolutionTests {
  private static let registry = FunctionRegistry([
    .scalar("f", "") { (x: Int64) in x }, .scalar("f", "") { (x: Double) in x },
    .bound("g", "(decimal(p,s)) -> decimal(38,s)", "") { _, _ in nil }, .scalar("g", "") { (x: Int64) in x },
    .vector("first", "(array(T)) -> T where T: orderable", "") { v, _, _ in v[0] },
    .vector("pair", "(T, T) -> array(T)", "") { v, _, _ in v[0] },
    .vector("transform", "(array(T), function(T, U)) -> array(U)", "") { v, _, _ in v[0] },
    .vector("reduce", "(array(T), S, function(S, T, S), function(S, R)) -> R", "") { v, _, _ in v[0] },
    .vector("join", "(varchar, varchar...) -> varchar", "") { v, _, _ in v[0] },
    .vector("length", "(varchar(n)) -> bigint", "") { v, _, _ in v[0] },
    .vector("same", "(varchar(n), varchar(n)) -> varchar(n)", "") { v, _, _ in v[0] },
    .vector("stamp", "(timestamp(p) with time zone) -> timestamp(p)", "") { v, _, _ in v[0] },
    .scalar("two", "") { (x: Int64, y: Double) in Double(x) + y }, .scalar("two", "") { (x: Double, y: Int64) in x + Double(y) },
  ])

  private func resolve(_ name: String, _ types: DataType...) throws -> ResolvedFunction {
    try Self.registry.resolve(name, .scalar, types.map { .value($0) })
  }

  @Test func nearestOverload() throws {
    #expect(try resolve("f", .integer).id.arguments == [.bigint])
    #expect(try resolve("f", .real).id.arguments == [.double])
    #expect(try resolve("f", .decimal(precision: 5, scale: 1)).id.arguments == [.double])
    #expect(try resolve("F", .bigint).id.name == "f")
    #expect(try resolve("g", .tinyint).result == .bigint)
    #expect(try resolve("g", .decimal(precision: 5, scale: 2)).result == .decimal(precision: 38, scale: 2))
  }

  @Test func variables() throws {
    #expect(try resolve("first", .array(.date)).result == .date)
    #expect(try resolve("pair", .integer, .double).id.arguments == [.double, .double])
    #expect(try resolve("pair", .unknown, .varchar(length: 3)).result == .array(.varchar(length: 3)))
    #expect(try resolve("pair", .array(.integer), .array(.bigint)).result == .array(.array(.bigint)))
    #expect(try resolve("length", .varchar(length: 3)).id.arguments == [.varchar(length: 3)])
    #expect(try resolve("same", .varchar(length: 3), .varchar(length: 5)).result == .varchar(length: 5))
    #expect(try resolve("same", .varchar(length: 3), .varchar).result == .varchar)
    #expect(try resolve("stamp", .date).result == .timestamp(precision: 0))
    #expect(try resolve("join", .varchar(length: 1), .char(length: 2), .unknown).id.arguments == [.varchar, .varchar, .varchar])
    #expect(Scenario.failure { _ = try resolve("first", .array(.map(key: .bigint, value: .bigint))) }?.code == .functionNotFound)
    #expect(Scenario.failure { _ = try resolve("pair", .bigint, .varchar) }?.code == .functionNotFound)
  }

  @Test func lambdas() throws {
    let doubled = CallArgument.lambda(parameterCount: 1) { types in
      #expect(types == [.bigint])
      return .varchar
    }
    let transform = try Self.registry.resolve("transform", nil, [.value(.array(.bigint)), doubled])
    #expect(transform.id.arguments == [.array(.bigint), .function([.bigint], .varchar)])
    #expect(transform.result == .array(.varchar))
    // the state of reduce is as wide as what the lambda makes of it
    let step = CallArgument.lambda(parameterCount: 2) { types in Coercion.commonType(types[0], types[1]) ?? .unknown }
    let last = CallArgument.lambda(parameterCount: 1) { $0[0] }
    let reduce = try Self.registry.resolve("reduce", nil, [.value(.array(.bigint)), .value(.integer), step, last])
    #expect(reduce.id.arguments == [.array(.bigint), .bigint, .function([.bigint, .bigint], .bigint), .function([.bigint], .bigint)])
    #expect(
      Scenario.failure { _ = try Self.registry.resolve("transform", nil, [.value(.array(.bigint)), step]) }?.code == .functionNotFound)
  }

  @Test func messages() {
    #expect(
      Scenario.failure { _ = try resolve("f", .varchar(length: 3), .bigint) }?.message
        == "Unexpected parameters (varchar(3), bigint) for function f. Expected: f(bigint), f(double)")
    let unknown = Scenario.failure { _ = try resolve("trnsform", .bigint) }
    #expect(unknown?.message == "Function 'trnsform' not registered")
    #expect(unknown?.hint == "Did you mean 'transform'?")
    #expect(Scenario.failure { _ = try resolve("two", .bigint, .bigint) }?.code == .ambiguousFunctionCall)
    let operatorError = Scenario.failure {
      _ = try Scenario.functions.resolve("$greater_than_or_equal", .scalar, [.value(.date), .value(.varchar(length: 10))])
    }
    #expect(operatorError?.code == .typeMismatch)
    #expect(operatorError?.message == "Cannot apply operator: date >= varchar(10)")
  }

  @Test func everyDeclarationOfTheLibraryIsReadable() {
    for (name, overloads) in Scenario.functions.functions {
      #expect(name == name.lowercased())
      for function in overloads { #expect(!function.signature.description.isEmpty) }
    }
  }

  @Test func closuresAreTheContract() throws {
    let registry = FunctionRegistry([
      .scalar("twice", "") { (x: Int64) in x * 2 }, .scalar("known", "") { (x: Int64?) in x != nil },
      .scalar("positive", "") { (x: Int64) -> Int64? in x > 0 ? x : nil },
      .scalar("shown", "") { (x: Int64, out: inout TextWriter) in
        if x == 13 { out.writeNull() } else { out.write("number "); out.write(number: Int(x)) }
      },
      .scalar("head", "") { (x: Text, n: Int64) in CodePoints.prefix(x, Int(n)) }, .scalar("answer", "") { () in Int64(42) },
    ])
    func run(_ name: String, _ arguments: [Vector], _ result: DataType) throws -> [Constant] {
      let kernel = try registry.scalarKernel(FunctionID(name, arguments.map(\.type)), result: result)
      let count = arguments.first?.count ?? 70
      let vector = try kernel(arguments, count, Scenario.context)
      return (0..<count).map { vector.constant(at: $0) }
    }
    let builder = VectorBuilder(.bigint, capacity: 130)
    for i in 0..<130 { if i % 13 == 5 { builder.appendNull() } else { builder.append(Int64(i - 20)) } }
    let vector = builder.finish()
    let values = (0..<130).map { vector.constant(at: $0).wideValue.map { Int64($0) } }
    #expect(try run("twice", [vector], .bigint) == values.map { $0.map { .integer($0 * 2) } ?? .null })
    #expect(try run("known", [vector], .boolean) == values.map { .boolean($0 != nil) })
    #expect(try run("positive", [vector], .bigint) == values.map { $0.flatMap { $0 > 0 ? .integer($0) : nil } ?? .null })
    #expect(try run("shown", [vector], .varchar) == values.map { $0.flatMap { $0 == 13 ? nil : .text("number \($0)") } ?? .null })
    #expect(try run("answer", [], .bigint) == Array(repeating: .integer(42), count: 70))
    let text = Vector.constant(.text("ein längerer Text"), .varchar, count: 130)
    #expect(try run("head", [text, Vector.constant(.integer(14), .bigint, count: 130)], .varchar)[129] == .text("ein längerer T"))
  }
}
