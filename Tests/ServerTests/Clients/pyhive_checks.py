"""PyHive, which Redash and Superset use: it knows one status (200), one way to cancel (204), and reads columns from every page."""
from pyhive import exc, presto

from checks import ENDLESS, MILLION, PORT, equal, run


def cursor():
    return presto.connect("localhost", port=PORT, username="amal", catalog="memory", schema="default").cursor()


def rows(sql, parameters=None):
    asking = cursor()
    asking.execute(sql, parameters)
    return asking.fetchall()


def check_values():
    equal(rows("SELECT 1, 'ü', ARRAY[1], CAST(NULL AS bigint)"), [(1, "ü", [1], None)])
    equal(rows("SELECT %s, %s", (7, "it's")), [(7, "it's")])


def check_a_million_rows():
    equal(len(rows(MILLION)), 1_000_000)


def check_cancel():
    asking = cursor()
    asking.execute(ENDLESS)
    asking.poll()
    asking.cancel()


def check_errors():
    try:
        rows("SELECT * FROM nothing")
        assert False
    except exc.DatabaseError as error:
        information = error.args[0]
        assert "Table 'memory.default.nothing' does not exist" in information["message"], information
        equal(information["failureInfo"]["message"], information["message"])


def check_statements_without_rows():
    asking = cursor()
    asking.execute("CREATE TABLE made (x bigint)")
    asking.fetchall()
    asking.execute("INSERT INTO made VALUES 1")
    equal(asking.fetchall(), [(1,)])
    equal([row[0] for row in rows("SHOW TABLES")], ["made"])
    equal(rows("SHOW COLUMNS FROM made"), [("x", "bigint", "", "")])
    rows("DROP TABLE made")


run(globals())
