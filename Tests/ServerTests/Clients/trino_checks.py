"""The `trino` client."""
import datetime
import threading
import uuid
from decimal import Decimal

import requests
import trino
from trino.transaction import IsolationLevel

from checks import ENDLESS, MANY, MILLION, PORT, URL, cancels, equal, run


def connect(**more):
    return trino.dbapi.connect(host="localhost", port=PORT, user="amal", catalog="memory", schema="default", **more)


def rows(sql, parameters=None, **more):
    cursor = connect(**more).cursor()
    cursor.execute(sql, parameters)
    return cursor.fetchall()


def check_every_type():
    cases = [
        ("true", "boolean", True),
        ("CAST(-1 AS tinyint)", "tinyint", -1),
        ("CAST(300 AS smallint)", "smallint", 300),
        ("7", "integer", 7),
        ("9223372036854775807", "bigint", 2**63 - 1),
        ("CAST(1.5 AS real)", "real", 1.5),
        ("1e300", "double", 1e300),
        ("infinity()", "double", float("inf")),
        ("DECIMAL '-1.05'", "decimal(3,2)", Decimal("-1.05")),
        ("DECIMAL '12345678901234567890.12'", "decimal(22,2)", Decimal("12345678901234567890.12")),
        ("'a\"\\ ü' || chr(10)", "varchar", 'a"\\ ü\n'),
        ("CAST('x' AS char(3))", "char(3)", "x  "),
        ("X'00FF'", "varbinary", b"\x00\xff"),
        ("JSON '{\"a\": [1]}'", "json", '{"a":[1]}'),
        ("DATE '2024-02-29'", "date", datetime.date(2024, 2, 29)),
        ("TIME '01:02:03.456'", "time(3)", datetime.time(1, 2, 3, 456000)),
        ("TIMESTAMP '2024-01-02 03:04:05.123456'", "timestamp(6)", datetime.datetime(2024, 1, 2, 3, 4, 5, 123456)),
        ("INTERVAL '2' DAY", "interval day to second", datetime.timedelta(days=2)),
        ("UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "uuid", uuid.UUID("12151fd2-7586-11e9-8f9e-2a86e4085a59")),
        ("IPADDRESS '10.0.0.1'", "ipaddress", "10.0.0.1"),
        ("ARRAY[1, NULL]", "array(integer)", [1, None]),
        ("MAP(ARRAY['k'], ARRAY[DATE '2024-01-01'])", "map(varchar(1), date)", {"k": datetime.date(2024, 1, 1)}),
        ("CAST(ROW(1, 'z') AS ROW(x integer, y varchar))", "row(x integer, y varchar)", (1, "z")),
        ("NULL", "unknown", None),
    ]
    cursor = connect().cursor()
    cursor.execute("SELECT " + ", ".join(f"{sql} AS c{i}" for i, (sql, _, _) in enumerate(cases)))
    row = cursor.fetchone()
    for (sql, kind, value), got, column in zip(cases, row, cursor.description):
        assert (tuple(got) if isinstance(value, tuple) else got) == value, (sql, got)
        equal(column[1], kind)
    moment = rows("SELECT TIMESTAMP '2024-01-02 03:04:05 Africa/Cairo'")[0][0]
    equal((moment.utcoffset(), str(moment.tzinfo)), (datetime.timedelta(hours=2), "Africa/Cairo"))


def check_parameters():
    values = (1, 2**40, 1.5, "it's ü", True, None, Decimal("1.10"), datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1, 1, 2, 3), b"\x01", [1, 2])
    equal(rows("SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", values), [list(values)])
    # the older way, by headers
    equal(rows("SELECT ? + 1", (4,), legacy_prepared_statements=True), [[5]])


def check_a_million_rows():
    equal(len(rows(MILLION)), 1_000_000)


def check_a_million_rows_as_segments():
    # the client's own choice is the first of these
    for encoding in (None, "json+zstd", "json+lz4", "json"):
        got = rows(MILLION, encoding=encoding)
        equal(len({row[0] for row in got}), 1_000_000)
        equal(got[0][1:3], [str(got[0][0] // 1000), got[0][0] % 1000 * 1.5])


def check_segments_as_they_are():
    cursor = connect(encoding="json+zstd").cursor(cursor_style="segment")
    cursor.execute(MILLION)
    segments = cursor.fetchall()
    equal(sum(segment.segment.metadata["rowsCount"] for segment in segments), 1_000_000)
    equal({segment.encoding for segment in segments}, {"json+zstd"})


def check_both_protocols_answer_alike():
    for sql in ("SELECT 1", "SELECT 1 WHERE false", "SHOW SCHEMAS", "USE memory.default", "SELECT DECIMAL '1.50', X'00', NULL, ARRAY[1]", MANY + " ORDER BY 1"):
        equal(rows(sql, encoding="json+lz4"), rows(sql, encoding=None))


def check_large_results_without_compression():
    equal(len(rows(MANY, http_headers={"Accept-Encoding": "identity"}, encoding=None)), 100_000)


def check_errors_have_name_and_place():
    try:
        rows("SELECT nope")
        assert False
    except trino.exceptions.TrinoUserError as error:
        equal((error.error_name, error.error_type, error.message), ("COLUMN_NOT_FOUND", "USER_ERROR", "line 1:8: Column 'nope' cannot be resolved"))
        assert error.query_id


def check_cancel():
    cancels(connect().cursor())


def check_kill_by_procedure():
    victim = requests.post(URL + "/v1/statement", data=ENDLESS, headers={"X-Trino-User": "amal"}).json()
    rows(f"CALL system.runtime.kill_query(message => 'too long', query_id => '{victim['id']}')")
    equal(requests.get(f"{URL}/v1/query/{victim['id']}").json()["failureInfo"]["message"], "Query killed. Message: too long")


def check_transactions():
    with connect(isolation_level=IsolationLevel.READ_COMMITTED) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT 1")
        equal(cursor.fetchall(), [[1]])


def check_session():
    connection = connect(session_properties={"task_concurrency": "2"}, timezone="Africa/Cairo", client_tags=["a", "b"])
    cursor = connection.cursor()
    cursor.execute("SELECT current_timezone()")
    equal(cursor.fetchall(), [["Africa/Cairo"]])
    cursor.execute("SHOW SESSION LIKE 'task_concurrency'")
    equal(cursor.fetchall()[0][1], "2")
    cursor.execute("USE system.runtime")
    cursor.fetchall()
    cursor.execute("SELECT count(*) FROM nodes")
    equal(cursor.fetchall(), [[1]])


def check_updates():
    cursor = connect().cursor()
    cursor.execute("CREATE TABLE written AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t (x, y)")
    cursor.fetchall()
    equal((cursor.update_type, cursor.rowcount), ("CREATE TABLE", 2))
    cursor.executemany("INSERT INTO written VALUES (?, ?)", [(3, "c"), (4, "d")])
    equal(rows("SELECT * FROM written ORDER BY x"), [[1, "a"], [2, "b"], [3, "c"], [4, "d"]])
    rows("DROP TABLE written")


def check_many_at_once():
    outcome = []

    def ask(number):
        outcome.append((number, rows(f"SELECT {number} + sum(x) FROM UNNEST(sequence(1, 100)) t (x)")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    equal(sorted(outcome), [(number, [[number + 5050]]) for number in range(64)])


run(globals())
