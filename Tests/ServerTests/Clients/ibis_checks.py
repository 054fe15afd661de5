"""ibis with its Trino backend: data frames that are queries."""
import datetime

import ibis
import pandas
import trino

from checks import MILLION, PORT, cancels, equal, run


def connect():
    return ibis.trino.connect(user="amal", host="localhost", port=PORT, database="memory", schema="default")


def check_metadata():
    backend = connect()
    assert backend.version
    equal((backend.current_catalog, backend.current_database), ("memory", "default"))
    assert {"memory", "system"} <= set(backend.list_catalogs())
    assert "default" in backend.list_databases(catalog="memory")
    backend.create_database("ibis_made", force=True)
    assert "ibis_made" in backend.list_databases(catalog="memory")
    backend.create_table("described", schema=ibis.schema({"x": "int64", "name": "string", "price": "decimal(12, 2)", "at": "timestamp(3)", "day": "date", "tags": "array<string>"}), database="ibis_made")
    equal(backend.list_tables(database="ibis_made"), ["described"])
    table = backend.table("described", database="ibis_made")
    equal([str(kind) for kind in table.schema().types], ["int64", "string", "decimal(12, 2)", "timestamp(3)", "date", "array<string>"])
    backend.drop_table("described", database="ibis_made")
    backend.drop_database("ibis_made")
    assert "ibis_made" not in backend.list_databases(catalog="memory")


def check_a_frame_there_and_back():
    backend = connect()
    frame = pandas.DataFrame(
        {
            "id": [1, 2, 3],
            "name": ["a", "it's ü", None],
            "price": [1.5, float("inf"), -2.0],
            "good": [True, False, True],
            "day": [datetime.date(2024, 2, 29), datetime.date(1970, 1, 1), None],
        }
    )
    table = backend.create_table("there", frame, overwrite=True)
    got = table.order_by("id").execute()
    equal(got["id"].tolist(), [1, 2, 3])
    equal(got["name"].tolist()[:2], ["a", "it's ü"])
    equal(got["price"].tolist(), [1.5, float("inf"), -2.0])
    equal(got["good"].tolist(), [True, False, True])
    equal([str(day)[:10] for day in got["day"].tolist()[:2]], ["2024-02-29", "1970-01-01"])
    assert pandas.isna(got["name"][2]) and pandas.isna(got["day"][2])
    # written again in place of what was there
    backend.create_table("there", frame.head(1), overwrite=True)
    equal(backend.table("there").count().execute(), 1)
    backend.insert("there", frame.tail(2))
    equal(backend.table("there").count().execute(), 3)
    backend.drop_table("there")


def check_expressions():
    backend = connect()
    lines = ibis.memtable(pandas.DataFrame({"code": ["a", "b", "a", "c"], "amount": [1, 2, 3, 4], "at": pandas.to_datetime(["2024-01-31 23:00", "2024-02-01 00:00", "2024-02-02 00:00", "2024-03-01 00:00"])}))
    names = ibis.memtable(pandas.DataFrame({"code": ["a", "b"], "name": ["Anna", "Béla"]}))
    sums = lines.group_by("code").agg(total=lines.amount.sum(), mean=lines.amount.mean(), many=lines.count())
    got = backend.execute(sums.left_join(names, "code").select("code", "total", "mean", "name").order_by("code"))
    equal(got.values.tolist()[:2], [["a", 4, 2.0, "Anna"], ["b", 2, 2.0, "Béla"]])
    months = lines.mutate(month=lines.at.truncate("M"), letters=lines.code.upper() + "!", rank=ibis.row_number().over(ibis.window(group_by="code", order_by="amount")))
    got = backend.execute(months.filter(lines.amount.between(1, 3)).order_by("amount"))
    equal([str(month)[:10] for month in got["month"]], ["2024-01-01", "2024-02-01", "2024-02-01"])
    equal((got["letters"].tolist(), got["rank"].tolist()), (["A!", "B!", "A!"], [0, 0, 1]))
    assert backend.execute(lines.amount.approx_median()) in (2, 3)
    equal(backend.execute(lines.code.nunique()), 3)
    equal(backend.execute(lines.order_by("amount").limit(2, offset=1))["amount"].tolist(), [2, 3])
    equal(backend.execute(ibis.literal("a,b").split(",")[1]), "b")


def check_a_query_has_a_schema():
    backend = connect()
    table = backend.sql("SELECT 1 AS x, 'a' AS y, DECIMAL '1.50' AS z, TIMESTAMP '2024-01-01 00:00:00.000 UTC' AS t, ARRAY[1] AS l")
    equal([str(kind) for kind in table.schema().types], ["int32", "string(1)", "decimal(3, 2)", "timestamp('UTC', 3)", "array<int32>"])
    got = table.execute()
    equal((got["x"][0], got["y"][0], got["l"][0]), (1, "a", [1]))


def check_views():
    backend = connect()
    backend.create_table("under", pandas.DataFrame({"x": [1, 2, 3]}), overwrite=True)
    view = backend.create_view("over", backend.table("under").filter(ibis._.x > 1), overwrite=True)
    equal(view.count().execute(), 2)
    assert {"over", "under"} <= set(backend.list_tables())
    backend.drop_view("over")
    backend.drop_table("under")


def check_a_million_rows():
    backend = connect()
    frame = backend.sql(MILLION).execute()
    equal((len(frame), frame["id"].nunique(), frame["name"].iloc[0] == str(frame["id"].iloc[0] // 1000)), (1_000_000, 1_000_000, True))


def check_cancel():
    backend = connect()
    cursor = backend.raw_sql("SELECT 1")
    cursor.close()
    cancels(backend.con.cursor())


def check_errors_have_name_and_place():
    backend = connect()
    try:
        backend.raw_sql("SELECT x\nFROM nothing")
        assert False
    except trino.exceptions.TrinoUserError as error:
        equal((error.error_name, error.message), ("TABLE_NOT_FOUND", "line 2:6: Table 'memory.default.nothing' does not exist"))


run(globals())
