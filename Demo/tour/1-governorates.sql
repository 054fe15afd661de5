-- Orders and visits by governorate: PostgreSQL joined with SQLite
SELECT g.name_en AS governorate, count(*) AS orders, sum(o.total) AS gmv, approx_distinct(o.retailer_id) AS retailers
FROM orders.public.orders o
JOIN orders.public.retailers r ON r.id = o.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE o.status <> 'cancelled' AND o.created_at >= TIMESTAMP '2021-04-28 00:00:00 UTC'
GROUP BY g.name_en
ORDER BY gmv DESC
LIMIT 8
