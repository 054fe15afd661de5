-- Copies the generated tables into the sources: the engine reads catalog `cartona` and writes into all the others.
INSERT INTO orders.public.retailers SELECT * FROM cartona.orders.retailers;
INSERT INTO orders.public.suppliers SELECT * FROM cartona.orders.suppliers;
INSERT INTO orders.public.products SELECT * FROM cartona.orders.products;
INSERT INTO orders.public.supplier_products SELECT * FROM cartona.orders.supplier_products;
INSERT INTO orders.public.orders SELECT * FROM cartona.orders.orders;
INSERT INTO orders.public.order_items SELECT * FROM cartona.orders.order_items;
INSERT INTO orders.public.promotions SELECT * FROM cartona.orders.promotions;

INSERT INTO analytics.public.retailer_segments SELECT * FROM cartona.analytics.retailer_segments;
INSERT INTO analytics.public.monthly_targets SELECT * FROM cartona.analytics.monthly_targets;
INSERT INTO analytics.public.experiments SELECT * FROM cartona.analytics.experiments;
INSERT INTO analytics.public.delivery_sla SELECT * FROM cartona.analytics.delivery_sla;

INSERT INTO prices.public.price_changes SELECT * FROM cartona.prices.price_changes;
INSERT INTO prices.public.stock_changes SELECT * FROM cartona.prices.stock_changes;
