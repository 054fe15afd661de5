import Foundation
import Glibc
import MiniPresto
import SQL
import Settings
import Values
import Vectors

/// Runs statements one after the other and prints their answers.
public final class Shell {
  public struct Options: Sendable {
    public var format: OutputFormat
    /// Goes on after a failed statement of a script.
    public var ignoresErrors = false
    public var showsProgress: Bool
    /// Time and rows after each answer.
    public var showsTiming: Bool
    public var usesPager: Bool

    public init(format: OutputFormat, showsProgress: Bool, showsTiming: Bool, usesPager: Bool) {
      self.format = format
      self.showsProgress = showsProgress
      self.showsTiming = showsTiming
      self.usesPager = usesPager
    }
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

  /// Runs every statement of a script. false: some statement failed.
  public func run(script: String) async -> Bool {
    var isFine = true
    for fragment in Lexer.split(script) {
      if await !run(statement: fragment.text) {
        isFine = false
        if !options.ignoresErrors { return false }
      }
    }
    return isFine
  }

  /// Runs one statement and prints its answer or its error. false: it failed.
  func run(statement text: String) async -> Bool {
    let clock = ContinuousClock()
    let start = clock.now
    let engine = engine, session = state.session, options = options
    let work = Task { () -> (changes: [SessionChange], rows: Int, updateType: String?, query: RunningQuery) in
      let result = try await engine.query(text, session)
      for warning in result.warnings { Terminal.error("WARNING: \(warning)\n") }
      let progress = options.showsProgress ? ProgressLine(result.query) : nil
      let rows: Int
      do {
        rows = try await Shell.print(result, options)
        await progress?.stop()
      } catch {
        await progress?.stop()
        throw error
      }
      return (result.changes, rows, result.updateType, result.query)
    }
    interrupts.listen { work.cancel() }
    defer { interrupts.listen(nil) }
    do {
      let answer = try await work.value
      try state.apply(answer.changes, engine)
      if options.showsTiming { timing(answer.rows, answer.updateType, answer.query, clock.now - start) }
      return true
    } catch is OutputClosed {
      return true
    } catch {
      report(PrestoError(error), text)
      return false
    }
  }

  /// Prints all batches; the number of rows.
  private static func print(_ result: QueryResult, _ options: Options) async throws -> Int {
    if let updateType = result.updateType {
      var written: Int64?
      for try await batch in result { if let column = batch.columns.first { written = column.constant(at: 0).wideValue.map { Int64($0) } } }
      if options.format != .null {
        try StandardOutput().write(written.map { "\(updateType): \($0) row\($0 == 1 ? "" : "s")\n" } ?? "\(updateType)\n")
      }
      return 0
    }
    var count = 0
    let pager = options.usesPager ? PagerOutput() : nil
    defer { pager?.close() }
    var printer = options.format.printer(pager ?? StandardOutput(), terminalWidth: Terminal.size.columns)
    try printer.begin(result.columns)
    for try await batch in result {
      count += batch.count
      try printer.print(batch)
    }
    try printer.end()
    return count
  }

  private func timing(_ rows: Int, _ updateType: String?, _ query: RunningQuery, _ spent: Duration) {
    let parts = spent.components
    let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    let progress = query.progress
    var line = updateType == nil ? "(\(rows) row\(rows == 1 ? "" : "s"))" : ""
    line += line.isEmpty ? Measure.time(nanoseconds) : " " + Measure.time(nanoseconds)
    if progress.rows > 0 { line += ", read \(progress.rows) rows, \(Measure.bytes(progress.bytes))" }
    Terminal.error(Terminal.faint(line) + "\n\n")
  }

  /// `Query … failed: message`, the line at fault with a mark under the place, and what might help.
  func report(_ error: PrestoError, _ text: String) {
    Terminal.error(Terminal.red("Query failed (\(error.code.name)): \(error.message)") + "\n")
    if let location = error.location {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.indices.contains(location.line - 1) {
        let line = String(lines[location.line - 1])
        if line.count <= 300 {
          let before = line.unicodeScalars.prefix(max(location.column - 1, 0))
          Terminal.error(
            line + "\n" + String(repeating: " ", count: TextWidth.columns(String(String.UnicodeScalarView(before)))) + Terminal.red("^")
              + "\n")
        }
      }
    }
    if let hint = error.hint { Terminal.error("Hint: \(hint)\n") }
    if options.showsTiming { Terminal.error("\n") }
  }
}
