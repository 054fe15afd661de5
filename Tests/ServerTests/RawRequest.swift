import Foundation
import Values

/// A request written to a socket as it is, and the answer as it came: client libraries hide some answers and repeat some requests.
enum RawRequest {
  struct Answer {
    var status: Int
    /// By name, lower-cased; of several the first.
    var headers: [String: String]
    var body: String
  }

  /// Sends the text to a port of this machine and reads to the end: the request must ask for `Connection: close`.
  static func send(_ text: String, port: Int) async throws -> Answer {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try exchange(text, port: port) }) }.start()
    }
  }

  private static func exchange(_ text: String, port: Int) throws -> Answer {
    func failure(_ what: String) -> PrestoError { PrestoError(.genericInternalError, "\(what): \(String(cString: strerror(errno)))") }
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard connection >= 0 else { throw failure("socket") }
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw failure("connect") }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      guard sent > 0 else { throw failure("write") }
      rest = rest.dropFirst(sent)
    }
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(connection, &chunk, chunk.count)
      guard count >= 0 else { throw failure("read") }
      if count == 0 { break }
      received += chunk[..<count]
    }
    return try answer(String(decoding: received, as: UTF8.self))
  }

  private static func answer(_ text: String) throws -> Answer {
    guard let end = text.range(of: "\r\n\r\n") else { throw PrestoError(.genericInternalError, "no answer: \(text)") }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].lowercased()
      if headers[name] == nil { headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces) }
    }
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, headers: headers, body: String(text[end.upperBound...]))
  }
}
