-- Shops active by week and governorate
SELECT date_trunc('week', t.dt) AS week, g.name_en AS governorate, count(DISTINCT t.user_id) AS shops
FROM retailer_events.app.tracks t
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
GROUP BY date_trunc('week', t.dt), g.name_en
ORDER BY week, governorate

-- tuned
SELECT date_trunc('week', t.dt) AS week, g.name_en AS governorate, approx_distinct(t.user_id) AS shops
FROM retailer_events.app.tracks t
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
GROUP BY date_trunc('week', t.dt), g.name_en
ORDER BY week, governorate
