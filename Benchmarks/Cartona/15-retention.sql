-- Retention: of the shops first seen in a week, how many come back in later weeks
WITH weeks AS (
  SELECT DISTINCT user_id, CAST(date_trunc('week', dt) AS date) AS week
  FROM retailer_events.app.tracks
  WHERE user_id IS NOT NULL
), firsts AS (
  SELECT user_id, min(week) AS cohort
  FROM weeks
  GROUP BY user_id
)
SELECT f.cohort, w.week, count(*) AS shops
FROM weeks w
JOIN firsts f ON f.user_id = w.user_id
GROUP BY f.cohort, w.week
ORDER BY f.cohort, w.week
