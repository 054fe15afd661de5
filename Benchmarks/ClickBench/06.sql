-- Distinct phrases
SELECT count(DISTINCT SearchPhrase) FROM hits
