-- The transactional database. Rows come from Demo/load.sql.
CREATE TABLE retailers (
  id bigint PRIMARY KEY, name text NOT NULL, phone text, governorate_id int NOT NULL, city text, lat double precision, lng double precision,
  kind varchar(20), registered_at timestamptz NOT NULL, referred_by bigint
);
CREATE TABLE suppliers (id int PRIMARY KEY, name text NOT NULL, kind varchar(20), governorate_id int, joined_at timestamptz);
CREATE TABLE products (
  id int PRIMARY KEY, sku varchar(32) UNIQUE, name_en text, name_ar text, brand text, category text, subcategory text, unit varchar(12),
  units_per_carton smallint, is_active boolean
);
CREATE TABLE supplier_products (
  supplier_id int, product_id int, price numeric(10,2), stock int, updated_at timestamptz, PRIMARY KEY (supplier_id, product_id)
);
CREATE TABLE orders (
  id bigint PRIMARY KEY, retailer_id bigint NOT NULL, supplier_id int NOT NULL, status varchar(16) NOT NULL, created_at timestamptz NOT NULL,
  delivered_at timestamptz, cancelled_at timestamptz, total numeric(12,2) NOT NULL, payment varchar(12), promo_code varchar(24)
);
CREATE INDEX orders_created_at ON orders (created_at);
CREATE INDEX orders_retailer_id ON orders (retailer_id);
CREATE TABLE order_items (
  order_id bigint, line smallint, product_id int NOT NULL, quantity int NOT NULL, unit_price numeric(10,2) NOT NULL, discount numeric(10,2),
  PRIMARY KEY (order_id, line)
);
CREATE TABLE promotions (code varchar(24) PRIMARY KEY, description text, starts_on date, ends_on date, percent numeric(5,2));
