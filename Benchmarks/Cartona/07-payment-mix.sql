-- Means of payment by segment of shops
SELECT s.segment, o.payment, count(*) AS orders, sum(o.total) AS gmv
FROM orders.public.orders o
JOIN analytics.public.retailer_segments s ON s.retailer_id = o.retailer_id
GROUP BY s.segment, o.payment
ORDER BY s.segment, o.payment
