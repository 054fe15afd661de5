import Foundation
import MiniPresto
import SQL
import Settings
import StandardConnectors
import Testing
import Values
import Vectors

/// Damaged queries: the statements of the suites with words taken out, put in, exchanged, and numbers made extreme. Whatever they are, they end in
/// rows or in an error that has a name; none makes the process crash, and none goes on after it was cancelled.
///
/// Seconds and seed come from MINIPRESTO_FUZZ_SECONDS and MINIPRESTO_FUZZ_SEED (`make fuzz`); in `make test` it is a few hundred statements.
@Suite struct QueryFuzzTests {
  @Test func damagedQueries() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["MINIPRESTO_FUZZ_SECONDS"].flatMap(Double.init)
    let corpus = try SuiteFile.all().filter { !$0.path.hasPrefix("parser/") }.flatMap { try $0.cases() }.map { Array($0.sql.utf8) }
      .filter { $0.count < 2_000 }
    let pieces = corpus.flatMap { bytes in Lexer.tokens(bytes).dropLast().map { Array(bytes[$0.range]) } }
    let extremes = [
      "NULL", "0", "-1", "9223372036854775807", "-9223372036854775808", "2147483648", "1e308", "nan()", "infinity()", "''", "'\u{1F600}'",
      "DECIMAL '99999999999999999999999999999999999999'", "ARRAY[]", "MAP()", "DATE '0001-01-01'", "TIMESTAMP '9999-12-31 23:59:59.999'",
      "INTERVAL '1' YEAR", "x -> x", "*", "CAST(NULL AS row(bigint))",
    ].map { Array($0.utf8) }
    var generator = SeededNumbers(state: environment["MINIPRESTO_FUZZ_SEED"].flatMap(UInt64.init) ?? 4)
    var engine = try fresh()
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    var count = 0, slow = 0
    while end.map({ ContinuousClock.now < $0 }) ?? (count < 400) {
      count += 1
      // what earlier statements left behind must not grow
      if count % 500 == 0 { engine = try fresh() }
      let bytes = corpus.randomElement(using: &generator) ?? []
      var tokens = Lexer.tokens(bytes).dropLast().map { Array(bytes[$0.range]) }
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !tokens.isEmpty {
        let index = Int.random(in: tokens.indices, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: tokens.remove(at: index)
        case 1: tokens.insert(pieces.randomElement(using: &generator) ?? [], at: index)
        case 2: tokens[index] = pieces.randomElement(using: &generator) ?? []
        case 3: tokens.swapAt(index, Int.random(in: tokens.indices, using: &generator))
        default: tokens[index] = extremes.randomElement(using: &generator) ?? []
        }
      }
      let sql = String(decoding: Array(tokens.joined(separator: [0x20])), as: UTF8.self)
      if environment["MINIPRESTO_FUZZ_TRACE"] != nil { FileHandle.standardError.write(Data("\(count): \(sql)\n".utf8)) }
      if await !run(sql, engine, isAlone: seconds != nil) { slow += 1 }
    }
    print("\(count) damaged queries, \(slow) cancelled")
  }

  private func fresh() throws -> Engine {
    try Engine(
      catalogs: .properties(["memory": Properties(["connector.name": "memory"])]), connectors: .standard,
      configuration: EngineConfiguration(threads: 2, memoryLimit: 256 << 20))
  }

  /// false: it was cancelled for taking too long.
  private func run(_ sql: String, _ engine: Engine, isAlone: Bool) async -> Bool {
    let query = Task {
      do {
        var rows = 0
        for try await batch in try await engine.query(sql, Session(catalog: "memory", schema: "default")) {
          rows += batch.count
          if rows > 100_000 { break }
        }
      } catch {
        let error = PrestoError(error)
        if Task.isCancelled { return }
        #expect(error.code != .genericInternalError, "\(sql)\n\(error)")
      }
    }
    let guardian = Task {
      try await Task.sleep(for: .seconds(20))
      query.cancel()
    }
    let began = ContinuousClock.now
    await query.value
    guardian.cancel()
    let taken = ContinuousClock.now - began
    // beside other tests nothing is known of how long a task waits for its turn
    if isAlone { #expect(taken < .seconds(60), "goes on after it was cancelled: \(sql)") }
    return taken < .seconds(20)
  }
}

/// SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
