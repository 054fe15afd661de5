-- What the analysts keep for themselves. CREATE TABLE AS and INSERT land here.
CREATE TABLE retailer_segments (retailer_id bigint, segment varchar(24), score double precision, computed_on date);
CREATE TABLE monthly_targets (month date, governorate_id int, category text, target_gmv numeric(14,2));
CREATE TABLE experiments (name text, retailer_id bigint, variant varchar(8), assigned_at timestamptz);
CREATE TABLE delivery_sla (governorate_id int, supplier_kind varchar(20), hours int);
