import Expressions
import Federation
import Glibc
import Postgres
import RemoteSQL
import Settings
import Synchronization
import Testing
import Values
import Vectors

/// The private cluster that `make test` starts, seen through connectors of the tests' own. Each test works in a schema of its own.
struct TestServer {
  let url: String
  let schema: String
  let connector: PostgresConnector

  private static let counter = Atomic<Int>(0)

  init(_ more: [String: String] = [:]) async throws {
    guard let given = getenv("MINIPRESTO_TEST_POSTGRES") else {
      throw PrestoError(.configurationInvalid, "MINIPRESTO_TEST_POSTGRES is not set: run `make test`, which starts a PostgreSQL cluster")
    }
    let text = String(cString: given)
    url = text.hasSuffix("/") ? text + "postgres" : text
    let number = TestServer.counter.wrappingAdd(1, ordering: .relaxed).newValue
    schema = "test_\(getpid())_\(number)_"
    connector = try TestServer.connector(url + "?application_name=" + schema, more)
    try await connector.execute("CREATE SCHEMA \(schema)")
  }

  static func connector(_ url: String, _ more: [String: String] = [:]) throws -> PostgresConnector {
    try PostgresConnector(catalog: "pg", Properties(["connection-url": url].merging(more) { $1 }, origin: "pg.properties"))
  }

  /// Runs the body in a fresh schema that is dropped afterwards, whatever happens.
  static func with(_ more: [String: String] = [:], _ body: (TestServer) async throws -> Void) async throws {
    let server = try await TestServer(more)
    do { try await body(server) } catch {
      try? await server.connector.execute("DROP SCHEMA \(server.schema) CASCADE")
      throw error
    }
    try await server.connector.execute("DROP SCHEMA \(server.schema) CASCADE")
  }

  func execute(_ sql: String) async throws { try await connector.execute("SET search_path TO \(schema); \(sql); RESET search_path") }

  func table(_ name: String) async throws -> RemoteTable {
    try #require(await connector.table(TableName(schema: schema, table: name)), "no table \(name)")
  }

  /// All rows of a handle, as constants.
  func rows(
    _ table: RemoteTable, _ columns: [RemoteColumn]? = nil, narrowedBy filter: DynamicFilter<RemoteColumn> = DynamicFilter(),
    parallelism: Int = 1, metrics: ScanMetrics = ScanMetrics()
  ) async throws -> [[Constant]] {
    let context = TestServer.context(parallelism: parallelism, metrics: metrics)
    let columns = columns ?? table.columns
    let source = try await connector.splits(of: table, narrowedBy: filter, context)
    var rows: [[Constant]] = []
    while let splits = try await source.next() {
      for split in splits {
        let batches = try await connector.open(split, of: table, columns: columns, narrowedBy: filter, context)
        while let batch = try await batches.next() {
          #expect(batch.columns.count == columns.count)
          for (vector, column) in zip(batch.columns, columns) { #expect(vector.type == column.type) }
          for row in 0..<batch.count { rows.append(batch.columns.map { $0.constant(at: row) }) }
        }
      }
    }
    return rows
  }

  func rows(_ name: String) async throws -> [[Constant]] { try await rows(table(name)) }

  static func context(parallelism: Int = 1, queryID: String = "", metrics: ScanMetrics = ScanMetrics()) -> ScanContext {
    ScanContext(
      functions: FunctionRegistry([]), evaluation: EvaluationContext(user: "test", timeZone: "UTC", startMicros: 0),
      memory: MemoryPool("test", limit: 1 << 30), metrics: metrics, parallelism: parallelism, queryID: queryID)
  }
}

extension RemoteTable {
  func column(_ label: String) throws -> RemoteColumn { try #require(columns.first { $0.label == label }, "no column \(label)") }
  func reference(_ label: String) throws -> Expr<RemoteColumn> {
    let column = try column(label)
    return .reference(column, column.type)
  }
}

/// The error a body throws as a `PrestoError`.
func failure(_ body: () async throws -> Void) async -> PrestoError? {
  do { try await body() } catch { return PrestoError(error) }
  return nil
}
