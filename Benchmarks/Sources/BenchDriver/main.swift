// minipresto-bench: one warm engine that answers timing requests, for a benchmark script to drive beside another engine.
//
//     minipresto-bench CATALOGS_DIRECTORY CATALOG SCHEMA THREADS
//
// In comes a line of JSON for each query, out goes a line of JSON:
//
//     {"sql": "SELECT …", "runs": 3}
//     {"seconds": [0.41, 0.40, 0.40], "rows": 4, "error": null}
//
// A run's time is from the text to the last batch, all batches read; planning is in it, starting the process is not.
import Foundation
import MiniPresto
import Settings
import StandardConnectors
import Values
import Vectors

struct Request: Decodable {
  var sql: String
  var runs: Int?
}

struct Answer: Encodable {
  var seconds: [Double] = []
  var rows = 0
  var error: String?
}

/// Runs a query as often as asked. An error ends it; the times so far stay.
func answer(_ request: Request, _ engine: Engine, _ session: Session) async -> Answer {
  var answer = Answer()
  let clock = ContinuousClock()
  do {
    for _ in 0..<(request.runs ?? 1) {
      var rows = 0
      let start = clock.now
      for try await batch in try await engine.query(request.sql, session) { rows += batch.count }
      let spent = (clock.now - start).components
      answer.seconds.append(Double(spent.seconds) + Double(spent.attoseconds) * 1e-18)
      answer.rows = rows
    }
  } catch {
    let error = PrestoError(error)
    answer.error = "\(error.code.name): \(error.message)"
  }
  return answer
}

let arguments = CommandLine.arguments
guard arguments.count == 5, let threads = Int(arguments[4]) else {
  FileHandle.standardError.write(Data("usage: minipresto-bench CATALOGS_DIRECTORY CATALOG SCHEMA THREADS\n".utf8))
  exit(2)
}
let engine = try Engine(
  catalogs: .directory(arguments[1]), connectors: .standard, configuration: EngineConfiguration(threads: threads))
for (name, error) in engine.brokenCatalogs {
  FileHandle.standardError.write(Data("catalog '\(name)' is not available: \(error.message)\n".utf8))
}
let session = Session(user: "bench", catalog: arguments[2], schema: arguments[3])
while let line = readLine() {
  var reply: Answer
  do {
    reply = await answer(try JSONDecoder().decode(Request.self, from: Data(line.utf8)), engine, session)
  } catch {
    reply = Answer(error: "not a request: \(error)")
  }
  FileHandle.standardOutput.write(try JSONEncoder().encode(reply) + Data("\n".utf8))
}
