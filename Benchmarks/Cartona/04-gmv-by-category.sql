-- GMV, cartons and discount by category and kind of supplier
SELECT p.category, s.kind, sum(i.quantity) AS cartons, sum(i.quantity * i.unit_price) AS gmv, sum(i.discount) AS discount
FROM orders.public.order_items i
JOIN orders.public.orders o ON o.id = i.order_id
JOIN orders.public.products p ON p.id = i.product_id
JOIN orders.public.suppliers s ON s.id = o.supplier_id
WHERE o.status IN ('delivered', 'shipped')
GROUP BY p.category, s.kind
ORDER BY p.category, s.kind
