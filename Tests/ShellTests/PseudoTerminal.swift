import Foundation
import Glibc
import Testing

/// The `minipresto` that was built beside the tests, with a terminal of its own, as a person has it.
final class PseudoTerminal {
  private let master: Int32
  let process: pid_t
  /// What the terminal showed and no expectation has eaten yet.
  private var shown = ""

  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  /// The command's path: tests and commands are built into one folder.
  static var command: String {
    let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: test).deletingLastPathComponent()
    // `swift test` may load the tests from a bundle into a program of the toolchain's
    if !FileManager.default.fileExists(atPath: folder.appendingPathComponent("minipresto").path),
      let bundle = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") })
    {
      folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
    }
    return folder.appendingPathComponent("minipresto").path
  }

  init(_ arguments: [String], columns: UInt16 = 100, rows: UInt16 = 24, environment: [String: String] = [:]) throws {
    // Linux' numbers for what `unlockpt` and `ptsname` do, which Glibc's module keeps to itself
    let (unlock, tellNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    var isLocked: Int32 = 0, number: UInt32 = 0
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard master >= 0, ioctl(master, unlock, &isLocked) == 0, ioctl(master, tellNumber, &number) == 0 else {
      throw Missing(description: "a terminal")
    }
    let path = "/dev/pts/\(number)"
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)

    // the first terminal that the leader of a new session opens is its own: Ctrl-C reaches it
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    // what the test's program ignores or blocks is not the command's
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // 0x80 is POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(&attributes, Int16(0x80 | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "TERM": "xterm", "HOME": "/nowhere"]
    variables.merge(environment) { _, new in new }
    let command = PseudoTerminal.command
    var texts = ([command] + arguments).map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in texts + settings { free(text) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, command, &actions, &attributes, &texts, &settings)
    guard status == 0 else { throw Missing(description: "\(command): \(String(cString: strerror(status)))") }
    process = child
  }

  deinit {
    close(master)
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  func type(_ text: String) {
    var copy = text
    copy.withUTF8 { _ = write(master, $0.baseAddress, $0.count) }
  }

  /// Waits until the terminal shows a text, and eats all up to it; the text eaten, which ends with the one expected.
  @discardableResult
  func expect(_ text: String, seconds: Int32 = 30, at place: SourceLocation = #_sourceLocation) throws -> String {
    let deadline = ContinuousClock.now + .seconds(Int(seconds))
    while true {
      if let range = shown.range(of: text) {
        let eaten = String(shown[..<range.upperBound])
        shown = String(shown[range.upperBound...])
        return eaten
      }
      guard ContinuousClock.now < deadline, more(milliseconds: seconds * 1000) else {
        Issue.record("expected \(text.debugDescription), the terminal shows \(shown.debugDescription)", sourceLocation: place)
        throw Missing(description: text)
      }
    }
  }

  /// Reads what has come; false: nothing more will.
  private func more(milliseconds: Int32) -> Bool {
    var waited = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waited, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    shown += String(decoding: bytes[..<count], as: UTF8.self)
    return true
  }

  /// Waits for the command's end; its exit code (-1: it did not end, or by a signal), and what it still showed.
  func end() -> (code: Int32, shown: String) {
    while more(milliseconds: 30_000) {}
    var status: Int32 = 0
    // the terminal is closed a moment before the process is gone
    let deadline = ContinuousClock.now + .seconds(10)
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline {
        kill(process, SIGKILL)
        return (-1, shown)
      }
      poll(nil, 0, 5)
    }
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : -1, shown)
  }
}
