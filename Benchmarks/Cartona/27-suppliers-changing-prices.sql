-- Suppliers that change prices most, with their orders
SELECT s.name, s.kind, c.changes, c.products, coalesce(o.orders, 0) AS orders
FROM (
  SELECT supplier_id, count(*) AS changes, count(DISTINCT product_id) AS products
  FROM prices.public.price_changes
  GROUP BY supplier_id
) c
JOIN orders.public.suppliers s ON s.id = c.supplier_id
LEFT JOIN (SELECT supplier_id, count(*) AS orders FROM orders.public.orders GROUP BY supplier_id) o ON o.supplier_id = s.id
ORDER BY c.changes DESC, s.id
LIMIT 50
