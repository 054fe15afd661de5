import Foundation
import Glibc

/// The process's terminal: whether there is one, how large it is, and what it can show.
struct Terminal: Sendable {
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  static var size: (columns: Int, rows: Int) {
    var window = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 { return (Int(window.ws_col), max(Int(window.ws_row), 1)) }
    return (80, 24)
  }

  /// Colour only where a person sees it and did not ask for none.
  private static func hasColour(_ descriptor: Int32) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(descriptor) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
  }

  /// Whether tables may be coloured.
  static var outputHasColour: Bool { hasColour(STDOUT_FILENO) }

  static func red(_ text: String) -> String { hasColour(STDERR_FILENO) ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
  static func faint(_ text: String) -> String { hasColour(STDERR_FILENO) ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  static func error(_ text: String) { _ = put(text, STDERR_FILENO) }

  /// false: nobody reads any more.
  static func put(_ text: String, _ descriptor: Int32) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      var at = 0
      while at < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + at }, bytes.count - at)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 { return false }
        at += written
      }
      return true
    }
  }
}
