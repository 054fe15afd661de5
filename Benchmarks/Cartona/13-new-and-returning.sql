-- New and returning shops by day: the first order ever against later ones
WITH firsts AS (
  SELECT retailer_id, min(created_at) AS first_order
  FROM orders.public.orders
  GROUP BY retailer_id
)
SELECT CAST(o.created_at AS date) AS day, s.segment, sum(CASE WHEN o.created_at = f.first_order THEN 1 ELSE 0 END) AS new_orders,
  sum(CASE WHEN o.created_at > f.first_order THEN 1 ELSE 0 END) AS later_orders
FROM orders.public.orders o
JOIN firsts f ON f.retailer_id = o.retailer_id
JOIN analytics.public.retailer_segments s ON s.retailer_id = o.retailer_id
GROUP BY CAST(o.created_at AS date), s.segment
ORDER BY day, s.segment
