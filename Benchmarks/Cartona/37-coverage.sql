-- Coverage: active shops that an agent has visited, by governorate
SELECT g.name_en AS governorate, count(*) AS active, count(v.retailer_id) AS visited
FROM (SELECT DISTINCT user_id FROM retailer_events.app.tracks WHERE user_id IS NOT NULL) e
JOIN orders.public.retailers r ON r.id = e.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
LEFT JOIN (SELECT DISTINCT retailer_id FROM field.main.visits) v ON v.retailer_id = r.id
GROUP BY g.name_en
ORDER BY governorate
