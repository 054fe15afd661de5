-- Length of sessions in whole seconds, percentiles by system
WITH times AS (
  SELECT os, to_unixtime(date_trunc('second', max(sent_at))) - to_unixtime(date_trunc('second', min(sent_at))) AS seconds
  FROM retailer_events.app.tracks
  GROUP BY session_id, os
), ranked AS (
  SELECT os, seconds, row_number() OVER (PARTITION BY os ORDER BY seconds) AS place, count(*) OVER (PARTITION BY os) AS n
  FROM times
)
SELECT os, max(n) AS n, min(CASE WHEN place >= 0.5 * n THEN seconds END) AS median, min(CASE WHEN place >= 0.9 * n THEN seconds END) AS p90
FROM ranked
GROUP BY os
ORDER BY os

-- tuned
WITH times AS (
  SELECT os, to_unixtime(date_trunc('second', max(sent_at))) - to_unixtime(date_trunc('second', min(sent_at))) AS seconds
  FROM retailer_events.app.tracks
  GROUP BY session_id, os
)
SELECT os, count(*) AS n, approx_percentile(seconds, 0.5) AS median, approx_percentile(seconds, 0.9) AS p90
FROM times
GROUP BY os
ORDER BY os
