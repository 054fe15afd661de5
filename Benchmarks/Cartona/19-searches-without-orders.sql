-- What is searched for without an order the same day
SELECT t.search_query, count(*) AS searches, count(DISTINCT t.user_id) AS shops
FROM retailer_events.app.tracks t
WHERE t.event = 'Products Searched' AND t.search_query IS NOT NULL AND t.user_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM orders.public.orders o WHERE o.retailer_id = t.user_id AND CAST(o.created_at AS date) = t.dt)
GROUP BY t.search_query
ORDER BY searches DESC, t.search_query
LIMIT 50

-- tuned
SELECT t.search_query, count(*) AS searches, approx_distinct(t.user_id) AS shops
FROM retailer_events.app.tracks t
WHERE t.event = 'Products Searched' AND t.search_query IS NOT NULL AND t.user_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM orders.public.orders o WHERE o.retailer_id = t.user_id AND CAST(o.created_at AS date) = t.dt)
GROUP BY t.search_query
ORDER BY searches DESC, t.search_query
LIMIT 50
