// minipresto-counts: an engine with one thread that has the instructions of statements counted, for `counts.py` to run under callgrind.
//
//     minipresto-counts LAKE SCHEMA
//
// In comes a line of JSON for each case. Its statement runs `runs` times without callgrind looking, then as often with: counted is everything from the
// text to the last batch, on all threads. Callgrind writes a file for each case; the first error ends the program.
//
//     {"name": "like", "runs": 1, "sql": "SELECT …"}
import CCallgrind
import Dispatch
import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Values

struct Case: Decodable {
  var name: String
  var runs: Int
  var sql: String
}

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("minipresto-counts: \(text)\n".utf8))
  exit(1)
}

/// Runs the statement as often as the case says, to the last batch.
func run(_ measured: Case, _ engine: Engine, _ session: Session) async {
  do {
    for _ in 0..<measured.runs {
      for try await _ in try await engine.query(measured.sql, session) {}
    }
  } catch {
    let error = PrestoError(error)
    fail("\(measured.name): \(error.code.name): \(error.message)")
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fail("usage: minipresto-counts LAKE SCHEMA") }
// Pages that stay decompressed would hide what decompressing costs.
let properties = Properties(
  ["connector.name": "lake", "lake.location": arguments[1], "lake.page-cache-size": "0B"], origin: "minipresto-counts")
let engine = try Engine(
  catalogs: .properties(["lake": properties]), connectors: .standard, configuration: EngineConfiguration(threads: 1))
for (_, error) in engine.brokenCatalogs { fail(error.message) }
let session = Session(user: "counts", catalog: "lake", schema: arguments[2])

// The main thread waits, instead of `await` out here: an asynchronous main ends in `dispatch_main`, whose sigsuspend valgrind 3.19 does not survive.
while let line = readLine() {
  guard let measured = try? JSONDecoder().decode(Case.self, from: Data(line.utf8)) else { fail("not a case: \(line)") }
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    // what only the first runs do is not counted: reading footers, filling the log of queries, growing the heap
    await run(measured, engine, session)
    mp_counting_begins()
    await run(measured, engine, session)
    mp_counting_ends(measured.name)
    done.signal()
  }
  done.wait()
}
