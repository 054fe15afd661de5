-- Campaign families: sessions, shops, and the orders that those shops placed the same day
SELECT c.family, c.sessions, c.shops, count(o.id) AS orders, sum(o.total) AS gmv
FROM (
  SELECT CASE WHEN utm_campaign LIKE 'ramadan%' THEN 'ramadan' WHEN utm_campaign LIKE 'fb_%' THEN 'facebook'
      WHEN utm_campaign LIKE 'google_%' THEN 'google' ELSE 'other' END AS family,
    count(DISTINCT session_id) AS sessions, count(DISTINCT user_id) AS shops
  FROM retailer_events.app.tracks
  WHERE utm_campaign IS NOT NULL
  GROUP BY 1
) c
JOIN (
  SELECT DISTINCT CASE WHEN utm_campaign LIKE 'ramadan%' THEN 'ramadan' WHEN utm_campaign LIKE 'fb_%' THEN 'facebook'
      WHEN utm_campaign LIKE 'google_%' THEN 'google' ELSE 'other' END AS family, user_id, dt
  FROM retailer_events.app.tracks
  WHERE utm_campaign IS NOT NULL AND user_id IS NOT NULL
) d ON d.family = c.family
LEFT JOIN orders.public.orders o ON o.retailer_id = d.user_id AND CAST(o.created_at AS date) = d.dt
GROUP BY c.family, c.sessions, c.shops
ORDER BY c.family
