-- Conversion and GMV by variant, with the interval of 95 %, among shops active since they were assigned
WITH assigned AS (
  SELECT x.name, x.variant, x.retailer_id, x.assigned_at
  FROM analytics.public.experiments x
  WHERE x.retailer_id IN (SELECT user_id FROM retailer_events.app.tracks WHERE user_id IS NOT NULL)
), outcomes AS (
  SELECT a.name, a.variant, a.retailer_id, max(CASE WHEN o.id IS NULL THEN 0 ELSE 1 END) AS converted, coalesce(sum(o.total), 0) AS gmv
  FROM assigned a
  LEFT JOIN orders.public.orders o ON o.retailer_id = a.retailer_id AND o.created_at >= a.assigned_at AND o.status <> 'cancelled'
  GROUP BY a.name, a.variant, a.retailer_id
)
SELECT name, variant, count(*) AS shops, sum(converted) AS converted, avg(CAST(converted AS double)) AS rate,
  1.96e0 * sqrt(avg(CAST(converted AS double)) * (1 - avg(CAST(converted AS double))) / count(*)) AS margin, sum(gmv) AS gmv
FROM outcomes
GROUP BY name, variant
ORDER BY name, variant
