"""What drivers and tools send beside queries, as their sources have it: Redash, Superset, Metabase, JDBC drivers, gateways."""
import json
import re

import requests

from checks import URL, equal, run


def ask(sql, family="Trino", **headers):
    """The last answer, all columns and all rows."""
    head = {f"X-{family}-User": "amal", f"X-{family}-Catalog": "memory", f"X-{family}-Schema": "default", **headers}
    answer, columns, rows = requests.post(URL + "/v1/statement", data=sql, headers=head), None, []
    while True:
        page = answer.json()
        for key in ["id", "stats", "infoUri"]:
            assert key in page, (key, page)
        columns = page.get("columns", columns)
        rows += page.get("data", [])
        if "nextUri" not in page:
            return page, columns, rows
        answer = requests.get(page["nextUri"], headers=head)
        equal(answer.status_code, 200)


def rows(sql, family="Trino", **headers):
    page, _, found = ask(sql, family, **headers)
    assert "error" not in page, page["error"]
    return found


def error(sql, **headers):
    return ask(sql, **headers)[0]["error"]


def names(sql):
    return [column["name"] for column in ask(sql)[1]]


ask("CREATE TABLE IF NOT EXISTS memory.default.traps AS SELECT 1 AS a, 'x' AS b")
ask("CREATE OR REPLACE VIEW memory.default.trapped AS SELECT a FROM memory.default.traps")


def check_semicolon_at_the_end():
    equal(rows("SELECT 1;"), [[1]])
    equal(rows("SELECT 1 ; \n"), [[1]])


def check_redash():
    equal(rows("SHOW TABLES", "Presto", **{"X-Presto-Catalog": "memory", "X-Presto-Schema": "default"}).count(["traps"]), 1)
    failure = error("SELECT nope FROM traps")
    assert failure["failureInfo"]["message"] == failure["message"], failure
    browser = "SELECT table_schema, table_name, column_name, data_type FROM {}.information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    for (catalog,) in rows("SHOW CATALOGS"):
        found = rows(browser.format(catalog))
        assert all(len(row) == 4 for row in found) and (catalog != "memory" or ["default", "traps", "a", "integer"] in found), found


def check_pyhive_dialect():
    assert re.search(r"Table '.*nothing' does not exist", error("SHOW COLUMNS FROM nothing")["message"]), error("SHOW COLUMNS FROM nothing")
    equal([names("SHOW SCHEMAS"), names("SHOW TABLES")], [["Schema"], ["Table"]])
    equal(names("SHOW COLUMNS FROM traps"), ["Column", "Type", "Extra", "Comment"])
    equal(rows("SHOW COLUMNS FROM traps"), [["a", "integer", "", ""], ["b", "varchar(1)", "", ""]])


def check_superset():
    assert "Function" in names("SHOW FUNCTIONS")
    estimate = json.loads(rows("EXPLAIN (TYPE IO, FORMAT JSON) SELECT * FROM traps")[0][0])["estimate"]
    assert {"outputRowCount", "outputSizeInBytes", "cpuCost", "maxMemory", "networkCost"} <= set(estimate), estimate
    equal(rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'default' AND table_type = 'VIEW'"), [["trapped"]])
    equal(error('SELECT * FROM default."traps$partitions"')["errorName"], "TABLE_NOT_FOUND")
    failure = error("CALL system.runtime.kill_query(query_id => '20200101_000000_00000_aaaaa', message => 'enough')")
    assert failure["errorName"] != "SYNTAX_ERROR", failure


def check_metabase():
    equal(rows("SHOW SCHEMAS FROM memory").count(["default"]), 1)
    equal(rows("SHOW TABLES FROM memory.default LIKE 'traps'"), [["traps"]])
    equal(rows("SELECT TRUE FROM memory.default.traps WHERE 1 <> 1 LIMIT 0"), [])
    equal(rows("DESCRIBE memory.default.traps"), [["a", "integer", "", ""], ["b", "varchar(1)", "", ""]])
    page, columns, found = ask('SELECT current_timezone() AS "time-zone"', **{"X-Trino-Time-Zone": "Africa/Cairo"})
    equal((columns[0]["name"], found), ("time-zone", [["Africa/Cairo"]]))


def check_drivers():
    info = requests.get(URL + "/v1/info").json()
    assert info["nodeVersion"]["version"] and info["coordinator"] and not info["starting"], info
    answer = requests.post(
        URL + "/v1/statement", data="START TRANSACTION ISOLATION LEVEL READ UNCOMMITTED, READ ONLY",
        headers={"X-Trino-User": "amal", "X-Trino-Transaction-Id": "NONE"})
    found = answer.headers.get("X-Trino-Started-Transaction-Id")
    while "nextUri" in answer.json():
        answer = requests.get(answer.json()["nextUri"])
        found = answer.headers.get("X-Trino-Started-Transaction-Id", found)
    assert found and "error" not in answer.json(), answer.json()
    equal(rows("SELECT 1", **{"X-Trino-Transaction-Id": found}), [[1]])
    prepared = {"X-Trino-Prepared-Statement": "s=SELECT+a%2C+%3F+AS+p+FROM+traps+WHERE+b+%3D+%3F"}
    equal([row[:1] + row[4:5] for row in rows("DESCRIBE OUTPUT s", **prepared)], [["a", "integer"], ["p", "unknown"]])
    equal([row[0] for row in rows("DESCRIBE INPUT s", **prepared)], [0, 1])
    equal(rows("EXECUTE s USING 7, 'x'", **prepared), [[1, 7]])
    limited = {"X-Trino-Prepared-Statement": "s=SELECT+b+FROM+traps+LIMIT+%3F"}
    equal([row[0] for row in rows("DESCRIBE OUTPUT s", **limited)], ["b"])
    equal(rows("EXECUTE IMMEDIATE 'SELECT a FROM traps WHERE b = ?' USING 'x'"), [[1]])
    for name in ["catalogs", "schemas", "tables", "columns", "table_types", "types", "procedures", "procedure_columns", "pseudo_columns", "udts",
                 "super_types", "super_tables", "attributes"]:
        rows(f"SELECT * FROM system.jdbc.{name}")
    equal(len(ask("SELECT * FROM system.jdbc.columns WHERE table_cat = 'memory' AND table_name LIKE 'tr_ps' ESCAPE '\\'")[1]), 24)


def check_gateways():
    equal(requests.get(URL + "/v1/status").status_code, 200)
    states = rows("SELECT state, count(*) FROM system.runtime.queries GROUP BY state")
    assert any(row[0] == "FINISHED" for row in states), states


run(globals())
