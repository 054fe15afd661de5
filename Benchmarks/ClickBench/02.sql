-- Rows with an advertisement
SELECT count(*) FROM hits WHERE AdvEngineID <> 0
