-- Falling prices and the interest in them: a partitioned PostgreSQL table, the products, and application events
WITH drops AS (
  SELECT product_id, count(*) AS drops, max((old_price - new_price) * 100 / old_price) AS deepest
  FROM prices.public.price_changes
  WHERE changed_at < TIMESTAMP '2021-05-01 00:00:00 UTC' AND new_price < old_price
  GROUP BY product_id
), views AS (
  SELECT product_id, count(*) AS views, count_if(event = 'Product Added') AS added
  FROM retailer_events.app.tracks
  WHERE product_id IS NOT NULL
  GROUP BY product_id
)
SELECT p.name_en AS product, p.category, d.drops, CAST(d.deepest AS decimal(5,2)) AS deepest_percent, v.views, v.added
FROM drops d
JOIN views v ON v.product_id = d.product_id
JOIN orders.public.products p ON p.id = d.product_id
ORDER BY d.drops DESC, v.views DESC
LIMIT 8
