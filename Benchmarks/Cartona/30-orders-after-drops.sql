-- Lines ordered within a day of a fall in price, by region
SELECT g.region, count(DISTINCT i.order_id) AS orders, count(*) AS pairs
FROM orders.public.order_items i
JOIN orders.public.orders o ON o.id = i.order_id
JOIN prices.public.price_changes c ON c.product_id = i.product_id AND c.supplier_id = o.supplier_id AND c.new_price < c.old_price
  AND c.changed_at <= o.created_at AND o.created_at < c.changed_at + INTERVAL '1' DAY
JOIN orders.public.retailers r ON r.id = o.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
GROUP BY g.region
ORDER BY g.region
