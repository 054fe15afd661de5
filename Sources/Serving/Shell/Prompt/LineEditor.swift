import CEdit
import Glibc
import Synchronization

/// Reads one line at a time from the terminal, edited by libedit, with its history and completion.
///
/// libedit asks back through C functions without context, and there is one terminal in a process: so there is one editor, and what its callbacks
/// need stands in `state`. Characters are read here rather than by libedit, so that Ctrl-C can end a line at any point.
enum LineEditor {
  enum Answer: Equatable {
    case line(String)
    /// Ctrl-C: whatever was typed is to be forgotten.
    case interrupted
    /// Ctrl-D, or no more input.
    case end
  }

  /// What may stand in place of a word: `(the text so far, that text's part before the word, the word)`.
  typealias Completing = @Sendable (_ line: String, _ before: String, _ word: String) -> [String]

  private struct State {
    var complete: Completing?
    var matches: [String] = []
    var isInterrupted = false
    /// Its write end wakes a read of the terminal.
    var wake: (read: Int32, write: Int32)?
  }

  private static let state = Mutex(State())

  /// To be called once, before the first `read`.
  static func begin(history path: String?, complete: @escaping Completing) {
    // libedit counts and shows characters by the locale
    setlocale(LC_CTYPE, "")
    if String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    var ends: [Int32] = [0, 0]
    let isPiped = pipe(&ends) == 0
    if isPiped { for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) + fcntl(end, F_SETFL, O_NONBLOCK) } }
    state.withLock { state in
      state.complete = complete
      if isPiped { state.wake = (ends[0], ends[1]) }
    }
    mp_edit_set_reader { _ in LineEditor.character() }
    mp_edit_set_word_breaks()
    mp_edit_set_completion { word, start, _ in LineEditor.matches(word, Int(start)) }
    using_history()
    if let path { read_history(path) }
    stifle_history(10_000)
  }

  /// The next line.
  static func read(_ prompt: String) -> Answer {
    guard let line = readline(prompt) else {
      let isInterrupted = state.withLock { state in
        defer { state.isInterrupted = false }
        return state.isInterrupted
      }
      return isInterrupted ? .interrupted : .end
    }
    defer { free(line) }
    return .line(String(cString: line))
  }

  /// Ends the read under way. Safe from any thread.
  static func interrupt() {
    state.withLock { state in
      guard let wake = state.wake else { return }
      state.isInterrupted = true
      var byte: UInt8 = 0
      _ = write(wake.write, &byte, 1)
    }
  }

  // MARK: History

  /// Keeps a statement, with its line breaks, unless it is the one before again.
  static func remember(_ statement: String) {
    let count = Int(max(mp_edit_history_count(), 0))
    if count > 0, let last = mp_edit_history_line(Int32(count - 1)), String(cString: last) == statement { return }
    add_history(statement)
  }

  static var history: [String] {
    (0..<Int(max(mp_edit_history_count(), 0))).compactMap { mp_edit_history_line(Int32($0)).map { String(cString: $0) } }
  }

  /// Queries may hold what is nobody else's business: the file is its owner's alone.
  static func save(history path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
    write_history(path)
    chmod(path, 0o600)
  }

  // MARK: Callbacks

  /// The next character of the terminal as a code point; -1 at its end and where Ctrl-C asked for a new line.
  private static func character() -> Int32 {
    let wake = state.withLock { $0.wake?.read } ?? -1
    var waited = [pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
    while poll(&waited, 2, -1) < 0 && errno == EINTR {}
    if waited[1].revents != 0 {
      var drained: UInt64 = 0
      while Glibc.read(wake, &drained, 8) > 0 {}
      if state.withLock({ $0.isInterrupted }) { return -1 }
    }
    guard let first = byte() else { return -1 }
    // Ctrl-D, where it was typed before libedit took the terminal's own editing away
    if first == 0 { return 4 }
    // UTF-8: how many bytes follow, and the bits that the first one brings
    let (following, bits): (Int, UInt32) =
      switch first {
      case 0xC0..<0xE0: (1, UInt32(first & 0x1F))
      case 0xE0..<0xF0: (2, UInt32(first & 0x0F))
      case 0xF0..<0xF8: (3, UInt32(first & 0x07))
      default: (0, UInt32(first))
      }
    var scalar = bits
    for _ in 0..<following {
      guard let next = byte() else { return -1 }
      scalar = scalar << 6 | UInt32(next & 0x3F)
    }
    return Int32(scalar)
  }

  private static func byte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count == 1 { return byte }
      if count < 0 && errno == EINTR { continue }
      return nil
    }
  }

  /// What libedit shows for Tab.
  private static func matches(_ word: UnsafePointer<CChar>?, _ start: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    mp_edit_end_completion()
    guard let word, let buffer = mp_edit_line(), let complete = state.withLock({ $0.complete }) else { return nil }
    let line = String(cString: buffer), text = String(cString: word)
    let found = complete(line, String(String.UnicodeScalarView(line.unicodeScalars.prefix(start))), text)
    state.withLock { $0.matches = found }
    // a blank after a whole word; `catalog.`, `function(` and `folder/` go on at once
    let goesOn = found.count == 1 && found[0].last.map { ".(/'".contains($0) } ?? false
    mp_edit_set_appended(goesOn ? 0 : 32)
    return rl_completion_matches(word) { _, index in
      let match = LineEditor.state.withLock { $0.matches.indices.contains(Int(index)) ? $0.matches[Int(index)] : nil }
      return match.flatMap { strdup($0) }
    }
  }
}
