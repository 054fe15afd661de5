-- Complaints in the notes of visits, by region and segment
SELECT g.region, s.segment, count(*) AS complaints, count(DISTINCT v.retailer_id) AS shops
FROM field.main.visits v
JOIN orders.public.retailers r ON r.id = v.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
JOIN analytics.public.retailer_segments s ON s.retailer_id = v.retailer_id
WHERE v.notes LIKE '%complaint%' OR v.notes LIKE '%شكوى%' OR v.notes LIKE '%refund%' OR v.notes LIKE '%Late delivery%' OR v.notes LIKE '%Damaged%' OR v.notes LIKE '%تأخر%' OR v.notes LIKE '%مرتجع%' OR v.notes LIKE '%منتهي%'
GROUP BY g.region, s.segment
ORDER BY g.region, s.segment

-- tuned
SELECT g.region, s.segment, count(*) AS complaints, approx_distinct(v.retailer_id) AS shops
FROM field.main.visits v
JOIN orders.public.retailers r ON r.id = v.retailer_id
JOIN field.main.governorates g ON g.id = r.governorate_id
JOIN analytics.public.retailer_segments s ON s.retailer_id = v.retailer_id
WHERE regexp_like(v.notes, 'complaint|شكوى|refund|Late delivery|Damaged|تأخر|مرتجع|منتهي')
GROUP BY g.region, s.segment
ORDER BY g.region, s.segment
