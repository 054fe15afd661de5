-- Order totals as the application reports them against those of the database, by day
SELECT e.dt, e.reported, e.amount, o.orders, o.gmv
FROM (
  SELECT dt, count(*) AS reported, sum(CAST(json_extract_scalar(properties, '$.order.total') AS bigint)) AS amount
  FROM retailer_events.app.tracks
  WHERE event = 'Order Completed'
  GROUP BY dt
) e
JOIN (
  SELECT CAST(created_at AS date) AS dt, count(*) AS orders, sum(total) AS gmv FROM orders.public.orders GROUP BY CAST(created_at AS date)
) o ON o.dt = e.dt
ORDER BY e.dt
