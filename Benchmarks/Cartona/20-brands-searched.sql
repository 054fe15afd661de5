-- Searches that name a brand, by day and governorate
SELECT t.dt, g.name_en AS governorate, count(*) AS searches
FROM retailer_events.app.tracks t
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE t.event = 'Products Searched' AND (search_query LIKE '%Nile Gold%' OR search_query LIKE '%نايل جولد%'
    OR search_query LIKE '%Deltana%' OR search_query LIKE '%دلتانا%'
    OR search_query LIKE '%Pyramida%' OR search_query LIKE '%بيراميدا%'
    OR search_query LIKE '%Lotusy%' OR search_query LIKE '%لوتسي%'
    OR search_query LIKE '%Saharina%' OR search_query LIKE '%صحارينا%'
    OR search_query LIKE '%Karnaka%' OR search_query LIKE '%كرناكا%'
    OR search_query LIKE '%Rosetto%' OR search_query LIKE '%روزيتو%'
    OR search_query LIKE '%Sphinxo%' OR search_query LIKE '%سفينكسو%'
    OR search_query LIKE '%Fayoumi%' OR search_query LIKE '%فيومي%'
    OR search_query LIKE '%Siwana%' OR search_query LIKE '%سيوانا%')
GROUP BY t.dt, g.name_en
ORDER BY t.dt, governorate

-- tuned
SELECT t.dt, g.name_en AS governorate, count(*) AS searches
FROM retailer_events.app.tracks t
JOIN orders.public.retailers r ON r.id = t.user_id
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE t.event = 'Products Searched' AND regexp_like(t.search_query, 'Nile Gold|نايل جولد|Deltana|دلتانا|Pyramida|بيراميدا|Lotusy|لوتسي|Saharina|صحارينا|Karnaka|كرناكا|Rosetto|روزيتو|Sphinxo|سفينكسو|Fayoumi|فيومي|Siwana|سيوانا')
GROUP BY t.dt, g.name_en
ORDER BY t.dt, governorate
