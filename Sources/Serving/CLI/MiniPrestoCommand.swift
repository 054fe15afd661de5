// CLI: the `minipresto` executable. Flags are Presto CLI's own where it has them.
import ArgumentParser
import Foundation
import Glibc
import MiniPresto
import Settings
import Shell
import Values

@main
struct MiniPrestoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minipresto",
    abstract: "One SQL question over PostgreSQL, SQLite and Parquet, in place.",
    discussion: """
      Without --execute or --file it opens a prompt (or reads statements from standard input when that is no terminal).

        minipresto --execute "SELECT count(*) FROM 'events/*.parquet'"
        minipresto --catalogs Catalogs --catalog orders --schema public
        minipresto server --catalogs Catalogs --port 8080
        minipresto server --config etc
      """,
    version: "minipresto \(Engine.version)", subcommands: [ServerCommand.self])

  @OptionGroup var engineOptions: EngineOptions

  @Option(help: "Catalog of names that say none.")
  var catalog: String?

  @Option(help: "Schema of names that say none.")
  var schema: String?

  // a statement may begin with a comment's dashes
  @Option(
    name: [.customLong("execute"), .customShort("e", allowingJoined: false)], parsing: .unconditional,
    help: "Run these statements and exit.")
  var execute: String?

  @Option(name: [.customLong("file"), .customShort("f", allowingJoined: false)], help: "Run the statements of this file and exit.")
  var file: String?

  @Option(
    name: .customLong("output-format"),
    help:
      "Format of --execute, --file and piped statements: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")). (default: CSV)")
  var outputFormat: String?

  @Option(name: .customLong("output-format-interactive"), help: "Format at the prompt. (default: ALIGNED)")
  var interactiveFormat: String?

  @Flag(name: .customLong("ignore-errors"), help: "Go on after a failed statement of a script.")
  var ignoreErrors = false

  @Option(name: .customLong("session"), help: ArgumentHelp("Set a session property; may be given several times.", valueName: "name=value"))
  var properties: [String] = []

  @Option(name: .customLong("timezone"), help: "Session time zone. (default: UTC)")
  var timeZone: String?

  @Option(help: "User the query runs as. (default: $USER)")
  var user: String?

  @Option(help: "What to call this client.")
  var source: String = "minipresto-cli"

  @Flag(inversion: .prefixedNo, help: "Show progress while a query runs. (default: on a terminal)")
  var progress: Bool?

  @Option(help: "Command that shows results larger than the screen at the prompt. (default: $MINIPRESTO_PAGER, else less)")
  var pager: String?

  @Flag(name: .customLong("no-pager"), help: "Print results at the prompt directly.")
  var noPager = false

  @Option(
    name: .customLong("history-file"),
    help: "File that keeps what was typed at the prompt. (default: $MINIPRESTO_HISTORY_FILE, else ~/.minipresto_history)")
  var historyFile: String?

  @Flag(help: "Say more: ids of queries, what each source sent, numbers and kinds of errors.")
  var debug = false

  func run() async throws {
    if execute != nil && file != nil { throw ValidationError("--execute and --file exclude each other") }
    let batchFormat = try format(outputFormat, .csv), promptFormat = try format(interactiveFormat, .aligned)
    let engine: Engine
    do { engine = try engineOptions.makeEngine() } catch { throw Failure(PrestoError(error)) }
    let session = try makeSession(engine)
    var script = execute
    if let file {
      guard let data = FileManager.default.contents(atPath: file) else { throw ValidationError("Cannot read '\(file)'") }
      script = String(decoding: data, as: UTF8.self)
    }
    let isPiped = isatty(STDIN_FILENO) == 0
    if script == nil && isPiped { script = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) }
    var options = Shell.Options(format: script == nil ? promptFormat : batchFormat)
    options.ignoresErrors = ignoreErrors
    options.isDebugging = debug
    if let script {
      options.showsProgress = progress ?? false
      switch await Shell(engine: engine, session: session, options: options).run(script: script) {
      case .done: return
      case .failed: throw ExitCode(1)
      case .interrupted: throw ExitCode(130)
      }
    }
    let environment = ProcessInfo.processInfo.environment
    options.showsProgress = progress ?? true
    options.showsTiming = true
    options.usesPager = !noPager && isatty(STDOUT_FILENO) == 1
    options.pager = pager ?? environment["MINIPRESTO_PAGER"]
    let history = historyFile ?? environment["MINIPRESTO_HISTORY_FILE"] ?? environment["HOME"].map { $0 + "/.minipresto_history" }
    options.historyFile = history?.isEmpty ?? true ? nil : history
    await Shell(engine: engine, session: session, options: options).prompt()
  }

  private func format(_ name: String?, _ standard: OutputFormat) throws -> OutputFormat {
    guard let name else { return standard }
    guard let format = OutputFormat(rawValue: name.uppercased()) else {
      throw ValidationError("Unknown output format '\(name)'. One of: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return format
  }

  private func makeSession(_ engine: Engine) throws -> Session {
    var session = Session(
      user: user ?? ProcessInfo.processInfo.environment["USER"] ?? "minipresto", catalog: catalog?.lowercased(),
      schema: schema?.lowercased())
    session.source = source
    if let timeZone { session.timeZone = timeZone }
    for assignment in properties {
      let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--session takes name=value, not '\(assignment)'") }
      guard let property = engine.sessionProperties.first(where: { $0.name == parts[0] }) else {
        throw ValidationError("There is no session property '\(parts[0])'")
      }
      do { try session.set(property, to: parts[1]) } catch { throw Failure(PrestoError(error)) }
    }
    return session
  }
}

/// An error of the engine on the command line.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ error: PrestoError) { description = error.message + (error.hint.map { "\n\($0)" } ?? "") }
}
