-- Price changes a day by source, and by how much
SELECT CAST(changed_at AS date) AS day, source, count(*) AS changes, sum(CASE WHEN new_price < old_price THEN 1 ELSE 0 END) AS drops,
  avg(CAST(new_price AS double) / CAST(old_price AS double)) AS ratio
FROM prices.public.price_changes
WHERE old_price > 0
GROUP BY CAST(changed_at AS date), source
ORDER BY day, source
