-- The history of prices and stocks, partitioned by month.
CREATE TABLE price_changes (
  changed_at timestamptz NOT NULL, supplier_id int, product_id int, old_price numeric(10,2), new_price numeric(10,2), source varchar(16)
) PARTITION BY RANGE (changed_at);
CREATE TABLE stock_changes (changed_at timestamptz NOT NULL, supplier_id int, product_id int, delta int) PARTITION BY RANGE (changed_at);
DO $$
DECLARE first date;
BEGIN
  FOR first IN SELECT generate_series(date '2021-04-01', date '2021-12-01', interval '1 month')::date LOOP
    EXECUTE format('CREATE TABLE price_changes_%s PARTITION OF price_changes FOR VALUES FROM (%L) TO (%L)',
      to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date);
    EXECUTE format('CREATE TABLE stock_changes_%s PARTITION OF stock_changes FOR VALUES FROM (%L) TO (%L)',
      to_char(first, 'YYYY_MM'), first, (first + interval '1 month')::date);
  END LOOP;
END $$;
CREATE TABLE price_changes_rest PARTITION OF price_changes DEFAULT;
CREATE TABLE stock_changes_rest PARTITION OF stock_changes DEFAULT;
CREATE INDEX price_changes_product ON price_changes (product_id, changed_at);
