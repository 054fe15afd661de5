import Federation
import Postgres
import RemoteSQL
import Settings
import Testing
import Values
import Vectors

@Suite struct ErrorTests {
  @Test("A wrong password says so and is not shown")
  func password() async throws {
    try await TestServer.with { server in
      let connector = try TestServer.connector(server.url, ["connection-password": "hunter2-secret"])
      let error = await failure { _ = try await connector.schemas() }
      #expect(error?.code == .jdbcError)
      #expect(error?.code.name == "JDBC_ERROR")
      #expect(error?.message.contains("password authentication failed") == true && error?.message.contains("28P01") == true)
      #expect(error?.message.contains("hunter2") == false)
    }
  }

  @Test(
    "A server that is down says so",
    arguments: ["postgresql://127.0.0.1:1/postgres", "jdbc:postgresql://127.0.0.1:1/postgres?user=a&password=hunter2"])
  func down(url: String) async throws {
    let connector = try TestServer.connector(url, ["connection-user": "a"])
    let error = await failure { _ = try await connector.tables(in: "public") }
    #expect(error?.code == .jdbcError && error?.code.kind == .external)
    #expect(error?.message.contains("08001") == true && error?.message.contains("pg") == true)
    #expect(error?.message.contains("hunter2") == false)
  }

  @Test("A database that does not exist says so")
  func database() async throws {
    try await TestServer.with { server in
      let connector = try TestServer.connector(String(server.url.prefix { $0 != "?" }).replacingLastPathPart("no_such_database"))
      let error = await failure { _ = try await connector.schemas() }
      #expect(error?.message.contains("no_such_database") == true && error?.message.contains("3D000") == true)
    }
  }

  @Test("A table dropped between planning and reading")
  func dropped() async throws {
    try await TestServer.with { server in
      try await server.execute("CREATE TABLE t (n integer)")
      let table = try await server.table("t")
      try await TestServer.connector(server.url).execute("DROP TABLE \(server.schema).t")
      let error = await failure { _ = try await server.rows(table) }
      #expect(error?.code == .jdbcNonTransientError)
      #expect(error?.message.contains("42P01") == true && error?.message.contains("does not exist") == true)
    }
  }

  @Test("Errors of expressions keep their names")
  func expressions() async throws {
    try await TestServer.with { server in
      for (text, code) in [
        ("SELECT 1/(n-1) AS x FROM generate_series(1, 2) n", ErrorCode.divisionByZero),
        ("SELECT 2147483647 + n AS x FROM generate_series(1, 2) n", .numericValueOutOfRange),
      ] {
        let query = try #require(await server.connector.table(forQuery: text))
        let error = await failure { _ = try await server.rows(query) }
        #expect(error?.code == code)
      }
    }
  }

  @Test("A server that closes its connections is connected to again")
  func reconnecting() async throws {
    try await TestServer.with { server in
      let connector = try TestServer.connector(
        server.url + "?application_name=" + server.schema + "other", ["connection-pool.max-size": "1"])
      _ = try await connector.schemas()
      try await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(server.schema)other'")
      try await Task.sleep(for: .milliseconds(50))
      _ = try await connector.schemas()
    }
  }

  @Test("A pool that is used up is an error, not a hang")
  func exhausted() async throws {
    try await TestServer.with { server in
      let connector = try TestServer.connector(
        server.url, ["connection-pool.max-size": "1", "connection-pool.wait-timeout-ms": "100"])
      let query = try #require(await connector.table(forQuery: "SELECT generate_series(1, 100000000) AS i"))
      let source = try await connector.splits(of: query, narrowedBy: DynamicFilter(), TestServer.context())
      let split = try #require(await source.next()?.first)
      let batches = try await connector.open(split, of: query, columns: query.columns, narrowedBy: DynamicFilter(), TestServer.context())
      _ = try await batches.next()
      let error = await failure { _ = try await connector.schemas() }
      #expect(error?.message.contains("busy") == true)
      _ = try await batches.next()
    }
  }

  @Test(
    "Configurations that cannot be meant",
    arguments: [
      ["connection-url": "mysql://host/db"], ["connection-url": "postgresql://u:hunter2@[::1/db"], [:],
      ["connection-url": "postgresql://h/d", "connection-pool.max-size": "0"],
      ["connection-url": "postgresql://h/d", "connection-pol.max-size": "3"],
      ["connection-url": "postgresql://h/d", "case-insensitive-name-matching": "false"],
    ])
  func configuration(properties: [String: String]) async throws {
    let error = await failure { _ = try PostgresConnector.factory.connector(for: "pg", Properties(properties, origin: "pg.properties")) }
    #expect(error?.code == .configurationInvalid)
    #expect(error?.message.contains("pg.properties") == true)
    #expect(error?.message.contains("hunter2") == false)
  }
}

extension String {
  func replacingLastPathPart(_ name: String) -> String {
    guard let slash = lastIndex(of: "/") else { return self }
    return self[...slash] + name
  }
}
