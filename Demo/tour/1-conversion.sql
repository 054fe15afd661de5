-- Shops that searched on Sunday, and how many of them ordered that day: Parquet, PostgreSQL and SQLite
SELECT g.name_en AS governorate, count(DISTINCT t.user_id) AS searched, count(DISTINCT o.retailer_id) AS ordered
FROM retailer_events.app.tracks t                          -- Parquet
JOIN orders.public.retailers r ON r.id = t.user_id         -- PostgreSQL
JOIN field.main.governorates g ON g.id = r.governorate_id  -- SQLite
LEFT JOIN orders.public.orders o ON o.retailer_id = r.id AND o.created_at >= TIMESTAMP '2021-05-02 00:00:00 UTC'
WHERE t.event = 'Products Searched' AND t.dt = DATE '2021-05-02'
GROUP BY g.name_en
ORDER BY searched DESC, governorate
LIMIT 6
