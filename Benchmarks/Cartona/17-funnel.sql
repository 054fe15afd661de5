-- The funnel from search to order, sessions by version of the application
SELECT app_version, count(*) AS sessions, sum(searched) AS searched, sum(searched * viewed) AS viewed,
  sum(searched * viewed * added) AS added, sum(searched * viewed * added * ordered) AS ordered
FROM (
  SELECT session_id, app_version, max(CASE WHEN event = 'Products Searched' THEN 1 ELSE 0 END) AS searched,
    max(CASE WHEN event = 'Product Viewed' THEN 1 ELSE 0 END) AS viewed,
    max(CASE WHEN event = 'Product Added' THEN 1 ELSE 0 END) AS added,
    max(CASE WHEN event = 'Order Completed' THEN 1 ELSE 0 END) AS ordered
  FROM retailer_events.app.tracks
  GROUP BY session_id, app_version
) sessions
GROUP BY app_version
ORDER BY app_version
