-- Average of a wide number
SELECT avg(UserID) FROM hits
