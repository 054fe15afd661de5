import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Values

/// One request to a store, before it is signed.
struct S3Request: Sendable {
  var method = "GET"
  var location: S3Location
  /// What errors name, where it is not the address that is asked.
  var subject: S3Location?
  var query: [(String, String)] = []
  var headers: [(String, String)] = []
  var body: [UInt8] = []
  /// Answers with more bytes are not read to the end.
  var limit = 64 << 20
  /// What is asked for, in errors: "read", "list", …
  var verb = "read"

  var named: String { (subject ?? location).path }
}

struct S3Response: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: [UInt8]

  func header(_ name: String) -> String? { headers.first(name: name) }

  /// `<Error><Code>SlowDown</Code>…`, or nil.
  var errorCode: String? {
    guard !body.isEmpty, body.count < 1 << 20 else { return nil }
    return XMLElement.parse(body).flatMap { $0.name == "Error" ? $0["Code"]?.text : nil }
  }
}

/// Why one try came to nothing.
enum S3Failure: Error {
  /// Worth another try: the network, a busy server, a body that is not whole. The text says what happened, without secrets.
  case passing(String, pause: Int? = nil)
  /// Any other try would end the same way.
  case lasting(PrestoError)
}

/// Signs, sends, checks and tries again, with pauses that grow and differ.
struct S3Client: Sendable {
  let configuration: S3Configuration

  /// One for the process: connections are kept and shared. Answers that point elsewhere are not followed: their signature would not fit.
  private static let http: HTTPClient = {
    var settings = HTTPClient.Configuration(redirectConfiguration: .disallow)
    settings.httpVersion = .http1Only
    settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    settings.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(5), read: .seconds(30))
    return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: settings)
  }()

  /// Until `accept` takes an answer. It throws `S3Failure.passing` for one that another try may better.
  func send<Answer: Sendable>(_ request: S3Request, _ accept: @Sendable (S3Response) throws -> Answer) async throws -> Answer {
    var tries = 0
    while true {
      do {
        return try accept(try await once(request))
      } catch S3Failure.lasting(let error) {
        throw error
      } catch S3Failure.passing(let reason, let asked) {
        tries += 1
        if tries > configuration.retries {
          throw PrestoError(
            .fileSystemError,
            "Cannot \(request.verb) \(request.named): \(reason)\(tries > 1 ? " (\(tries) tries)" : "")")
        }
        let pause = max(asked ?? 0, pause(before: tries))
        try await Task.sleep(nanoseconds: UInt64(pause) * 1_000_000)
      }
    }
  }

  /// Milliseconds: doubled with every try, and somewhere in the upper half of that, so that many readers do not come back together.
  private func pause(before attempt: Int) -> Int {
    let longest = min(configuration.longestPause, configuration.firstPause << min(attempt - 1, 16))
    return Int.random(in: longest / 2...max(longest, 1))
  }

  private func once(_ request: S3Request) async throws -> S3Response {
    let (host, rawPath) = configuration.place(request.location)
    let path = S3Signature.encoded(rawPath, keepingSlashes: true)
    let query = request.query.map { (S3Signature.encoded($0.0), S3Signature.encoded($0.1)) }.sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    var outgoing = HTTPClientRequest(url: "\(configuration.scheme)://\(host)\(path)\(query.isEmpty ? "" : "?\(query)")")
    outgoing.method = HTTPMethod(rawValue: request.method)
    if let credentials = configuration.credentials {
      let signature = S3Signature(credentials: credentials, region: configuration.region, time: time(nil))
      let headers = signature.headers(
        request.method, host: host, path: path, query: query, request.headers, body: request.body)
      for header in headers where header.name != "host" { outgoing.headers.add(name: header.name, value: header.value) }
    } else {
      for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
    }
    if !request.body.isEmpty || request.method == "PUT" || request.method == "POST" {
      outgoing.body = .bytes(ByteBuffer(bytes: request.body))
    }
    let response: S3Response
    do {
      let answer = try await S3Client.http.execute(outgoing, timeout: .seconds(Int64(configuration.timeout)))
      var body: [UInt8] = []
      if request.method != "HEAD" {
        if let length = answer.headers.first(name: "content-length").flatMap({ Int($0) }) {
          body.reserveCapacity(min(max(length, 0), request.limit))
        }
        for try await part in answer.body {
          body.append(contentsOf: part.readableBytesView)
          if body.count > request.limit { throw S3Failure.passing("the answer is longer than what was asked for") }
        }
      }
      response = S3Response(status: Int(answer.status.code), headers: answer.headers, body: body)
    } catch let failure as S3Failure {
      throw failure
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw S3Failure.passing(describe(error))
    }
    try check(response, request)
    return response
  }

  private func describe(_ error: any Error) -> String {
    if let known = error as? HTTPClientError { return "\(known.shortDescription) (\(configuration.host))" }
    if error is NIOConnectionError { return "there is no connection to \(configuration.host)" }
    if error is HTTPParserError { return "the connection to \(configuration.host) ended within the answer" }
    if error is IOError { return "the connection to \(configuration.host) broke" }
    return "the connection to \(configuration.host) failed: \(type(of: error))"
  }

  /// What is the same for every request. Answers that a request must judge itself (404, 412, 416) go through.
  private func check(_ response: S3Response, _ request: S3Request) throws {
    switch response.status {
    case 200..<300, 404, 412, 416: return
    case 429, 500, 502, 503, 504:
      let code = response.errorCode.map { " \($0)" } ?? ""
      let pause = response.header("retry-after").flatMap { Int($0) }.map { min(max($0, 0), 10) * 1000 }
      throw S3Failure.passing("the store answered \(response.status)\(code)", pause: pause)
    case 400 where ["RequestTimeout", "IncompleteBody"].contains(response.errorCode):
      throw S3Failure.passing("the store answered 400 \(response.errorCode ?? "")")
    default: throw S3Failure.lasting(refused(response, request))
    }
  }

  private func refused(_ response: S3Response, _ request: S3Request) -> PrestoError {
    let code = response.errorCode ?? ""
    let text = "Cannot \(request.verb) \(request.named): the store answered \(response.status) \(code)"
    switch (response.status, code) {
    case (301, _), (307, _), (_, "AuthorizationHeaderMalformed"), (_, "PermanentRedirect"):
      let region = response.header("x-amz-bucket-region").map { " The bucket is in \($0)." } ?? ""
      return PrestoError(
        .fileSystemError, text, hint: "Set 's3.region' to the bucket's region; now it is \(configuration.region).\(region)")
    case (401, _), (403, _):
      let hint =
        switch code {
        case "RequestTimeTooSkewed": "The clock of this machine is wrong."
        case "SignatureDoesNotMatch", "InvalidAccessKeyId": "The keys are not those of the store."
        default:
          configuration.credentials == nil
            ? "No keys are set: see 's3.aws-access-key' and 's3.profile'." : "The keys that are set do not allow it."
        }
      return PrestoError(.permissionDenied, text, hint: hint)
    default: return PrestoError(.fileSystemError, text)
    }
  }
}
