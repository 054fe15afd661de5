"""`presto-python-client`."""
import prestodb

from checks import MANY, PORT, equal, run


def connect():
    return prestodb.dbapi.connect(host="localhost", port=PORT, user="amal", catalog="memory", schema="default")


def rows(sql):
    cursor = connect().cursor()
    cursor.execute(sql)
    return cursor.fetchall()


def check_values():
    equal(
        rows("SELECT 1, 1.5e0, DECIMAL '1.50', 'ü', X'FF', TIMESTAMP '2024-01-02 03:04:05.123', ARRAY[1], MAP(ARRAY['k'], ARRAY[1]), ROW(1, 'x'), NULL"),
        [[1, 1.5, "1.50", "ü", "/w==", "2024-01-02 03:04:05.123", [1], {"k": 1}, [1, "x"], None]],
    )


def check_descriptions():
    cursor = connect().cursor()
    cursor.execute("SELECT TIMESTAMP '2024-01-02 03:04:05' AS t, CAST(ROW(TIMESTAMP '2024-01-02 03:04:05') AS ROW(x timestamp(6))) AS r")
    cursor.fetchall()
    equal([column[:2] for column in cursor.description], [("t", "timestamp"), ("r", "row(x timestamp)")])


def check_many_rows():
    equal(len(rows(MANY)), 100_000)


def check_errors():
    try:
        rows("SELECT * FROM nothing")
        assert False
    except prestodb.exceptions.PrestoUserError as error:
        equal((error.error_name, error.error_type), ("TABLE_NOT_FOUND", "USER_ERROR"))


def check_transactions():
    connection = prestodb.dbapi.connect(
        host="localhost", port=PORT, user="amal", catalog="memory", schema="default",
        isolation_level=prestodb.transaction.IsolationLevel.READ_COMMITTED)
    with connection as open_connection:
        cursor = open_connection.cursor()
        cursor.execute("SELECT 1")
        equal(cursor.fetchall(), [[1]])


run(globals())
