-- Rows
SELECT count(*) FROM hits
