-- Hours from sign-up to the first order, percentiles by region
WITH times AS (
  SELECT g.region, (to_unixtime(f.first_order) - to_unixtime(r.registered_at)) / 3600 AS hours
  FROM (SELECT retailer_id, min(created_at) AS first_order FROM orders.public.orders GROUP BY retailer_id) f
  JOIN orders.public.retailers r ON r.id = f.retailer_id
  JOIN field.main.governorates g ON g.id = r.governorate_id
  WHERE f.first_order >= r.registered_at
), ranked AS (
  SELECT region, hours, row_number() OVER (PARTITION BY region ORDER BY hours) AS place, count(*) OVER (PARTITION BY region) AS n
  FROM times
)
SELECT region, max(n) AS n, min(CASE WHEN place >= 0.5 * n THEN hours END) AS median, min(CASE WHEN place >= 0.9 * n THEN hours END) AS p90
FROM ranked
GROUP BY region
ORDER BY region

-- tuned
WITH times AS (
  SELECT g.region, (to_unixtime(f.first_order) - to_unixtime(r.registered_at)) / 3600 AS hours
  FROM (SELECT retailer_id, min(created_at) AS first_order FROM orders.public.orders GROUP BY retailer_id) f
  JOIN orders.public.retailers r ON r.id = f.retailer_id
  JOIN field.main.governorates g ON g.id = r.governorate_id
  WHERE f.first_order >= r.registered_at
)
SELECT region, count(*) AS n, approx_percentile(hours, 0.5) AS median, approx_percentile(hours, 0.9) AS p90
FROM times
GROUP BY region
ORDER BY region
