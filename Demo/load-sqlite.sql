-- In place of load-databases.sql where there is no PostgreSQL server: the same tables as SQLite files, instants as timestamps in UTC.
CREATE TABLE orders.main.retailers AS
SELECT id, name, phone, governorate_id, city, lat, lng, kind, CAST(registered_at AS timestamp(6)) AS registered_at, referred_by
FROM cartona.orders.retailers;
CREATE TABLE orders.main.suppliers AS
SELECT id, name, kind, governorate_id, CAST(joined_at AS timestamp(6)) AS joined_at FROM cartona.orders.suppliers;
CREATE TABLE orders.main.products AS SELECT * FROM cartona.orders.products;
CREATE TABLE orders.main.supplier_products AS
SELECT supplier_id, product_id, price, stock, CAST(updated_at AS timestamp(6)) AS updated_at FROM cartona.orders.supplier_products;
CREATE TABLE orders.main.orders AS
SELECT id, retailer_id, supplier_id, status, CAST(created_at AS timestamp(6)) AS created_at, CAST(delivered_at AS timestamp(6)) AS delivered_at,
  CAST(cancelled_at AS timestamp(6)) AS cancelled_at, total, payment, promo_code
FROM cartona.orders.orders;
CREATE TABLE orders.main.order_items AS SELECT * FROM cartona.orders.order_items;
CREATE TABLE orders.main.promotions AS SELECT * FROM cartona.orders.promotions;

CREATE TABLE analytics.main.retailer_segments AS SELECT * FROM cartona.analytics.retailer_segments;
CREATE TABLE analytics.main.monthly_targets AS SELECT * FROM cartona.analytics.monthly_targets;
CREATE TABLE analytics.main.experiments AS
SELECT name, retailer_id, variant, CAST(assigned_at AS timestamp(6)) AS assigned_at FROM cartona.analytics.experiments;
CREATE TABLE analytics.main.delivery_sla AS SELECT * FROM cartona.analytics.delivery_sla;

CREATE TABLE prices.main.price_changes AS
SELECT CAST(changed_at AS timestamp(6)) AS changed_at, supplier_id, product_id, old_price, new_price, source FROM cartona.prices.price_changes;
CREATE TABLE prices.main.stock_changes AS
SELECT CAST(changed_at AS timestamp(6)) AS changed_at, supplier_id, product_id, delta FROM cartona.prices.stock_changes;
