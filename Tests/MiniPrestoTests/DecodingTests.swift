import Foundation
import MiniPresto
import StandardConnectors
import Testing

/// `rows(as:)`.
struct DecodingTests {
  private static func all<Row: Decodable>(_ type: Row.Type, _ query: String) async throws -> [Row] {
    let engine = try Engine(connectors: .standard)
    return try await engine.query(query).rows(as: type).reduce(into: []) { $0.append($1) }
  }

  struct Order: Decodable, Equatable {
    enum State: String, Decodable { case open = "OPEN", closed = "CLOSED" }
    struct Place: Decodable, Equatable { var city: String, floor: Int? }
    var orderKey: Int64
    var total: Decimal
    var state: State?
    var tags: [String?]
    var place: Place
    var counts: [String: Int]
    var day: Date
    var weight: Float
  }

  @Test("A struct by its columns' names") func keyed() async throws {
    let query = """
      SELECT * FROM (VALUES
        (bigint '7', decimal '12.50', 'OPEN', ARRAY['a', NULL], CAST(ROW('Giza', NULL) AS row(city varchar, floor integer)), MAP(ARRAY['x'], ARRAY[1]), DATE '1970-01-03', 0.5),
        (8, 0.25, NULL, ARRAY[], CAST(ROW('Cairo', 3) AS row(city varchar, floor integer)), MAP(), DATE '1969-12-31', 2))
        AS t (order_key, total, state, tags, place, counts, day, weight)
      """
    let orders = try await Self.all(Order.self, query)
    #expect(
      orders == [
        Order(
          orderKey: 7, total: 12.5, state: .open, tags: ["a", nil], place: .init(city: "Giza", floor: nil), counts: ["x": 1],
          day: Date(timeIntervalSince1970: 172_800), weight: 0.5),
        Order(
          orderKey: 8, total: 0.25, state: nil, tags: [], place: .init(city: "Cairo", floor: 3), counts: [:],
          day: Date(timeIntervalSince1970: -86_400), weight: 2),
      ])
  }

  @Test("A result of one column as its values") func single() async throws {
    #expect(try await Self.all(Int.self, "SELECT * FROM UNNEST(sequence(1, 10000))") == Array(1...10_000))
    #expect(try await Self.all(String?.self, "VALUES 'a', NULL") == ["a", nil])
    #expect(try await Self.all([Int].self, "VALUES ARRAY[1, 2]") == [[1, 2]])
    #expect(
      try await Self.all(Date.self, "VALUES TIMESTAMP '1970-01-01 00:00:01.5', TIMESTAMP '2020-01-01 02:00:00 +02:00'") == [
        Date(timeIntervalSince1970: 1.5), Date(timeIntervalSince1970: 1_577_836_800),
      ])
    #expect(try await Self.all(Data.self, "VALUES X'00ff'") == [Data([0, 255])])
    #expect(try await Self.all(Double.self, "VALUES 1.5, 2") == [1.5, 2])
    #expect(try await Self.all(Bool.self, "VALUES true") == [true])
    #expect(try await Self.all(UUID.self, "SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'").count == 1)
  }

  @Test("What does not fit says which column and why") func errors() async throws {
    struct One: Decodable { var n: Int8 }
    func failure(_ query: String) async -> String {
      do { return "\(try await Self.all(One.self, query))" } catch { return "\(error)" }
    }
    #expect(await failure("SELECT 1000 AS n").contains("1000 does not fit Int8"))
    #expect(await failure("SELECT CAST(NULL AS bigint) AS n").contains("null"))
    #expect(await failure("SELECT 'x' AS n").contains("cannot be read as Int8"))
    #expect(await failure("SELECT 1 AS m, 2 AS k").contains("The result has no column 'n', but m, k"))
  }
}
