-- Families of devices, their shops and their orders in the application
SELECT CASE WHEN device_model LIKE 'SM-A%' THEN 'Galaxy A' WHEN device_model LIKE 'SM-%' THEN 'Galaxy'
    WHEN device_model LIKE 'iPhone%' THEN 'iPhone'
    WHEN device_model LIKE 'Redmi%' OR device_model LIKE 'POCO%' OR device_model LIKE 'M20%' THEN 'Xiaomi' ELSE 'other' END AS family,
  count(DISTINCT user_id) AS shops, count(*) AS events, sum(CASE WHEN event = 'Order Completed' THEN 1 ELSE 0 END) AS orders
FROM retailer_events.app.tracks
GROUP BY 1
ORDER BY family

-- tuned
SELECT CASE WHEN device_model LIKE 'SM-A%' THEN 'Galaxy A' WHEN device_model LIKE 'SM-%' THEN 'Galaxy'
    WHEN device_model LIKE 'iPhone%' THEN 'iPhone'
    WHEN regexp_like(device_model, '^(Redmi|POCO|M20)') THEN 'Xiaomi' ELSE 'other' END AS family,
  approx_distinct(user_id) AS shops, count(*) AS events, sum(CASE WHEN event = 'Order Completed' THEN 1 ELSE 0 END) AS orders
FROM retailer_events.app.tracks
GROUP BY 1
ORDER BY family
