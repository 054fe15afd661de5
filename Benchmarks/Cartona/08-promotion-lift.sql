-- Lift of promotions: baskets with a code against those without, by segment
SELECT s.segment, p.code, count(*) AS orders, avg(CAST(o.total AS double)) AS basket, max(w.basket) AS without,
  avg(CAST(o.total AS double)) / max(w.basket) AS lift
FROM orders.public.orders o
JOIN orders.public.promotions p ON p.code = o.promo_code AND CAST(o.created_at AS date) BETWEEN p.starts_on AND p.ends_on
JOIN analytics.public.retailer_segments s ON s.retailer_id = o.retailer_id
JOIN (
  SELECT s2.segment, avg(CAST(o2.total AS double)) AS basket
  FROM orders.public.orders o2
  JOIN analytics.public.retailer_segments s2 ON s2.retailer_id = o2.retailer_id
  WHERE o2.promo_code IS NULL
  GROUP BY s2.segment
) w ON w.segment = s.segment
GROUP BY s.segment, p.code
ORDER BY s.segment, p.code
