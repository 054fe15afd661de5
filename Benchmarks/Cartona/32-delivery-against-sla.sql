-- Deliveries later than promised, by governorate and kind of supplier
SELECT g.name_en AS governorate, s.kind, a.hours, count(*) AS delivered,
  sum(CASE WHEN to_unixtime(o.delivered_at) - to_unixtime(o.created_at) > a.hours * 3600 THEN 1 ELSE 0 END) AS late
FROM orders.public.orders o
JOIN orders.public.retailers r ON r.id = o.retailer_id
JOIN orders.public.suppliers s ON s.id = o.supplier_id
JOIN analytics.public.delivery_sla a ON a.governorate_id = r.governorate_id AND a.supplier_kind = s.kind
JOIN field.main.governorates g ON g.id = r.governorate_id
WHERE o.delivered_at IS NOT NULL
GROUP BY g.name_en, s.kind, a.hours
ORDER BY governorate, s.kind
