import Dispatch
import Foundation
import MiniPresto
import SQL
import Settings
import Synchronization

/// The prompt.
extension Shell {
  /// Reads statements until the end of input or `quit`.
  public func prompt() async {
    let words = CompletionWords(engine)
    let surroundings = Shared((pending: "", session: state.session))
    LineEditor.begin(history: options.historyFile) { line, before, word in
      let (pending, session) = surroundings.value.withLock { $0 }
      if let path = CompletionRequest.openString(pending + before + word) { return FileNames.complete(path, word: word) }
      let request = CompletionRequest(statement: pending + line, before: pending + before, word: word)
      return Shell.waiting(seconds: 3) { await words.find(request, session) } ?? []
    }
    var pending = ""
    while true {
      let (typed, session) = (pending.isEmpty ? "" : pending + "\n", state.session)
      surroundings.value.withLock { $0 = (typed, session) }
      interrupts.listen { LineEditor.interrupt() }
      let answer = LineEditor.read(pending.isEmpty ? name + "> " : String(repeating: " ", count: max(name.count - 2, 0)) + "-> ")
      interrupts.listen(nil)
      switch answer {
      case .end:
        Terminal.error("\n")
        return
      case .interrupted:
        Terminal.error("^C\n")
        pending = ""
      case .line(let line):
        if pending.isEmpty {
          if line.allSatisfy(\.isWhitespace) { continue }
          if let command = Command(line) {
            if command == .quit { return }
            perform(command)
            continue
          }
        }
        pending += pending.isEmpty ? line : "\n" + line
        guard Lexer.isComplete(pending) else { continue }
        LineEditor.remember(pending)
        if let file = options.historyFile { LineEditor.save(history: file) }
        _ = await run(script: pending)
        pending = ""
        await words.forget()
      }
    }
  }

  /// `minipresto`, with where the session is.
  private var name: String {
    guard let catalog = state.session.catalog else { return "minipresto" }
    return "minipresto:" + (state.session.schema.map { "\(catalog).\($0)" } ?? catalog)
  }

  /// What `work` answers, for one who cannot suspend; nil when it takes longer.
  private static func waiting<R: Sendable>(seconds: Int, _ work: @escaping @Sendable () async -> R) -> R? {
    let done = DispatchSemaphore(value: 0)
    let answer = Shared<R?>(nil)
    let task = Task.detached {
      let result = await work()
      answer.value.withLock { $0 = result }
      done.signal()
    }
    if done.wait(timeout: .now() + .seconds(seconds)) == .timedOut { task.cancel() }
    return answer.value.withLock { $0 }
  }

  /// A value that the terminal's thread and others look at.
  private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
  }

  /// A line that is no SQL.
  private enum Command {
    case quit, help, clear, history

    init?(_ line: String) {
      switch line.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "; \t")) {
      case "quit", "exit", "\\q": self = .quit
      case "help", "?", "\\?", "\\h": self = .help
      case "clear": self = .clear
      case "history": self = .history
      default: return nil
      }
    }
  }

  private func perform(_ command: Command) {
    switch command {
    case .quit: break
    case .help: print(Self.help)
    case .clear: Terminal.error("\u{1B}[H\u{1B}[2J")
    case .history: for (index, statement) in LineEditor.history.enumerated() { print("\(index + 1)  \(statement)") }
    }
  }

  private static let help = """
    Statements end with a semicolon and may take several lines. Tab completes names. Ctrl-C cancels a running query, or what is typed so far;
    Ctrl-D or quit leaves.

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
      help  history  clear  quit
    """
}
