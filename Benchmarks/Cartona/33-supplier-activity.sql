-- What suppliers do in their application against the orders they receive
SELECT s.kind, count(*) AS suppliers, sum(e.accepted) AS accepted, sum(e.dispatched) AS dispatched, sum(coalesce(o.orders, 0)) AS orders
FROM (
  SELECT user_id, sum(CASE WHEN event = 'Order Accepted' THEN 1 ELSE 0 END) AS accepted,
    sum(CASE WHEN event = 'Order Dispatched' THEN 1 ELSE 0 END) AS dispatched
  FROM supplier_events.app.tracks
  WHERE user_id IS NOT NULL
  GROUP BY user_id
) e
JOIN orders.public.suppliers s ON s.id = e.user_id
LEFT JOIN (SELECT supplier_id, count(*) AS orders FROM orders.public.orders GROUP BY supplier_id) o ON o.supplier_id = s.id
GROUP BY s.kind
ORDER BY s.kind
