-- Dormant shops: visited by an agent, active in the application, and no order since the visit
SELECT g.name_en AS governorate, count(DISTINCT v.retailer_id) AS shops
FROM (
  SELECT retailer_id, max(visited_at) AS visited_at FROM field.main.visits GROUP BY retailer_id
) v
JOIN orders.public.retailers r ON r.id = v.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE NOT EXISTS (
    SELECT 1 FROM orders.public.orders o
    WHERE o.retailer_id = v.retailer_id AND CAST(CAST(o.created_at AS date) AS varchar) >= substr(v.visited_at, 1, 10)
  )
  AND v.retailer_id IN (SELECT user_id FROM retailer_events.app.screens WHERE user_id IS NOT NULL)
GROUP BY g.name_en
ORDER BY shops DESC, governorate
