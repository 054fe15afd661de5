-- Orders and GMV by hour of the day and kind of supplier
SELECT extract(HOUR FROM o.created_at) AS hour, s.kind, count(*) AS orders, sum(o.total) AS gmv
FROM orders.public.orders o
JOIN orders.public.suppliers s ON s.id = o.supplier_id
GROUP BY extract(HOUR FROM o.created_at), s.kind
ORDER BY hour, s.kind
