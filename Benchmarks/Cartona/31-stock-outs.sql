-- Products out of stock against the interest in them
SELECT p.category, count(*) AS products, sum(v.views) AS views, sum(c.deltas) AS deltas
FROM (
  SELECT product_id FROM orders.public.supplier_products GROUP BY product_id HAVING min(stock) = 0
) o
JOIN orders.public.products p ON p.id = o.product_id
JOIN (SELECT product_id, sum(delta) AS deltas FROM prices.public.stock_changes GROUP BY product_id) c ON c.product_id = p.id
JOIN (
  SELECT product_id, count(*) AS views
  FROM retailer_events.app.tracks
  WHERE event IN ('Product Viewed', 'Product Added')
  GROUP BY product_id
) v ON v.product_id = p.id
GROUP BY p.category
ORDER BY p.category
