-- Segments from search to order: Parquet, two PostgreSQL databases and SQLite in one query
SELECT s.segment, g.region,
  count(DISTINCT t.user_id) AS active,
  count_if(t.event = 'Products Searched') AS searches,
  count_if(t.event = 'Product Added') AS added,
  count_if(t.event = 'Order Completed') AS completed,
  count_if(t.properties LIKE '%"network":"wifi"%') AS on_wifi
FROM retailer_events.app.tracks t
JOIN analytics.public.retailer_segments s ON s.retailer_id = t.user_id
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE t.dt >= DATE '2021-05-01' AND (t.device_model LIKE 'SM-%' OR t.device_model LIKE 'iPhone%')
GROUP BY s.segment, g.region
ORDER BY completed DESC, s.segment, g.region
LIMIT 10
