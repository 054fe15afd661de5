-- GMV and cancellation rate by governorate
SELECT g.region, g.name_en AS governorate, count(*) AS orders, sum(o.total) AS gmv,
  CAST(sum(CASE WHEN o.status = 'cancelled' THEN 1 ELSE 0 END) AS double) / count(*) AS cancelled
FROM orders.public.orders o
JOIN orders.public.retailers r ON r.id = o.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
GROUP BY g.region, g.name_en
ORDER BY gmv DESC, governorate
