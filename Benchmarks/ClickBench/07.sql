-- First and last day
SELECT min(EventDate), max(EventDate) FROM hits
