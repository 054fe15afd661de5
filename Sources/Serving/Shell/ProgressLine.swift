import Foundation
import MiniPresto
import Synchronization

/// One line on the terminal while a query runs: time, rows and bytes read, memory held. It appears after half a second and leaves no trace.
final class ProgressLine: Sendable {
  private let task: Task<Void, Never>

  init(_ query: RunningQuery) {
    task = Task {
      let start = ContinuousClock.now
      var isShown = false
      try? await Task.sleep(for: .milliseconds(500))
      while !Task.isCancelled {
        let progress = query.progress
        let elapsed = (ContinuousClock.now - start).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        let rate = seconds > 0 ? Int(Double(progress.rows) / seconds) : 0
        Terminal.error(
          "\r\u{1B}[2K"
            + Terminal.faint(
              "\(Self.time(seconds))  \(Self.count(progress.rows)) rows, \(Measure.bytes(progress.bytes)) read  (\(Self.count(rate)) rows/s)  \(Measure.bytes(progress.memory)) held   Ctrl-C cancels"
            ))
        isShown = true
        try? await Task.sleep(for: .milliseconds(200))
      }
      if isShown { Terminal.error("\r\u{1B}[2K") }
    }
  }

  func stop() async {
    task.cancel()
    await task.value
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds)
    return whole < 60 ? "\(Int(seconds * 10) / 10).\(Int(seconds * 10) % 10)s" : "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
  }

  static func count(_ n: Int) -> String {
    switch n {
    case ..<10_000: "\(n)"
    case ..<1_000_000: "\(n / 1000)K"
    case ..<1_000_000_000: "\(n / 1_000_000).\(n / 100_000 % 10)M"
    default: "\(n / 1_000_000_000).\(n / 100_000_000 % 10)B"
    }
  }
}
