-- What shops looked for and did not order that day: Parquet against PostgreSQL
SELECT t.search_query, count(*) AS searches, count(DISTINCT t.user_id) AS retailers
FROM retailer_events.app.tracks t
LEFT JOIN orders.public.orders o ON o.retailer_id = t.user_id AND CAST(o.created_at AS date) = t.dt
WHERE t.dt BETWEEN DATE '2021-04-29' AND DATE '2021-05-01' AND t.event = 'Products Searched' AND t.search_query IS NOT NULL
  AND t.user_id IS NOT NULL AND o.id IS NULL
GROUP BY t.search_query
ORDER BY searches DESC, t.search_query
LIMIT 8
