import Foundation
import MiniPresto
import Synchronization

/// One line on the terminal while a query runs: time, rows and bytes read, memory held. It appears after half a second and leaves no trace.
final class ProgressLine: Sendable {
  private struct State {
    var isShown = false
    var isEnded = false
  }
  private static let wiped = "\r\u{1B}[2K"
  private let state = Mutex(State())
  private let query: RunningQuery
  private let start = ContinuousClock.now

  init(_ query: RunningQuery) { self.query = query }

  /// Redraws the line until it is ended.
  func run() async {
    var pause = Duration.milliseconds(500)
    while true {
      try? await Task.sleep(for: pause)
      if Task.isCancelled { return }
      pause = .milliseconds(200)
      let text = self.text
      let isEnded = state.withLock { state in
        if !state.isEnded {
          Terminal.error(Self.wiped + Terminal.faint(text))
          state.isShown = true
        }
        return state.isEnded
      }
      if isEnded { return }
    }
  }

  /// Wipes the line away for good: something else is to be written there.
  func end() {
    state.withLock { state in
      if state.isShown && !state.isEnded { Terminal.error(Self.wiped) }
      state.isEnded = true
    }
  }

  private var text: String {
    let progress = query.progress
    let elapsed = (ContinuousClock.now - start).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    let rate = seconds > 0 ? Int(Double(progress.rows) / seconds) : 0
    let parts = [
      Self.time(seconds), "\(Self.count(progress.rows)) rows, \(Measure.bytes(progress.bytes)) read", "\(Self.count(rate)) rows/s",
      "\(Measure.bytes(progress.memory)) held", "Ctrl-C cancels",
    ]
    // a line that breaks could not be wiped away
    return String(parts.joined(separator: "   ").prefix(Terminal.size.columns - 1))
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
