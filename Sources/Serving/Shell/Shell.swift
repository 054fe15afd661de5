// Shell: what a person at a terminal sees.
//
// In come lines typed or a script; out go tables, CSV, JSON. The shell knows the engine through `Engine.query` and its results alone: it keeps the
// session (what USE, SET SESSION and PREPARE changed), prints rows as they arrive, shows progress while it waits, and turns Ctrl-C into a cancelled
// query, never a lost shell.
import Foundation
import MiniPresto
import SQL
import Settings
import Synchronization
import Values
import Vectors

/// Runs statements one after the other and prints their answers.
public final class Shell {
  public struct Options: Sendable {
    public var format: OutputFormat
    /// Goes on after a failed statement of a script.
    public var ignoresErrors = false
    public var showsProgress = false
    /// Time and rows after each answer.
    public var showsTiming = false
    public var usesPager = false
    /// The pager's command; nil: `less` where it is there.
    public var pager: String?
    /// Where the prompt keeps what was typed; nil: nowhere.
    public var historyFile: String?
    /// Ids of queries, and numbers and kinds of errors.
    public var isDebugging = false

    public init(format: OutputFormat) { self.format = format }
  }

  let engine: Engine
  var state: ShellSession
  public let options: Options
  let interrupts = Interrupts()

  public init(engine: Engine, session: Session, options: Options) {
    self.engine = engine
    state = ShellSession(session)
    self.options = options
  }

  /// How a script ended.
  public enum Outcome: Sendable { case done, failed, interrupted }

  /// Runs every statement of a script: to the first that fails, or, where errors are ignored, to the end.
  public func run(script: String) async -> Outcome {
    var outcome = Outcome.done
    for fragment in Lexer.split(script) {
      switch await run(fragment) {
      case .done: break
      case .interrupted: return .interrupted
      case .failed:
        outcome = .failed
        if !options.ignoresErrors { return outcome }
      }
    }
    return outcome
  }

  /// Runs one statement and prints its answer or its error.
  private func run(_ fragment: Lexer.Fragment) async -> Outcome {
    let clock = ContinuousClock()
    let start = clock.now
    let text = fragment.text
    let engine = engine, session = state.session, options = options
    let work = Task { () -> (result: QueryResult, rows: Int) in
      let result = try await engine.query(text, session)
      for warning in result.warnings { Terminal.error("WARNING: \(warning)\n") }
      let progress = options.showsProgress ? ProgressLine(result.query) : nil
      let drawing = progress.map { line in Task { await line.run() } }
      defer {
        drawing?.cancel()
        progress?.end()
      }
      do { return (result, try await Shell.print(result, options, progress)) } catch {
        // whoever left the pager does not want the rest
        result.query.cancel()
        throw error
      }
    }
    interrupts.listen { work.cancel() }
    defer { interrupts.listen(nil) }
    do {
      let (result, rows) = try await work.value
      try state.apply(result.changes, engine)
      if options.showsTiming { timing(rows, result, clock.now - start) }
      return .done
    } catch is OutputClosed {
      return .done
    } catch {
      let error = PrestoError(error)
      report(error, fragment)
      return error.code == .userCanceled && work.isCancelled ? .interrupted : .failed
    }
  }

  /// Prints all batches; the number of rows.
  private static func print(_ result: QueryResult, _ options: Options, _ progress: ProgressLine?) async throws -> Int {
    let paged = options.usesPager ? PagedOutput(options.pager, screen: Terminal.size, after: progress) : nil
    let out: any TextOutput = paged ?? StandardOutput(after: progress)
    defer { out.close() }
    if let updateType = result.updateType {
      var written: Int64?
      for try await batch in result { if let column = batch.columns.first { written = column.constant(at: 0).wideValue.map { Int64($0) } } }
      if options.format != .null { try out.write(written.map { "\(updateType): \($0) row\($0 == 1 ? "" : "s")\n" } ?? "\(updateType)\n") }
      return 0
    }
    var count = 0
    let hasColour = options.showsTiming && Terminal.outputHasColour
    var printer: any RowPrinter =
      isPlan(result) && [.aligned, .auto, .vertical].contains(options.format)
      ? TextPrinter(out) : options.format.printer(out, terminalWidth: Terminal.size.columns, hasColour: hasColour)
    try printer.begin(result.columns)
    for try await batch in result {
      count += batch.count
      try printer.print(batch)
    }
    try printer.end()
    return count
  }

  /// EXPLAIN's answer.
  private static func isPlan(_ result: QueryResult) -> Bool { result.columns == [ResultColumn("Query Plan", .varchar)] }

  private func timing(_ rows: Int, _ result: QueryResult, _ spent: Duration) {
    let parts = spent.components
    let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    let progress = result.query.progress
    var line: [String] = []
    // the table says it itself
    if result.updateType == nil && options.format != .aligned { line.append("\(rows) row\(rows == 1 ? "" : "s")") }
    line.append(Measure.time(nanoseconds))
    if progress.rows > 0 { line.append("read \(progress.rows) rows, \(Measure.bytes(progress.bytes))") }
    if options.isDebugging {
      line.append("at most \(Measure.bytes(progress.peakMemory)) held")
      line.append(result.query.id)
      line += progress.sources.map { "\($0.label): \($0.rows) rows, \(Measure.bytes($0.bytes))" }
    }
    Terminal.error(Terminal.faint(line.joined(separator: ", ")) + "\n\n")
  }

  /// `Query failed: message`, the line at fault with a mark under the place, and what might help.
  private func report(_ error: PrestoError, _ fragment: Lexer.Fragment) {
    var text = Terminal.red("Query failed (\(error.code.name)): \(error.message)") + "\n"
    if let location = error.location { text += pointer(to: location, in: fragment.text) }
    // lines are counted from the statement's first
    if fragment.location.line > 1 { text += "The statement begins in line \(fragment.location.line).\n" }
    if let hint = error.hint { text += "Hint: \(hint)\n" }
    if options.isDebugging { text += "Error \(error.code.number), \(error.code.kind.rawValue)\n" }
    if options.showsTiming { text += "\n" }
    Terminal.error(text)
  }

  /// The line at fault and `^` under the place.
  private func pointer(to location: SourceLocation, in text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(location.line - 1) else { return "" }
    let line = String(lines[location.line - 1])
    // a line of thousands of letters shows nothing
    if line.count > 300 { return "" }
    let before = line.unicodeScalars.prefix(max(location.column - 1, 0))
    let blanks = String(String.UnicodeScalarView(before)).map {
      $0 == "\t" ? "\t" : String(repeating: " ", count: TextWidth.columns(String($0)))
    }
    return line + "\n" + blanks.joined() + Terminal.red("^") + "\n"
  }
}
