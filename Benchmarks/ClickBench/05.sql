-- Distinct users
SELECT count(DISTINCT UserID) FROM hits
