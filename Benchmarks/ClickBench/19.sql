-- Users, minutes and phrases
SELECT UserID, extract(MINUTE FROM EventTime) AS m, SearchPhrase, count(*)
FROM hits
GROUP BY UserID, m, SearchPhrase
ORDER BY count(*) DESC
LIMIT 10
