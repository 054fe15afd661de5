-- Agents whose visits led to orders: SQLite joined with two PostgreSQL databases
SELECT a.name AS agent, s.segment, count(*) AS visits, count(o.id) AS orders, sum(o.total) AS gmv
FROM field.main.visits v
JOIN field.main.agents a ON a.id = v.agent_id
JOIN analytics.public.retailer_segments s ON s.retailer_id = v.retailer_id
LEFT JOIN orders.public.orders o ON o.id = v.order_id
WHERE s.segment IN ('loyal', 'champion')
GROUP BY a.name, s.segment
ORDER BY gmv DESC NULLS LAST, agent
LIMIT 8
