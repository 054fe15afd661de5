-- Type names
SELECT CAST(x AS boolean), CAST(x AS DOUBLE PRECISION), CAST(x AS double), CAST(x AS varchar), CAST(x AS varchar(10)), CAST(x AS decimal), CAST(x AS decimal(38, 0));
SELECT CAST(x AS array(bigint)), CAST(x AS array<array<bigint>>), CAST(x AS bigint array array), CAST(x AS varchar(5) array[3]), CAST(x AS map<varchar, array<map<bigint, double>>>), CAST(x AS map(varchar, bigint));
SELECT CAST(x AS row(bigint, varchar)), CAST(x AS row(a bigint, "b c" row(d double))), CAST(x AS row(double precision, x double precision, timestamp with time zone, t time(3), y bigint array, bigint array));
SELECT CAST(x AS row(interval day to second, i interval year to month, interval bigint, z array(bigint), array(bigint)));
SELECT CAST(x AS time), CAST(x AS time(6)), CAST(x AS time with time zone), CAST(x AS timestamp(p)), CAST(x AS timestamp without time zone), CAST(x AS timestamp(9) with time zone);
SELECT CAST(x AS interval day to second), CAST(x AS interval year to month), CAST(x AS interval day), CAST(x AS qdigest(double)), CAST(x AS "my type"), CAST(x AS hyperloglog);
