import Glibc

/// A failure of the load itself, which ends it.
struct LoadError: Error { var message: String }

/// One keep-alive connection over a blocking socket: the least that a client of the statement protocol can cost.
struct Connection: ~Copyable {
  private let socket: Int32
  private let host: String
  private var received: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 64 << 10)

  init(port: UInt16) throws(LoadError) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    host = "127.0.0.1:\(port)"
    guard socket >= 0 else { throw LoadError(message: "no socket") }
    var one: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard status == 0 else { throw LoadError(message: "cannot connect to port \(port)") }
  }

  deinit { close(socket) }

  /// The statement's answers, until there is no `nextUri` any more.
  /// - Returns: the number of requests it took, and the bytes of the answers.
  mutating func run(_ sql: String, user: String) throws(LoadError) -> (requests: Int, bytes: Int) {
    var answer = try exchange(
      "POST /v1/statement HTTP/1.1\r\nHost: \(host)\r\nX-Trino-User: \(user)\r\nX-Trino-Source: load\r\nContent-Length: \(sql.utf8.count)\r\n\r\n\(sql)"
    )
    var requests = 1
    var bytes = answer.count
    while let path = nextPath(answer) {
      answer = try exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nX-Trino-User: \(user)\r\n\r\n")
      requests += 1
      bytes += answer.count
    }
    if find(Array("\"error\":{".utf8), in: answer) != nil {
      throw LoadError(message: "the statement failed: \(String(decoding: answer.prefix(2000), as: UTF8.self))")
    }
    return (requests, bytes)
  }

  private mutating func exchange(_ request: String) throws(LoadError) -> ArraySlice<UInt8> {
    let bytes = Array(request.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { throw LoadError(message: "the server hung up") }
      sent += count
    }
    received.removeAll(keepingCapacity: true)
    while true {
      let count = recv(socket, &chunk, chunk.count, 0)
      if count <= 0 { throw LoadError(message: "the server hung up") }
      received += chunk[..<count]
      guard let end = find([13, 10, 13, 10], in: received[...]) else { continue }
      let head = String(decoding: received[..<end], as: UTF8.self).lowercased()
      guard head.hasPrefix("http/1.1 200"),
        let length = head.split(separator: "content-length:").dropFirst().first.flatMap({
          Int($0.drop { $0 == " " }.prefix { $0.isNumber })
        })
      else { throw LoadError(message: "unexpected answer: \(head)") }
      if received.count >= end + 4 + length { return received[(end + 4)...] }
    }
  }

  /// The path of `nextUri`; it stands before the statistics, and never escaped.
  private func nextPath(_ answer: ArraySlice<UInt8>) -> String? {
    guard let key = find(Array("\"nextUri\":\"".utf8), in: answer) else { return nil }
    let value = answer[(key + 11)...].prefix { $0 != 0x22 }
    let url = String(decoding: value, as: UTF8.self)
    return url.split(separator: "/", maxSplits: 2).last.map { "/\($0)" }
  }

  private func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = pattern.first else { return nil }
    var rest = bytes
    while let start = rest.firstIndex(of: first) {
      if bytes[start...].starts(with: pattern) { return start }
      rest = bytes[(start + 1)...]
    }
    return nil
  }
}
