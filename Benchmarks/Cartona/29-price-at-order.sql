-- Price of each line against the latest change before the order, by category
WITH lines AS (
  SELECT o.id, i.line, i.product_id, o.supplier_id, o.created_at, i.unit_price, max(c.changed_at) AS changed_at
  FROM orders.public.orders o
  JOIN orders.public.order_items i ON i.order_id = o.id
  JOIN prices.public.price_changes c
    ON c.product_id = i.product_id AND c.supplier_id = o.supplier_id AND c.changed_at <= o.created_at
  GROUP BY o.id, i.line, i.product_id, o.supplier_id, o.created_at, i.unit_price
), changes AS (
  SELECT product_id, supplier_id, changed_at, max(new_price) AS new_price
  FROM prices.public.price_changes
  GROUP BY product_id, supplier_id, changed_at
)
SELECT p.category, count(*) AS lines, avg(CAST(l.unit_price AS double) / CAST(c.new_price AS double)) AS ratio
FROM lines l
JOIN changes c ON c.product_id = l.product_id AND c.supplier_id = l.supplier_id AND c.changed_at = l.changed_at
JOIN orders.public.products p ON p.id = l.product_id
WHERE c.new_price > 0
GROUP BY p.category
ORDER BY p.category
