-- Shops active in the application by day and system
SELECT dt, os, count(DISTINCT user_id) AS shops, count(DISTINCT session_id) AS sessions, count(*) AS events
FROM retailer_events.app.tracks
GROUP BY dt, os
ORDER BY dt, os

-- tuned
SELECT dt, os, approx_distinct(user_id) AS shops, approx_distinct(session_id) AS sessions, count(*) AS events
FROM retailer_events.app.tracks
GROUP BY dt, os
ORDER BY dt, os
