-- The sources that are files: a SQLite file, and folders of Parquet, one a day.
INSERT INTO field.main.agents SELECT * FROM cartona.field.agents;
INSERT INTO field.main.visits SELECT * FROM cartona.field.visits;
INSERT INTO field.main.governorates SELECT * FROM cartona.field.governorates;
INSERT INTO field.main.holidays SELECT * FROM cartona.field.holidays;

CREATE TABLE retailer_events.app.tracks WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.retailer_events.tracks;
CREATE TABLE retailer_events.app.screens WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.retailer_events.screens;
CREATE TABLE retailer_events.app.identifies WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.retailer_events.identifies;

CREATE TABLE supplier_events.app.tracks WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.supplier_events.tracks;
CREATE TABLE supplier_events.app.screens WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.supplier_events.screens;
CREATE TABLE supplier_events.app.identifies WITH (partitioned_by = ARRAY['dt']) AS SELECT * FROM cartona.supplier_events.identifies;
