-- Share of each category's GMV that its five largest suppliers have
WITH sold AS (
  SELECT p.category, o.supplier_id, sum(i.quantity * i.unit_price) AS gmv
  FROM orders.public.order_items i
  JOIN orders.public.orders o ON o.id = i.order_id
  JOIN orders.public.products p ON p.id = i.product_id
  GROUP BY p.category, o.supplier_id
), ranked AS (
  SELECT category, supplier_id, gmv, row_number() OVER (PARTITION BY category ORDER BY gmv DESC, supplier_id) AS place,
    sum(gmv) OVER (PARTITION BY category) AS whole
  FROM sold
)
SELECT category, place, s.name, gmv, CAST(gmv AS double) / CAST(whole AS double) AS share
FROM ranked
JOIN orders.public.suppliers s ON s.id = ranked.supplier_id
WHERE place <= 5
ORDER BY category, place
