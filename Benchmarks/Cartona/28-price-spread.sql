-- Spread of prices of a product across suppliers, and the interest in it
SELECT p.id, p.name_en, o.offers, o.low, o.high, coalesce(v.views, 0) AS views
FROM (
  SELECT product_id, count(*) AS offers, min(price) AS low, max(price) AS high
  FROM orders.public.supplier_products
  WHERE stock > 0
  GROUP BY product_id
  HAVING count(*) >= 3
) o
JOIN orders.public.products p ON p.id = o.product_id
LEFT JOIN (
  SELECT product_id, count(*) AS views FROM retailer_events.app.tracks WHERE event = 'Product Viewed' GROUP BY product_id
) v ON v.product_id = p.id
ORDER BY o.high - o.low DESC, p.id
LIMIT 100
