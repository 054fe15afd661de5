-- Agents ranked within their governorate by the GMV of their visits, by segment of the shop
WITH sales AS (
  SELECT a.governorate_id, a.id, s.segment, count(o.id) AS orders, sum(o.total) AS gmv
  FROM field.main.visits v
  JOIN field.main.agents a ON a.id = v.agent_id
  JOIN orders.public.orders o ON o.id = v.order_id
  JOIN analytics.public.retailer_segments s ON s.retailer_id = v.retailer_id
  GROUP BY a.governorate_id, a.id, s.segment
)
SELECT g.name_en AS governorate, sales.segment, sales.id, sales.orders, sales.gmv,
  rank() OVER (PARTITION BY sales.governorate_id, sales.segment ORDER BY sales.gmv DESC) AS place
FROM sales
JOIN field.main.governorates g ON g.id = sales.governorate_id
ORDER BY governorate, sales.segment, place, sales.id
