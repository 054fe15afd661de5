-- Shops active by month and segment
SELECT date_trunc('month', t.dt) AS month, s.segment, count(DISTINCT t.user_id) AS shops, count(DISTINCT t.anonymous_id) AS devices
FROM retailer_events.app.tracks t
JOIN analytics.public.retailer_segments s ON s.retailer_id = t.user_id
GROUP BY date_trunc('month', t.dt), s.segment
ORDER BY month, s.segment

-- tuned
SELECT date_trunc('month', t.dt) AS month, s.segment, approx_distinct(t.user_id, 0.01) AS shops, approx_distinct(t.anonymous_id, 0.01) AS devices
FROM retailer_events.app.tracks t
JOIN analytics.public.retailer_segments s ON s.retailer_id = t.user_id
GROUP BY date_trunc('month', t.dt), s.segment
ORDER BY month, s.segment
