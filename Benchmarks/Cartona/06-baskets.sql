-- Average basket by kind of shop and means of payment
SELECT r.kind, o.payment, count(*) AS orders, avg(CAST(o.total AS double)) AS basket, avg(CAST(b.lines AS double)) AS lines
FROM orders.public.orders o
JOIN orders.public.retailers r ON r.id = o.retailer_id
JOIN (SELECT order_id, count(*) AS lines FROM orders.public.order_items GROUP BY order_id) b ON b.order_id = o.id
GROUP BY r.kind, o.payment
ORDER BY r.kind, o.payment
