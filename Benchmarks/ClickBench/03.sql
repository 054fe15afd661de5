-- Sum, count and average
SELECT sum(AdvEngineID), count(*), avg(ResolutionWidth) FROM hits
