import Values
import Vectors

/// Something the engine does with rows, and the loop that does the same.
struct Kernel {
  let name: String
  /// How far the two answers may be apart, as a part of the loop's: only estimates are allowed any.
  var tolerance = 1e-9
  let engine: (inout Digest) async throws -> Void
  let loop: (inout Digest) -> Void

  /// A line of the table. Throws where engine and loop disagree.
  func measured(rows: Int, runs: Int) async throws -> String {
    var found = Digest(isOn: true), wanted = Digest(isOn: true)
    try await engine(&found)
    loop(&wanted)
    guard abs(found.sum - wanted.sum) <= tolerance * max(1, abs(wanted.sum)) else {
      throw PrestoError(.genericInternalError, "\(name): the engine answers \(found.sum), the loop \(wanted.sum)")
    }
    let clock = ContinuousClock()
    var times: [Double] = [], naive: [Double] = []
    for _ in 0..<runs {
      var ignored = Digest(isOn: false)
      let start = clock.now
      try await engine(&ignored)
      let middle = clock.now
      loop(&ignored)
      times.append((middle - start) / .nanoseconds(1))
      naive.append((clock.now - middle) / .nanoseconds(1))
    }
    let (one, other) = (times.median / Double(rows), naive.median / Double(rows))
    return [name, one.short, other.short, (other / one).short].joined(separator: "\t")
  }
}

/// Adds up results in the run that is compared; in those that are timed it only keeps the compiler from leaving out what nobody would read.
struct Digest {
  let isOn: Bool
  private(set) var sum = 0.0

  init(isOn: Bool) { self.isOn = isOn }

  mutating func take(_ value: Double) { if isOn { sum += value } else { blackHole(value) } }

  mutating func take<T: BinaryInteger>(_ values: [T?]) {
    guard isOn else { return blackHole(values) }
    for case let value? in values { sum += Double(value) }
  }

  mutating func take(_ values: [String]) {
    guard isOn else { return blackHole(values) }
    for value in values { sum += Double(value.utf8.count) }
  }

  /// Numbers count as they are stored, texts by their length.
  mutating func take(_ vector: Vector) {
    guard isOn else { return blackHole(vector) }
    for row in 0..<vector.count {
      switch vector.constant(at: row) {
      case .boolean(let value): sum += value ? 1 : 0
      case .integer(let value): sum += Double(value)
      case .wide(let value): sum += Double(value)
      case .double(let value): sum += value
      case .bytes(let value): sum += Double(value.count)
      default: break
      }
    }
  }
}

/// A call that no optimizer sees through.
@inline(never) @_optimize(none) func blackHole<T>(_ value: T) {}

extension [Double] {
  var median: Double { sorted()[count / 2] }
}

extension Double {
  /// Two digits after the point, without Foundation's locale.
  var short: String {
    let hundredths = Int((self * 100).rounded()), rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
