-- GMV, orders and active shops by day, beside the holidays
SELECT d.day, d.orders, d.gmv, d.shops, h.name AS holiday
FROM (
  SELECT CAST(created_at AS date) AS day, count(*) AS orders, sum(total) AS gmv, count(DISTINCT retailer_id) AS shops
  FROM orders.public.orders
  WHERE status <> 'cancelled'
  GROUP BY CAST(created_at AS date)
) d
LEFT JOIN field.main.holidays h ON CAST(h.day AS date) = d.day
ORDER BY d.day

-- tuned
SELECT d.day, d.orders, d.gmv, d.shops, h.name AS holiday
FROM (
  SELECT CAST(created_at AS date) AS day, count(*) AS orders, sum(total) AS gmv, approx_distinct(retailer_id) AS shops
  FROM orders.public.orders
  WHERE status <> 'cancelled'
  GROUP BY CAST(created_at AS date)
) d
LEFT JOIN field.main.holidays h ON CAST(h.day AS date) = d.day
ORDER BY d.day
