import CPostgres
import Glibc
import Synchronization
import Values

/// One session with a server. Used by one thread at a time; only `cancelSoon` may come from another.
final class PostgresConnection: @unchecked Sendable {
  let catalog: String
  private let raw: OpaquePointer
  /// Guards what another thread may touch: nil once the connection is closed.
  private let cancelHandle: Mutex<CancelHandle?>

  private struct CancelHandle: @unchecked Sendable { var pointer: OpaquePointer }

  /// Connects and sets the session up. Errors name the server as libpq does, and never the password.
  init(_ configuration: PostgresConfiguration) throws {
    catalog = configuration.catalog
    let names = Array(configuration.parameters.keys)
    let keywords = CStrings(names), values = CStrings(names.map { configuration.parameters[$0] ?? "" })
    guard let connection = PQconnectdbParams(keywords.pointer, values.pointer, 0) else {
      throw PrestoError(.genericInsufficientResources, "libpq could not allocate a connection")
    }
    guard PQstatus(connection) == CONNECTION_OK else {
      defer { PQfinish(connection) }
      throw PostgresConnection.refusal(String(cString: PQerrorMessage(connection)).trimmed, configuration)
    }
    raw = connection
    cancelHandle = Mutex(PQgetCancel(connection).map { CancelHandle(pointer: $0) })
    // Notices ("table does not exist, skipping") must not go to standard error.
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    try run(
      """
      SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; \
      SET standard_conforming_strings = on; SET bytea_output = 'hex'; SET jit = off; SET constraint_exclusion = on; \
      SET default_transaction_isolation = 'read committed'
      """)
    // So that a process that was killed leaves no statement running. Some systems have no such setting, and what the URL sets stays.
    if majorVersion >= 14, configuration.parameters["options"]?.contains("client_connection_check_interval") != true {
      try? run("SET client_connection_check_interval = '200ms'")
    }
  }

  deinit {
    cancelHandle.withLock { handle in
      if let pointer = handle?.pointer { PQfreeCancel(pointer) }
      handle = nil
    }
    PQfinish(raw)
  }

  private static func refusal(_ message: String, _ configuration: PostgresConfiguration) -> PrestoError {
    // libpq keeps no SQLSTATE of a refused connection; the words are the server's.
    let state =
      message.contains("password authentication failed") || message.contains("no password supplied")
      ? "28P01"
      : message.contains("FATAL:  role") || message.contains("pg_hba.conf")
        ? "28000"
        : message.contains("FATAL:  database")
          ? "3D000" : message.contains("too many clients") || message.contains("too many connections") ? "53300" : "08001"
    var shown = message
    if let password = configuration.parameters["password"], !password.isEmpty, shown.contains(password) { shown = "connection refused" }
    return PrestoError(.jdbcError, "PostgreSQL catalog '\(configuration.catalog)': \(shown) [SQLSTATE \(state)]")
  }

  // Statements

  var isHealthy: Bool { PQstatus(raw) == CONNECTION_OK }
  var isIdle: Bool { PQtransactionStatus(raw) == PQTRANS_IDLE }
  /// In the middle of a statement.
  var isBusy: Bool { PQtransactionStatus(raw) == PQTRANS_ACTIVE }
  /// 15 for 15.4.
  var majorVersion: Int { Int(PQserverVersion(raw)) / 10_000 }
  /// Texts come as the server's raw bytes, unchecked.
  var hasUncheckedTexts: Bool { PQparameterStatus(raw, "server_encoding").map { String(cString: $0) == "SQL_ASCII" } ?? false }

  /// Whether a pooled connection is still alive, without asking the server: an idle server says nothing, so readable means closed.
  var isStillOpen: Bool {
    guard isHealthy, isIdle else { return false }
    // A notice or two may be waiting; behind a last message comes the end.
    for _ in 0..<8 {
      var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
      if poll(&descriptor, 1, 0) == 0 { return true }
      if PQconsumeInput(raw) != 1 || !isHealthy { return false }
    }
    return false
  }

  /// Runs one or more statements that return nothing of interest.
  func run(_ sql: String) throws {
    let result = PQexec(raw, sql)
    defer { PQclear(result) }
    try check(result)
  }

  /// Runs a statement that changes rows; returns how many it changed.
  func changedRows(_ sql: String) throws -> Int {
    let result = PQexec(raw, sql)
    defer { PQclear(result) }
    try check(result)
    return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
  }

  /// Rows of texts. Parameters are `$1` … as texts; nil is NULL.
  func rows(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
    let values = CStrings(parameters)
    let result = PQexecParams(raw, sql, Int32(parameters.count), nil, values.pointer, nil, nil, 0)
    defer { PQclear(result) }
    try check(result)
    let width = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      (0..<width).map { column in
        PQgetisnull(result, row, column) == 1 ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
      }
    }
  }

  struct ResultColumn {
    var name: String
    var type: UInt32
    var modifier: Int32
  }

  /// The columns a query would yield, without running it. The server refuses anything but one complete statement.
  func describe(_ sql: String) throws -> [ResultColumn] {
    let prepared = PQprepare(raw, "", sql, 0, nil)
    defer { PQclear(prepared) }
    try check(prepared)
    let description = PQdescribePrepared(raw, "")
    defer { PQclear(description) }
    try check(description)
    return columns(of: description)
  }

  private func columns(of result: OpaquePointer?) -> [ResultColumn] {
    (0..<PQnfields(result)).map { i in
      ResultColumn(name: PQfname(result, i).map { String(cString: $0) } ?? "", type: PQftype(result, i), modifier: PQfmod(result, i))
    }
  }

  private func check(_ result: OpaquePointer?) throws {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    case PGRES_COPY_IN:
      PQputCopyEnd(raw, "not expected")
      drain()
      throw PrestoError(.notSupported, "PostgreSQL catalog '\(catalog)': COPY FROM STDIN cannot be executed this way")
    case PGRES_COPY_OUT, PGRES_COPY_BOTH:
      throw PrestoError(.notSupported, "PostgreSQL catalog '\(catalog)': COPY TO STDOUT cannot be executed this way")
    default: throw error(of: result)
    }
  }

  func error(of result: OpaquePointer?) -> PrestoError {
    func field(_ code: Character) -> String? {
      guard let result, let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    guard let message = field("M") else {
      let text = String(cString: PQerrorMessage(raw)).trimmed
      return .postgres("08006", text.isEmpty ? "the connection was lost" : text, catalog: catalog)
    }
    return .postgres(field("C") ?? "XX000", message, detail: field("D"), hint: field("H"), catalog: catalog)
  }

  /// Reads and forgets results until the server is ready again; the first error among them.
  @discardableResult
  func drain() -> PrestoError? {
    var first: PrestoError?
    while let result = PQgetResult(raw) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_FATAL_ERROR: if first == nil { first = error(of: result) }
      case PGRES_COPY_OUT:
        var buffer: UnsafeMutablePointer<CChar>?
        while PQgetCopyData(raw, &buffer, 0) > 0 { PQfreemem(buffer) }
      case PGRES_COPY_IN: PQputCopyEnd(raw, "not expected")
      default: break
      }
      if !isHealthy { break }
    }
    return first
  }

  // COPY

  /// Sends statements of which the last is a COPY in `direction`, and returns once it streams. `examine` sees what the others yield, columns and
  /// number of rows; when it throws, the COPY is left to be cancelled.
  func startCopy(_ sql: String, _ direction: ExecStatusType, examine: ([ResultColumn], Int) throws -> Void = { _, _ in }) throws {
    guard PQsendQuery(raw, sql) == 1 else { throw error(of: nil) }
    while let result = PQgetResult(raw) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case direction: return
      case PGRES_COMMAND_OK: continue
      case PGRES_TUPLES_OK: try examine(columns(of: result), Int(PQntuples(result)))
      default:
        let failure = error(of: result)
        drain()
        throw failure
      }
    }
    throw PrestoError(.jdbcError, "PostgreSQL catalog '\(catalog)': the server did not start the COPY")
  }

  /// The next message of a COPY TO, freed when the closure returns; false at the end.
  @inline(__always)
  func copied(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
    var buffer: UnsafeMutablePointer<CChar>?
    let count = PQgetCopyData(raw, &buffer, 0)
    if count > 0 {
      defer { PQfreemem(buffer) }
      try body(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
      return true
    }
    if count == -1 {
      if let failure = drain() { throw failure }
      return false
    }
    throw error(of: nil)
  }

  func send(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while rest.count > 0 {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
      guard let base = piece.baseAddress, PQputCopyData(raw, base.assumingMemoryBound(to: CChar.self), Int32(piece.count)) == 1 else {
        throw error(of: nil)
      }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
    }
  }

  /// Ends a COPY FROM: with `failure`, the server throws away what it got.
  func endSending(failure: String? = nil) throws {
    guard PQputCopyEnd(raw, failure) == 1 else { throw error(of: nil) }
    if let error = drain(), failure == nil { throw error }
  }

  // Cancelling

  /// Asks the server to stop what it does for this session. Opens a connection of its own, so it may block.
  func cancel() {
    cancelHandle.withLock { handle in
      guard let pointer = handle?.pointer else { return }
      var message = [CChar](repeating: 0, count: 256)
      PQcancel(pointer, &message, 256)
    }
  }

  /// Makes a read that waits in the socket fail, for servers that no longer answer.
  func hangUp() { shutdown(PQsocket(raw), Int32(SHUT_RDWR)) }
}

/// NULL-terminated C strings for the length of a call.
private final class CStrings {
  private let strings: [UnsafeMutablePointer<CChar>?]
  private let table: UnsafeMutablePointer<UnsafePointer<CChar>?>

  init(_ texts: [String?]) {
    strings = texts.map { $0.flatMap { strdup($0) } }
    table = .allocate(capacity: texts.count + 1)
    for (i, string) in strings.enumerated() { (table + i).initialize(to: string.map { UnsafePointer($0) }) }
    (table + texts.count).initialize(to: nil)
  }

  var pointer: UnsafePointer<UnsafePointer<CChar>?> { UnsafePointer(table) }

  deinit {
    for string in strings { free(string) }
    table.deallocate()
  }
}
