-- Segments from search to order: Parquet, two PostgreSQL databases and SQLite in one query
SELECT s.segment, g.region,
  count(DISTINCT t.user_id) AS active,
  count_if(t.event = 'Products Searched') AS searches,
  count_if(t.event = 'Product Added') AS added,
  count_if(t.event = 'Order Completed') AS completed,
  approx_percentile(CAST(json_extract_scalar(t.properties, '$.battery') AS double), 0.5) AS median_battery
FROM retailer_events.app.tracks t
JOIN analytics.public.retailer_segments s ON s.retailer_id = t.user_id
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE t.dt >= DATE '2021-05-01' AND regexp_like(t.device_model, '^(SM-|iPhone)')
GROUP BY s.segment, g.region
ORDER BY completed DESC, s.segment, g.region
LIMIT 10
