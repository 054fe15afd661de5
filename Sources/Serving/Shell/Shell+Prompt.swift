import CEdit
import Foundation
import Glibc
import MiniPresto
import SQL
import Settings
import Synchronization

/// The prompt: line editing, history and completion by libedit.
extension Shell {
  /// Reads statements until the end of input or `quit`.
  public func prompt() async {
    let history = historyPath
    using_history()
    if let history { read_history(history) }
    stifle_history(10_000)
    Completion.install(await CompletionWords.collect(engine, state.session))
    interrupts.listen { Terminal.error("\n(type quit or press Ctrl-D to leave)\n") }
    var pending = ""
    while let line = read(pending.isEmpty ? name + "> " : String(repeating: " ", count: max(name.count - 2, 0)) + "-> ") {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if pending.isEmpty {
        if trimmed.isEmpty { continue }
        switch trimmed.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "; ")) {
        case "quit", "exit", "\\q":
          save(history)
          return
        case "help", "?":
          printHelp()
          continue
        case "clear":
          Terminal.error("\u{1B}[H\u{1B}[2J")
          continue
        case "history":
          printHistory()
          continue
        default: break
        }
      }
      pending += pending.isEmpty ? line : "\n" + line
      guard Lexer.isComplete(pending) else { continue }
      add_history(pending.split(separator: "\n").joined(separator: " "))
      _ = await run(script: pending)
      pending = ""
      Completion.install(await CompletionWords.collect(engine, state.session))
      interrupts.listen { Terminal.error("\n(type quit or press Ctrl-D to leave)\n") }
    }
    Terminal.error("\n")
    save(history)
  }

  private var name: String {
    guard let catalog = state.session.catalog else { return "minipresto" }
    return "minipresto:" + (state.session.schema.map { "\(catalog).\($0)" } ?? catalog)
  }

  private func read(_ prompt: String) -> String? {
    guard let line = readline(prompt) else { return nil }
    defer { free(line) }
    return String(cString: line)
  }

  private var historyPath: String? {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["MINIPRESTO_HISTORY_FILE"] { return path.isEmpty ? nil : path }
    return environment["HOME"].map { $0 + "/.minipresto_history" }
  }

  private func save(_ path: String?) {
    guard let path else { return }
    write_history(path)
    // queries may hold what is nobody else's business
    chmod(path, 0o600)
  }

  private func printHistory() {
    for index in 0..<Int(max(mp_edit_history_count(), 0)) {
      if let line = mp_edit_history_line(Int32(index)) { print("\(index + 1)  \(String(cString: line))") }
    }
  }

  private func printHelp() {
    print(
      """
      Statements end with a semicolon and may take several lines. Ctrl-C cancels a running query; Ctrl-D or quit leaves.

        SHOW CATALOGS;                      what there is
        SHOW SCHEMAS FROM catalog;
        SHOW TABLES FROM catalog.schema;
        DESCRIBE catalog.schema.table;
        USE catalog.schema;                 shorter names from here on
        SELECT … FROM 'folder/*.parquet';   files need no catalog
        EXPLAIN SELECT …;                   the plan, with the SQL each source is sent
        EXPLAIN ANALYZE SELECT …;           the same, with what it took
        SHOW SESSION;  SET SESSION name = value;
        SHOW FUNCTIONS LIKE 'date%';
        history  clear  help  quit
      """)
  }
}

/// libedit asks for completions through a C callback without context, so the words of the one prompt of this process stand here.
private enum Completion {
  static let words = Mutex<[String]>([])

  static func install(_ all: [String]) {
    words.withLock { $0 = all }
    mp_edit_set_completion { text, _, _ in
      mp_edit_end_completion()
      guard let text else { return nil }
      return rl_completion_matches(text) { prefix, state in
        guard let prefix else { return nil }
        let wanted = String(cString: prefix).lowercased()
        let matches = Completion.words.withLock { words in
          words.lazy.filter { $0.lowercased().hasPrefix(wanted) }.dropFirst(Int(state)).first
        }
        return matches.flatMap { strdup($0) }
      }
    }
  }
}
