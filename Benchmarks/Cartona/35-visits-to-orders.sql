-- Visits that led to an order, by agent
SELECT a.id, a.name, count(*) AS visits, count(o.id) AS orders, sum(o.total) AS gmv
FROM field.main.visits v
JOIN field.main.agents a ON a.id = v.agent_id
LEFT JOIN orders.public.orders o ON o.id = v.order_id AND o.status <> 'cancelled'
GROUP BY a.id, a.name
ORDER BY orders DESC, a.id
LIMIT 100
