import Synchronization

/// Calls the body once for each of 0 ..< `count`, on up to `drivers` threads of the query, lower numbers first. Between two calls other queries get
/// their turn, and a cancelled query ends; so it does after an error, which is thrown.
func inParallel(_ count: Int, drivers: Int, _ body: @escaping @Sendable (Int) throws -> Void) async throws {
  let next = Taken()
  @Sendable func work() async throws {
    while true {
      let index = next.take()
      if index >= count { return }
      try await WorkerPool.checkpoint()
      try body(index)
    }
  }
  if min(count, drivers) < 2 { return try await work() }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<min(count, drivers) { group.addTask { try await work() } }
    try await group.waitForAll()
  }
}

/// What the body makes of each of 0 ..< `count`, in order of the numbers.
func mapInParallel<Made: Sendable>(_ count: Int, drivers: Int, _ body: @escaping @Sendable (Int) throws -> Made) async throws -> [Made] {
  let made = Mutex([Made?](repeating: nil, count: count))
  try await inParallel(count, drivers: drivers) { index in
    let one = try body(index)
    made.withLock { $0[index] = one }
  }
  return made.withLock { $0.compactMap { $0 } }
}

/// Numbers that are handed out once each.
private final class Taken: Sendable {
  private let next = Atomic<Int>(0)
  func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}
