-- Events by network, read out of the JSON properties, and the mean battery
SELECT json_extract_scalar(properties, '$.network') AS network, os, count(*) AS events,
  avg(CAST(json_extract_scalar(properties, '$.battery') AS double)) AS battery
FROM retailer_events.app.tracks
GROUP BY 1, os
ORDER BY network, os
