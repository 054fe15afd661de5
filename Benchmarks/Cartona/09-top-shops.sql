-- The fifty shops with the highest GMV, with segment, governorate and last visit
SELECT r.id, r.name, s.segment, g.name_en AS governorate, t.gmv, t.orders, v.last_visit
FROM (
  SELECT retailer_id, sum(total) AS gmv, count(*) AS orders
  FROM orders.public.orders
  WHERE status <> 'cancelled'
  GROUP BY retailer_id
  ORDER BY gmv DESC, retailer_id
  LIMIT 50
) t
JOIN orders.public.retailers r ON r.id = t.retailer_id
JOIN analytics.public.retailer_segments s ON s.retailer_id = r.id
JOIN field.main.governorates g ON g.id = r.governorate_id
LEFT JOIN (SELECT retailer_id, max(visited_at) AS last_visit FROM field.main.visits GROUP BY retailer_id) v ON v.retailer_id = r.id
ORDER BY t.gmv DESC, r.id
