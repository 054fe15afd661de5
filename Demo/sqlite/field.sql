-- What the sales agents' tablets keep.
CREATE TABLE agents (id integer PRIMARY KEY, name text, governorate_id int, hired_on text);
CREATE TABLE visits (id integer PRIMARY KEY, agent_id int, retailer_id bigint, visited_at text, outcome text, order_id bigint, notes text);
CREATE TABLE governorates (id integer PRIMARY KEY, name_en text, name_ar text, region text);
CREATE TABLE holidays (day text, name text);
