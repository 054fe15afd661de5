@preconcurrency import Dispatch
import Foundation
import Glibc
import Synchronization

/// The process's terminal: whether there is one, how large it is.
struct Terminal: Sendable {
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  static var size: (columns: Int, rows: Int) {
    var window = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 { return (Int(window.ws_col), Int(window.ws_row)) }
    return (80, 24)
  }

  /// Colour only where a person sees it and did not ask for none.
  static var hasColour: Bool {
    errorIsTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  static func red(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
  static func faint(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

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

/// Standard output.
final class StandardOutput: TextOutput {
  func write(_ text: String) throws {
    if !text.isEmpty && !Terminal.put(text, STDOUT_FILENO) { throw OutputClosed() }
  }
}

/// Whoever read the output has gone.
struct OutputClosed: Error {}

/// Output through a pager (`$MINIPRESTO_PAGER`, or `less`), which shows what fits on one screen as if it were not there.
final class PagerOutput: TextOutput {
  private var pipe: UnsafeMutablePointer<FILE>?

  init?() {
    let command = ProcessInfo.processInfo.environment["MINIPRESTO_PAGER"] ?? "less --quit-if-one-screen --no-init --chop-long-lines"
    if command.isEmpty { return nil }
    guard let pipe = popen(command, "w") else { return nil }
    self.pipe = pipe
  }

  func write(_ text: String) throws {
    guard let pipe, !text.isEmpty else { return }
    var copy = text
    let written = copy.withUTF8 { fwrite($0.baseAddress, 1, $0.count, pipe) }
    if written != text.utf8.count { throw OutputClosed() }
  }

  /// Waits until the person leaves the pager.
  func close() {
    if let pipe { pclose(pipe) }
    pipe = nil
  }

  deinit { close() }
}

/// Turns Ctrl-C into a call, for as long as somebody listens.
final class Interrupts: Sendable {
  private let handler = Mutex<(@Sendable () -> Void)?>(nil)
  private let source: any DispatchSourceSignal

  init() {
    signal(SIGINT, SIG_IGN)
    // a pager that ends early must not end the shell
    signal(SIGPIPE, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "interrupts"))
    source.setEventHandler { [weak self] in self?.handler.withLock { $0 }?() }
    source.resume()
  }

  func listen(_ call: (@Sendable () -> Void)?) { handler.withLock { $0 = call } }
}
