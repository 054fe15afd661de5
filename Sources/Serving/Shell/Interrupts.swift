import Foundation
import Glibc
import Synchronization

/// Turns Ctrl-C into a call, for as long as somebody listens.
///
/// The signal's handler may do next to nothing, so it writes into a pipe that a thread waits at. (Dispatch's signal sources lose signals that come
/// while the main thread sleeps.)
final class Interrupts: Sendable {
  private let handler = Mutex<(@Sendable () -> Void)?>(nil)
  /// One for the process, as the signal is.
  private static let pipe: (read: Int32, write: Int32)? = {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }()

  init() {
    // a pager that ends early must not end the shell
    signal(SIGPIPE, SIG_IGN)
    guard let pipe = Interrupts.pipe else { return }
    let thread = Thread { [weak self] in
      var byte: UInt8 = 0
      while true {
        let count = read(pipe.read, &byte, 1)
        if count < 0 && errno == EINTR { continue }
        guard count == 1, let self else { return }
        self.handler.withLock { $0 }?()
      }
    }
    thread.name = "interrupts"
    thread.start()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      let kept = errno
      var byte: UInt8 = 0
      if let pipe = Interrupts.pipe { _ = write(pipe.write, &byte, 1) }
      errno = kept
    }
    action.sa_flags = SA_RESTART
    sigaction(SIGINT, &action, nil)
  }

  func listen(_ call: (@Sendable () -> Void)?) { handler.withLock { $0 = call } }
}
