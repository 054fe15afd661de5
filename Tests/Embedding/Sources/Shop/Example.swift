// What README shows, line by line.
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
  for try await batch in result {
    for row in 0..<batch.count { print(batch.columns.map { $0.constant(at: row) }) }
  }
}
