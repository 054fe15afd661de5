// What README shows, line by line.
import Foundation
import MiniPresto
import StandardConnectors

func printOrders() async throws {
  let engine = try Engine(catalogs: .directory("Catalogs"), connectors: .standard)
  let result = try await engine.query(
    """
    SELECT c.name, count(*) AS orders, sum(o.total) AS total
    FROM shop.main.customers c JOIN 'orders/*.parquet' o ON o.customer = c.id
    GROUP BY c.name ORDER BY total DESC
    """)
  struct Customer: Decodable { var name: String, orders: Int, total: Decimal? }
  for try await customer in result.rows(as: Customer.self) { print(customer) }
}
