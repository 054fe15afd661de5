// Many clients of one server, each on a connection and a thread of its own, that send one statement again and again:
//
//     minipresto-load PORT [--clients 64] [--seconds 10] [--rate STATEMENTS_A_SECOND] [--sql 'SELECT 1']
//
// Without a rate each client sends its next statement as soon as the last one ended, and so finds out how many the server can take;
// with a rate the clients together send as many a second, evenly. A latency begins when the statement was due, so that one that waits for
// a slow one before it is counted too, and ends with the last page.
import Glibc
import Synchronization

struct Options {
  var port: UInt16 = 8080
  var clients = 64
  var seconds = 10.0
  var rate: Double?
  var sql = "SELECT 1"

  init(_ arguments: [String]) throws(LoadError) {
    let usage = LoadError(message: "usage: minipresto-load PORT [--clients N] [--seconds S] [--rate N] [--sql TEXT]")
    var rest = arguments[...]
    guard let port = rest.popFirst().flatMap({ UInt16($0) }) else { throw usage }
    self.port = port
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw usage }
      switch name {
      case "--clients": clients = max(1, Int(value) ?? 64)
      case "--seconds": seconds = Double(value) ?? 10
      case "--rate": rate = Double(value)
      case "--sql": sql = value
      default: throw usage
      }
    }
  }
}

struct Tally: Sendable {
  var milliseconds: [Double] = []
  var requests = 0
  var bytes = 0
  var failure: String?
}

/// What all clients saw.
final class Total: Sendable {
  private let sum = Mutex(Tally())

  var tally: Tally { sum.withLock { $0 } }

  func add(_ tally: Tally) {
    sum.withLock {
      $0.milliseconds += tally.milliseconds
      $0.requests += tally.requests
      $0.bytes += tally.bytes
      $0.failure = $0.failure ?? tally.failure
    }
  }
}

func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

/// One client's life.
func client(_ number: Int, _ options: Options, from start: Double) -> Tally {
  var tally = Tally()
  do {
    var connection = try Connection(port: options.port)
    _ = try connection.run(options.sql, user: "client\(number)")
    let end = start + options.seconds * 1e3
    let interval = options.rate.map { Double(options.clients) / $0 * 1e3 }
    var due = max(now(), start) + (interval ?? 0) * Double(number) / Double(options.clients)
    while due < end {
      let wait = due - now()
      if wait > 0 { usleep(UInt32(wait * 1e3)) }
      let began = interval == nil ? now() : due
      let (requests, bytes) = try connection.run(options.sql, user: "client\(number)")
      tally.milliseconds.append(now() - began)
      tally.requests += requests
      tally.bytes += bytes
      due = interval.map { due + $0 } ?? now()
    }
  } catch { tally.failure = error.message }
  return tally
}

@main
struct Load {
  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      let total = Total()
      let start = now() + 300
      let threads = (0..<options.clients).map { number in Worker { total.add(client(number, options, from: start)) } }
      for thread in threads { thread.join() }
      let tally = total.tally
      let sorted = tally.milliseconds.sorted()
      if let failure = tally.failure { throw LoadError(message: failure) }
      guard let longest = sorted.last else { throw LoadError(message: "no statement ended") }
      func percentile(_ share: Double) -> String { decimal(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) }
      func decimal(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
      print(
        "\(options.clients) clients: \(sorted.count) statements, \(Int(Double(sorted.count) / options.seconds)) a second, "
          + "\(decimal(Double(tally.requests) / Double(sorted.count))) requests each; "
          + "ms p50 \(percentile(0.5)), p90 \(percentile(0.9)), p99 \(percentile(0.99)), max \(decimal(longest))")
    } catch {
      print("minipresto-load: \((error as? LoadError)?.message ?? "\(error)")")
      exit(1)
    }
  }
}
