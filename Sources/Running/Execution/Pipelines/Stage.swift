import Plans
import Values
import Vectors

/// Part of a running plan: opens one source per driver, and says which channel holds which symbol.
struct Stage: Sendable {
  var symbols: [Symbol]
  /// Drivers that may pull from it; each opens its own source.
  var parallelism: Int
  var open: @Sendable (_ driver: Int) async throws -> any BatchSource

  init(_ symbols: [Symbol], parallelism: Int, open: @escaping @Sendable (_ driver: Int) async throws -> any BatchSource) {
    self.symbols = symbols
    self.parallelism = parallelism
    self.open = open
  }

  func channel(_ symbol: Symbol) throws -> Int {
    guard let index = symbols.firstIndex(of: symbol) else {
      throw PrestoError(.genericInternalError, "Symbol \(symbol.name)#\(symbol.id) is not among the inputs of its operator")
    }
    return index
  }

  /// The same drivers with an operator on top.
  func then(_ symbols: [Symbol], _ wrap: @escaping @Sendable (any BatchSource, _ driver: Int) throws -> any BatchSource) -> Stage {
    let below = open
    return Stage(symbols, parallelism: parallelism) { driver in try wrap(try await below(driver), driver) }
  }
}

/// Drivers that fill a sink: everything below a breaker.
struct Pipeline: Sendable {
  var stage: Stage
  var sink: @Sendable (_ driver: Int) throws -> any BatchSink

  /// Runs one driver to its end; what it does is charged to operators where metrics are timing.
  func drive(_ driver: Int, _ metrics: QueryMetrics) async throws {
    guard metrics.isTiming else { return try await drive(driver) }
    let meter = DriverMeter(metrics)
    defer { meter.finish() }
    try await DriverMeter.$current.withValue(meter) { try await drive(driver) }
  }

  private func drive(_ driver: Int) async throws {
    let source = try await stage.open(driver)
    let sink = try sink(driver)
    while let batch = try await source.next() {
      try await WorkerPool.checkpoint()
      try await sink.append(batch)
    }
    try await sink.finish()
  }
}
