-- GMV against the monthly target by governorate and category
WITH sold AS (
  SELECT CAST(date_trunc('month', o.created_at) AS date) AS month, r.governorate_id, p.category,
    sum(i.quantity * i.unit_price - i.discount) AS gmv
  FROM orders.public.orders o
  JOIN orders.public.order_items i ON i.order_id = o.id
  JOIN orders.public.products p ON p.id = i.product_id
  JOIN orders.public.retailers r ON r.id = o.retailer_id
  WHERE o.status <> 'cancelled'
  GROUP BY CAST(date_trunc('month', o.created_at) AS date), r.governorate_id, p.category
)
SELECT t.month, g.name_en AS governorate, t.category, sold.gmv, t.target_gmv,
  CAST(sold.gmv AS double) / CAST(t.target_gmv AS double) AS reached
FROM analytics.public.monthly_targets t
JOIN sold ON sold.month = t.month AND sold.governorate_id = t.governorate_id AND sold.category = t.category
JOIN field.main.governorates g ON g.id = t.governorate_id
WHERE t.target_gmv > 0
ORDER BY t.month, governorate, t.category
