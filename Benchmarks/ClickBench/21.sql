-- A word in the address
SELECT count(*) FROM hits WHERE URL LIKE '%google%'
