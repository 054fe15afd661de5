@preconcurrency import Dispatch
import Glibc
import Synchronization

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
